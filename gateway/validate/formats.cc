#include "gateway/validate/formats.h"

#include <algorithm>

#include "gateway/core/ids.h"
#include "gateway/core/time.h"

namespace tvan {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsVisible(char c) { return c > 0x20 && c < 0x7F; }
bool IsUpperOrDigit(char c) { return IsDigit(c) || (c >= 'A' && c <= 'Z'); }
bool IsWhite(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool AllDigits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit); }

bool IsMonth(std::string_view text) {
  if (text.size() != 7 || text[2] != '/' || !AllDigits(text.substr(0, 2)) || !AllDigits(text.substr(3))) return false;
  return text.substr(0, 2) >= "01" && text.substr(0, 2) <= "12";
}

bool IsQuarter(std::string_view text) {
  if (text.size() == 7 && text.front() == '0') text.remove_prefix(1);
  return text.size() == 6 && text[0] >= '1' && text[0] <= '4' && text[1] == '/' && AllDigits(text.substr(2));
}

bool IsVietnameseDay(std::string_view text) {
  if (text.size() != 10 || text[2] != '/' || text[5] != '/') return false;
  const char iso[] = {text[6], text[7], text[8], text[9], '-', text[3], text[4], '-', text[0], text[1]};
  return IsDay({iso, sizeof iso});
}

}  // namespace

NumberFault CheckNumber(std::string_view text, Digits limit) {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  const size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  if (!AllDigits(whole)) return NumberFault::kForm;
  if (point == std::string_view::npos) return whole.size() <= limit.total ? NumberFault::kNone : NumberFault::kDigits;
  const std::string_view decimals = text.substr(point + 1);
  if (!AllDigits(decimals)) return NumberFault::kForm;
  const bool fits = decimals.size() <= limit.decimals && whole.size() + decimals.size() <= limit.total;
  return fits ? NumberFault::kNone : NumberFault::kDigits;
}

bool IsWhole(std::string_view text, uint64_t min, uint64_t max, size_t most_digits) {
  if (text.empty() || (most_digits > 0 && text.size() > most_digits)) return false;
  uint64_t value = 0;
  for (const char c : text) {
    if (!IsDigit(c)) return false;
    const auto digit = static_cast<uint64_t>(c - '0');
    if (value > (max - std::min(digit, max)) / 10 || digit > max) return false;
    value = value * 10 + digit;
  }
  return value >= min;
}

bool IsDay(std::string_view text) { return ParseDate(text).ok(); }

bool IsDateTime(std::string_view text) { return ParseLocal(text).ok(); }

bool IsTaxCodeForm(std::string_view text) { return ParseTaxCode(text).ok(); }

bool IsMessageIdForm(std::string_view text) {
  return !text.empty() && text.size() <= 46 && std::all_of(text.begin(), text.end(), IsVisible);
}

bool IsMessageTypeForm(std::string_view text) {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  return text.size() <= 3 && AllDigits(text);
}

bool IsIdForm(std::string_view text) {
  return !text.empty() && text.size() <= 256 && std::none_of(text.begin(), text.end(), IsWhite);
}

bool IsPeriod(std::string_view kind, std::string_view text) {
  if (kind == "T") return IsMonth(text);
  if (kind == "Q") return IsQuarter(text);
  return kind == "N" && IsVietnameseDay(text);
}

bool IsRegisterCode(std::string_view text) {
  if (text.size() != 23 || text[0] != 'M' || text[1] < '1' || text[1] > '9') return false;
  if (text[2] != '-' || text[5] != '-' || text[11] != '-') return false;
  const std::string_view range = text.substr(6, 5);
  return AllDigits(text.substr(3, 2)) && std::all_of(range.begin(), range.end(), IsUpperOrDigit) &&
         AllDigits(text.substr(12));
}

}  // namespace tvan
