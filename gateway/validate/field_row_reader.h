#pragma once
// One line of a field table: cells to a FieldRow, every fault named. Internal to validate.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/validate/field_table_reader.h"

namespace tvan {

constexpr std::string_view kFieldColumns[] = {"object",      "path",    "occurs", "type",        "digits",
                                              "enumeration", "applies", "mark",   "occurs_mark", "rule",
                                              "after",       "source",  "note"};

class FieldRowReader {
 public:
  // As many cells as columns.
  FieldRowReader(std::vector<std::string_view> cells, std::string place, TableFaults& faults)
      : cells_(std::move(cells)), place_(std::move(place)), faults_(faults) {}
  bool Read(ObjectRow& out);  // false: it has no place in a table

 private:
  std::string Cell(std::string_view column) const;
  void Fault(std::string_view column, const std::string& what);
  void ReadOccurs(FieldRow& row);
  void ReadType(FieldRow& row);
  void ReadForm(FieldRow& row);
  void ReadEmpty(std::string_view column);
  void ReadLength(FieldRow& row);
  void ReadPattern(FieldRow& row);
  void ReadValues(FieldRow& row);
  void ReadDigits(FieldRow& row);
  void ReadRange(FieldRow& row);
  void ReadConditions(FieldRow& row);
  static bool IsLawful(const Condition& condition);
  Mark ReadMark(std::string_view column);

  std::vector<std::string_view> cells_;
  std::string place_;
  TableFaults& faults_;
};

}  // namespace tvan
