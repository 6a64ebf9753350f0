#include "adapters/simulator/dice.h"

namespace tvan::sim {

Sha256 Dice::Throw(std::string_view what, std::string_view mtdiep, uint64_t number) const {
  std::string text(what);
  return digester_.HmacSha256(key_, text.append("\n").append(mtdiep).append("\n").append(std::to_string(number)));
}

double Dice::Fraction(std::string_view what, std::string_view mtdiep) const {
  Sha256 hash = Throw(what, mtdiep, 0);
  uint64_t bits = 0;
  for (int i = 0; i < 6; ++i) bits = bits << 8 | hash.bytes[size_t(i)];
  return double(bits) / double(uint64_t(1) << 48);
}

bool Dice::Falls(std::string_view fault, std::string_view mtdiep, double rate) const {
  return rate > 0 && Fraction(fault, mtdiep) < rate;
}

Span Dice::Between(std::string_view what, std::string_view mtdiep, Span low, Span high) const {
  return low + Span(int64_t(Fraction(what, mtdiep) * double((high - low).count() + 1)));
}

std::string Dice::Hex32(std::string_view what, std::string_view mtdiep, uint64_t number) const {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  Sha256 hash = Throw(what, mtdiep, number);
  std::string out;
  for (size_t i = 0; i < 16; ++i) {
    out += kDigits[hash.bytes[i] >> 4];
    out += kDigits[hash.bytes[i] & 15];
  }
  out[12] = '4';
  out[16] = kDigits[8 | (hash.bytes[8] >> 4 & 3)];
  return out;
}

}  // namespace tvan::sim
