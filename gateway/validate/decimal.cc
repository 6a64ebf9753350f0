#include "gateway/validate/decimal.h"

#include <algorithm>

namespace tvan {
namespace {

constexpr size_t kMostWhole = 21, kMostDecimals = 6;

constexpr Int128 PowerOfTen(int exponent) { return exponent == 0 ? 1 : 10 * PowerOfTen(exponent - 1); }
constexpr Int128 kBound = PowerOfTen(32);  // millionths of 10^26

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Adds the digits that `rest` begins with to `value`; how many they are.
size_t TakeDigits(std::string_view& rest, Int128& value, size_t most) {
  size_t count = 0;
  for (; count < rest.size() && IsDigit(rest[count]); ++count)
    if (count < most) value = value * 10 + (rest[count] - '0');
  rest.remove_prefix(count);
  return count;
}

Int128 DividedRounded(Int128 value, Int128 divisor) {
  const Int128 half = value < 0 ? -divisor / 2 : divisor / 2;
  return (value + half) / divisor;
}

}  // namespace

Decimal Decimal::Bounded(Int128 millionths) { return {std::clamp(millionths, -kBound, kBound), Raw{}}; }

std::optional<Decimal> Decimal::Parse(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || !IsDigit(text.front())) return std::nullopt;
  while (text.size() > 1 && text[0] == '0' && IsDigit(text[1])) text.remove_prefix(1);
  Int128 value = 0;
  if (TakeDigits(text, value, kMostWhole) > kMostWhole) return std::nullopt;
  size_t decimals = 0;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    decimals = TakeDigits(text, value, kMostDecimals);
    if (decimals == 0 || decimals > kMostDecimals) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  for (; decimals < kMostDecimals; ++decimals) value *= 10;
  return Decimal(negative ? -value : value, Raw{});
}

Decimal operator*(Decimal a, Decimal b) {
  constexpr Int128 kMost = kBound * Decimal::kOne;
  Int128 product = 0;
  if (__builtin_mul_overflow(a.millionths_, b.millionths_, &product))
    product = (a.millionths_ < 0) == (b.millionths_ < 0) ? kMost : -kMost;
  return Decimal(DividedRounded(std::clamp(product, -kMost, kMost), Decimal::kOne), Decimal::Raw{});
}

Decimal Decimal::Hundredth() const { return {DividedRounded(millionths_, 100), Raw{}}; }

std::string Decimal::ToString() const {
  Int128 rest = millionths_ < 0 ? -millionths_ : millionths_;
  std::string text;  // from its end
  for (size_t digits = 0; rest != 0 || digits <= kMostDecimals; ++digits, rest /= 10) {
    if (digits == kMostDecimals && !text.empty()) text.push_back('.');
    const auto digit = static_cast<char>('0' + static_cast<int>(rest % 10));
    if (digits >= kMostDecimals || !text.empty() || digit != '0') text.push_back(digit);
  }
  if (millionths_ < 0) text.push_back('-');
  std::reverse(text.begin(), text.end());
  return text;
}

}  // namespace tvan
