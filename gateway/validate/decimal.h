#pragma once
// Exact decimals of at most 21 digits before the point and 6 behind it ("21,6" of QĐ 1271), in 128-bit integers of
// millionths. Sums are exact. Products are rounded to millionths. What grows beyond 10^26 stays at that bound, with its
// sign: no field can hold it, so it differs from every amount that was parsed. Values.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tvan {

__extension__ using Int128 = __int128;

class Decimal {
 public:
  constexpr Decimal() = default;
  constexpr explicit Decimal(int64_t whole) : millionths_(static_cast<Int128>(whole) * kOne) {}
  static constexpr Decimal Millionths(int64_t count) { return Decimal(static_cast<Int128>(count), Raw{}); }
  // -?digits[.digits]; leading zeros count for nothing. nullopt: another form, more than 21 digits before the point or
  // more than 6 behind it.
  static std::optional<Decimal> Parse(std::string_view text);

  friend constexpr auto operator<=>(const Decimal&, const Decimal&) = default;
  friend Decimal operator+(Decimal a, Decimal b) { return Bounded(a.millionths_ + b.millionths_); }
  friend Decimal operator-(Decimal a, Decimal b) { return Bounded(a.millionths_ - b.millionths_); }
  friend Decimal operator*(Decimal a, Decimal b);  // halves away from zero
  Decimal Hundredth() const;                       // of percent; halves away from zero
  Decimal Absolute() const { return millionths_ < 0 ? Decimal(-millionths_, Raw{}) : *this; }
  bool is_whole() const { return millionths_ % kOne == 0; }
  bool is_zero() const { return millionths_ == 0; }

  // "-25000.12": no zeros at the end, no point without decimals behind it, no "-0".
  std::string ToString() const;

 private:
  struct Raw {};
  constexpr Decimal(Int128 millionths, Raw) : millionths_(millionths) {}
  static Decimal Bounded(Int128 millionths);

  static constexpr Int128 kOne = 1'000'000;
  Int128 millionths_ = 0;
};

}  // namespace tvan
