#include "gateway/reconcile/csv.h"

#include <algorithm>

namespace tvan {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// -?digits[.digits]: what a spreadsheet shows as it is.
bool IsNumber(std::string_view text) {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  const size_t whole = static_cast<size_t>(std::find_if_not(text.begin(), text.end(), IsDigit) - text.begin());
  if (whole == 0 || whole == text.size()) return whole != 0;
  const std::string_view decimals = text.substr(whole + 1);
  return text[whole] == '.' && !decimals.empty() && std::all_of(decimals.begin(), decimals.end(), IsDigit);
}

// Behind these a cell may begin: for readers that separate by ';' or TAB, or take no quotes.
bool IsSeparator(char c) { return c == ';' || c == '\t' || c == '\r' || c == '\n'; }

bool Begins(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }

// What follows spaces is read as a formula by some program, or is the mark itself. The full-width forms count too.
bool IsRisky(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  if (text.empty()) return false;
  if (std::string_view("=+-@'\t\r\n").find(text.front()) != std::string_view::npos) return true;
  return Begins(text, "\uff1d") || Begins(text, "\uff0b") || Begins(text, "\uff0d") || Begins(text, "\uff20");
}

bool NeedsQuotes(std::string_view cell) {
  return cell.find_first_of(",;\"\t\r\n") != std::string_view::npos ||
         (!cell.empty() && (cell.front() == ' ' || cell.back() == ' '));
}

}  // namespace

std::string Harmless(std::string_view text) {
  if (IsNumber(text)) return std::string(text);
  std::string cell;
  cell.reserve(text.size() + 1);
  for (size_t i = 0; i < text.size(); ++i) {
    const bool first = i == 0 || IsSeparator(text[i - 1]);
    if (first && IsRisky(text.substr(i))) cell += '\'';
    cell += text[i];
  }
  return cell;
}

std::string Plain(std::string_view cell) {
  std::string text;
  text.reserve(cell.size());
  for (size_t i = 0; i < cell.size(); ++i) {
    const bool first = i == 0 || IsSeparator(cell[i - 1]);
    if (!first || cell[i] != '\'') {
      text += cell[i];
    } else if (++i < cell.size()) {
      text += cell[i];
    }
  }
  return text;
}

void AppendCsvRecord(std::span<const std::string> cells, std::string& to) {
  bool first = true;
  for (const std::string& value : cells) {
    if (!first) to += ',';
    first = false;
    const std::string cell = Harmless(value);
    if (!NeedsQuotes(cell)) {
      to += cell;
      continue;
    }
    to += '"';
    for (const char c : cell) to.append(c == '"' ? 2 : 1, c);
    to += '"';
  }
  to += "\r\n";
}

Status CsvReader::Malformed(const char* what) const {
  return Status::Permanent("reconcile.csv"_reason, "record " + std::to_string(record_) + ": " + what);
}

Status CsvReader::TakeQuoted(std::string& cell, size_t& left) {
  while (left-- > 0) {
    const int c = from_.get();
    if (c == std::istream::traits_type::eof()) return Malformed("a quoted cell does not end");
    if (c != '"') {
      cell += static_cast<char>(c);
      continue;
    }
    if (from_.peek() != '"') return {};
    cell += static_cast<char>(from_.get());
  }
  return Malformed("too long");
}

bool CsvReader::EndsLine(int c) {
  if (c == '\r' && from_.peek() == '\n') return from_.get(), true;
  return lines_ == Lines::kAny && (c == '\n' || c == std::istream::traits_type::eof());
}

Result<bool> CsvReader::TakeCell(std::string& cell, size_t& left) {
  if (from_.peek() == '"') {
    from_.get();
    if (Status status = TakeQuoted(cell, left); !status.ok()) return status;
    const int next = from_.get();
    if (next == ',') return false;
    if (!EndsLine(next)) return Malformed("a quoted cell ends within text");
    return true;
  }
  while (left-- > 0) {
    const int c = from_.get();
    if (c == ',') return false;
    if (EndsLine(c)) return true;
    if (c == std::istream::traits_type::eof()) return Malformed("cut short");
    if (c == '"' || c == '\r' || c == '\n') return Malformed("a sign that must stand in quotes");
    cell += static_cast<char>(c);
  }
  return Malformed("too long");
}

Result<bool> CsvReader::Next(std::vector<std::string>& cells) {
  cells.clear();
  if (from_.peek() == std::istream::traits_type::eof()) return false;
  ++record_;
  size_t left = kMostBytes;
  while (cells.size() < kMostCells) {
    std::string cell;
    const auto last = TakeCell(cell, left);
    if (!last.ok()) return last.status();
    cells.push_back(Plain(cell));
    if (*last) return true;
  }
  return Malformed("too many cells");
}

}  // namespace tvan
