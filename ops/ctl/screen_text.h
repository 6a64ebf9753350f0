#pragma once
// Lines of a screen: columns as a terminal counts them, so that Vietnamese letters stand straight; colours only when
// asked for; nothing that a text from elsewhere could do to a terminal. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace tvan::ctl {

// Marks that are put on a letter take no column, wide East Asian characters take two. Of a text that is Clean.
size_t Columns(std::string_view text);
// UTF-8 without control characters: what is none becomes '?', a line feed a space.
std::string Clean(std::string_view text);
// The beginning of a clean text that fits, with … where something is left out.
std::string Fit(std::string_view text, size_t columns);
std::string PadRight(std::string_view text, size_t columns);  // fills up with spaces; a longer one stays
std::string PadLeft(std::string_view text, size_t columns);

enum class Style { kPlain, kDim, kBold, kGood, kWarn, kBad, kTitle };

// One line; texts are made clean as they are added.
class Row {
 public:
  Row& Add(std::string_view text, Style style = Style::kPlain);
  Row& To(size_t column);  // spaces up to there; at least one when the line is longer already
  size_t columns() const { return columns_; }
  // Cut at `width`; with escape sequences if `color`. Without spaces at the end.
  std::string Text(size_t width, bool color) const;  // NOLINT: a switch of its own

 private:
  struct Piece {
    std::string text;
    Style style;
  };
  std::vector<Piece> pieces_;
  size_t columns_ = 0;
};

}  // namespace tvan::ctl
