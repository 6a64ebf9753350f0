#include "tests/support/lawful_values.h"

#include <algorithm>

namespace tvan {
namespace {

std::string DigitsOf(size_t count, Dice& dice) {
  std::string digits;
  for (size_t i = 0; i < count; ++i) digits += static_cast<char>('0' + dice.Below(10));
  return digits;
}

// All of `digits` used, or as many as fall; a point only between digits.
std::string NumberOf(Digits digits, Dice& dice) {
  if (dice.OneIn(6)) return "0";
  const size_t decimals = dice.OneIn(3) ? digits.decimals : dice.Below(digits.decimals + 1u);
  const size_t room = digits.total - std::min<size_t>(decimals, digits.total - 1u);
  const size_t before = dice.OneIn(3) ? room : 1 + dice.Below(room);
  const size_t behind = std::min<size_t>(decimals, digits.total - 1u);
  std::string text = dice.OneIn(5) ? "-" : "";
  text += dice.OneIn(3) ? std::string(before, '9') : DigitsOf(before, dice);
  return behind == 0 ? text : text + "." + DigitsOf(behind, dice);
}

std::string WholeOf(const FieldRow& row, Dice& dice) {
  const uint64_t most = row.max;
  std::string text =
      std::to_string(dice.OneIn(3)   ? row.min
                     : dice.OneIn(2) ? most
                                     : row.min + dice.Below(std::min<uint64_t>(most - row.min, 1'000'000) + 1));
  if (dice.OneIn(4)) text.insert(0, row.length - text.size(), '0');
  return text;
}

std::string DayOf(Dice& dice) {
  return dice.Of<std::string>({"2024-02-29", "2000-02-29", "2026-12-31", "2026-01-01", "1999-11-30", "2030-04-30"});
}

std::string PeriodOf(std::string_view kind, Dice& dice) {
  if (kind == "T") return dice.Of<std::string>({"01/2026", "12/2025", "09/2024"});
  if (kind == "Q") return dice.Of<std::string>({"1/2026", "04/2025", "4/2025"});
  return dice.Of<std::string>({"29/02/2024", "31/12/2026", "01/01/2025"});
}

// Id, length, value; as long as a row allows, or short.
std::string QrOf(size_t most, Dice& dice) {
  std::string text = "000201";
  const size_t end = most == 0 ? 300 : most;
  while (text.size() + 104 <= end && !dice.OneIn(4)) {
    const size_t length = dice.OneIn(3) ? 99 : 1 + dice.Below(99);
    const size_t id = 10 + dice.Below(50);
    text += std::to_string(id) + (length < 10 ? "0" : "") + std::to_string(length) + DigitsOf(length, dice);
  }
  return text;
}

// Draws a match of a pattern while it reads it.
class Drawer {
 public:
  Drawer(std::string_view pattern, Dice& dice) : rest_(pattern), dice_(dice) {}

  // a|b|c, to the end or to ')'.
  std::string Alternatives() {
    std::vector<std::string> all = {Sequence()};
    while (Take('|')) all.push_back(Sequence());
    return dice_.Of(all);
  }

 private:
  bool Take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string Sequence() {
    std::string text;
    while (!rest_.empty() && rest_[0] != '|' && rest_[0] != ')') text += Repeated();
    return text;
  }

  // One atom as often as its quantifier allows; each time drawn anew.
  std::string Repeated() {
    const std::string_view start = rest_;
    std::string first = Atom();
    const std::string_view atom = start.substr(0, start.size() - rest_.size());
    size_t least = 1, most = 1;
    Quantifier(&least, &most);
    const size_t count = dice_.OneIn(2) ? (dice_.OneIn(2) ? least : most) : least + dice_.Below(most - least + 1);
    std::string text = count > 0 ? first : "";
    for (size_t i = 1; i < count; ++i) text += Drawer(atom, dice_).Atom();
    return text;
  }

  std::string Atom() {
    if (Take('(')) {
      std::string text = Alternatives();
      Take(')');
      return text;
    }
    if (Take('[')) return std::string(1, dice_.Of(Class()));
    if (Take('\\')) {
      const char escaped = Next();
      return escaped == 'd' ? DigitsOf(1, dice_) : std::string(1, escaped);
    }
    return std::string(1, Next());
  }

  char Next() {
    const char c = rest_[0];
    rest_.remove_prefix(1);
    return c;
  }

  std::vector<char> Class() {
    std::vector<char> all;
    while (!Take(']')) {
      const char from = Next();
      const bool range = rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']';
      if (range) rest_.remove_prefix(1);
      const char to = range ? Next() : from;
      for (char c = from; c <= to; ++c) all.push_back(c);
    }
    return all;
  }

  void Quantifier(size_t* least, size_t* most) {
    if (Take('?')) *least = 0;
    if (!Take('{')) return;
    *least = *most = Whole();
    if (Take(',')) *most = Whole();
    Take('}');
  }

  size_t Whole() {
    size_t number = 0;
    while (!rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9')
      number = number * 10 + static_cast<size_t>(Next() - '0');
    return number;
  }

  std::string_view rest_;
  Dice& dice_;
};

}  // namespace

std::string MatchOf(std::string_view pattern, Dice& dice) { return Drawer(pattern, dice).Alternatives(); }

std::string TextOf(size_t characters, Dice& dice) {
  static const std::vector<std::string> kSigns = {"a", "Z", "0", "é",  "Đ", "ế", "ữ",
                                                  "&", "<", ">", "\"", "'", "-", " "};
  std::string text = "x";
  for (size_t i = 2; i < characters; ++i) text += dice.Of(kSigns);
  return characters > 1 ? text + "y" : text;
}

std::string LawfulValue(const FieldRow& row, std::string_view period_kind, Dice& dice) {
  const size_t most = row.length == 0 ? 300 : row.length;
  switch (row.type) {
    case FieldType::kText:
      return TextOf(dice.OneIn(2) ? most : 1 + dice.Below(most), dice);
    case FieldType::kCode:
      return MatchOf(row.pattern.text(), dice);
    case FieldType::kEnum:
      return dice.Of(row.values);
    case FieldType::kNumber:
      return NumberOf(row.digits, dice);
    case FieldType::kInt:
      return WholeOf(row, dice);
    case FieldType::kDate:
      return DayOf(dice);
    case FieldType::kDateTime:
      return DayOf(dice) + dice.Of<std::string>({"T00:00:00", "T23:59:59", "T12:30:01"});
    case FieldType::kTaxCode:
      return DigitsOf(10, dice) + dice.Of<std::string>({"", "-001", "12"});
    case FieldType::kMTDiep:
      return MatchOf("[!-~]{1,46}", dice);
    case FieldType::kMLTDiep:
      return MatchOf("-?\\d{1,3}", dice);
    case FieldType::kPeriod:
      return PeriodOf(period_kind, dice);
    case FieldType::kQr:
      return QrOf(row.length, dice);
    default:
      return "data-" + DigitsOf(3, dice);
  }
}

std::string BadValue(const FieldRow& row) {
  switch (row.type) {
    case FieldType::kDate:
      return "2025-02-29";
    case FieldType::kDateTime:
      return "2026-11-20T23:59:59Z";
    case FieldType::kNumber:
      return "1,5";
    case FieldType::kInt:
      return "1.0";
    case FieldType::kTaxCode:
      return "0101234567001";
    case FieldType::kPeriod:
      return "13/2026";
    case FieldType::kMTDiep:
      return "with space";
    case FieldType::kCode:
    case FieldType::kEnum:
    case FieldType::kMLTDiep:
      return "#";
    default:
      return "";
  }
}

}  // namespace tvan
