#include "ops/ctl/screen_text.h"

#include "gateway/core/utf8.h"

namespace tvan::ctl {
namespace {

struct Range {
  uint32_t from, to;
};
// Combining marks, joiners and variation selectors; they stand on the letter before them.
constexpr Range kNoColumn[] = {{0x0300, 0x036F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F},
                               {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};
constexpr Range kTwoColumns[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},  {0xAC00, 0xD7A3},
                                 {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},  {0xFFE0, 0xFFE6},
                                 {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
// Turn the direction of what follows: a text could show as another.
constexpr Range kTurns[] = {{0x200E, 0x200F}, {0x202A, 0x202E}, {0x2066, 0x2069}, {0x2028, 0x2029}};

template <size_t n>
bool In(const Range (&ranges)[n], uint32_t code) {
  for (const Range& range : ranges)
    if (code >= range.from && code <= range.to) return true;
  return false;
}

size_t ColumnsOf(uint32_t code) { return In(kNoColumn, code) ? 0 : In(kTwoColumns, code) ? 2 : 1; }

bool IsControl(uint32_t code) { return code < 0x20 || (code >= 0x7f && code < 0xa0) || In(kTurns, code); }

const char* CodeOf(Style style) {
  switch (style) {
    case Style::kPlain:
      return "";
    case Style::kDim:
      return "\033[2m";
    case Style::kBold:
      return "\033[1m";
    case Style::kGood:
      return "\033[32m";
    case Style::kWarn:
      return "\033[1;33m";
    case Style::kBad:
      return "\033[1;31m";
    case Style::kTitle:
      return "\033[1;7m";
  }
  return "";
}

}  // namespace

size_t Columns(std::string_view text) {
  size_t columns = 0;
  for (Utf8Char c = FirstUtf8Char(text); c.size != 0; c = FirstUtf8Char(text)) {
    columns += ColumnsOf(c.code);
    text.remove_prefix(c.size);
  }
  return columns;
}

std::string Clean(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    const Utf8Char c = FirstUtf8Char(text);
    if (c.size == 0 || IsControl(c.code))
      clean += c.code == '\n' && c.size != 0 ? ' ' : '?';
    else
      clean += text.substr(0, c.size);
    text.remove_prefix(c.size == 0 ? 1 : c.size);
  }
  return clean;
}

std::string Fit(std::string_view text, size_t columns) {
  if (Columns(text) <= columns) return std::string(text);
  if (columns == 0) return "";
  std::string fit;
  size_t used = 0;
  for (Utf8Char c = FirstUtf8Char(text); c.size != 0; c = FirstUtf8Char(text)) {
    if (used + ColumnsOf(c.code) > columns - 1) break;
    used += ColumnsOf(c.code);
    fit += text.substr(0, c.size);
    text.remove_prefix(c.size);
  }
  return fit + "…";
}

std::string PadRight(std::string_view text, size_t columns) {
  const size_t has = Columns(text);
  return std::string(text) + std::string(columns > has ? columns - has : 0, ' ');
}

std::string PadLeft(std::string_view text, size_t columns) {
  const size_t has = Columns(text);
  return std::string(columns > has ? columns - has : 0, ' ') + std::string(text);
}

Row& Row::Add(std::string_view text, Style style) {
  pieces_.push_back({Clean(text), style});
  columns_ += Columns(pieces_.back().text);
  return *this;
}

Row& Row::To(size_t column) { return Add(std::string(column > columns_ ? column - columns_ : 1, ' ')); }

std::string Row::Text(size_t width, bool color) const {
  std::string line;
  size_t used = 0, end = 0;
  for (const Piece& piece : pieces_) {
    const bool last = columns_ <= width;
    const std::string text = last ? piece.text : Fit(piece.text, width - used);
    const char* code = color ? CodeOf(piece.style) : "";
    line += *code == 0 ? text : code + text + "\033[0m";
    if (*code != 0 || text.find_last_not_of(' ') != std::string::npos) end = line.size();
    used += Columns(text);
    if (used >= width) break;
  }
  line.resize(end);
  return color ? line : line.substr(0, line.find_last_not_of(' ') + 1);
}

}  // namespace tvan::ctl
