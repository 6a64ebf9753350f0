#pragma once
// CSV as RFC 4180 has it, harmless to spreadsheets: where a cell, or what a reader that separates by ';' or TAB would
// take for one, could be read as a formula, a ' stands in front of it, and CsvReader takes it away again. Plain numbers
// stay as they are. Values; one reader a thread.

#include <istream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/status.h"

namespace tvan {

std::string Harmless(std::string_view text);
std::string Plain(std::string_view cell);  // of Harmless, what it was made from

// Appends one record with its CR LF.
void AppendCsvRecord(std::span<const std::string> cells, std::string& to);

class CsvReader {
 public:
  static constexpr size_t kMostCells = 64, kMostBytes = 1 << 20;  // of a record

  enum class Lines { kCrLf, kAny };  // any: LF too, and none behind the last record, as other programs write
  explicit CsvReader(std::istream& from, Lines lines = Lines::kCrLf) : from_(from), lines_(lines) {}
  // False: no more. Cells are Plain. reconcile.csv, naming the record; also of one that is cut short or too long.
  Result<bool> Next(std::vector<std::string>& cells);

 private:
  Status Malformed(const char* what) const;
  Result<bool> TakeCell(std::string& cell, size_t& left);  // true: it was the record's last
  Status TakeQuoted(std::string& cell, size_t& left);

  bool EndsLine(int c);  // c, and what follows it

  std::istream& from_;
  const Lines lines_;
  size_t record_ = 0;
};

}  // namespace tvan
