#pragma once
// All chance of the simulator: a keyed hash of (seed, what, MTDiep, number), so that the same seed and messages give
// the same faults, delays and ids in every run and any order. Stateless, thread-safe.

#include <string>
#include <string_view>

#include "gateway/core/digest.h"
#include "gateway/core/time.h"

namespace tvan::sim {

class Dice {
 public:
  Dice(const Digester& digester, uint64_t seed) : digester_(digester), key_("tvan-sim " + std::to_string(seed)) {}

  double Fraction(std::string_view what, std::string_view mtdiep) const;  // 0 ≤ x < 1
  bool Falls(std::string_view fault, std::string_view mtdiep, double rate) const;
  Span Between(std::string_view what, std::string_view mtdiep, Span low, Span high) const;
  // 32 upper-case hex digits, shaped as a UUID of version 4.
  std::string Hex32(std::string_view what, std::string_view mtdiep, uint64_t number) const;

 private:
  Sha256 Throw(std::string_view what, std::string_view mtdiep, uint64_t number) const;
  const Digester& digester_;
  const std::string key_;
};

}  // namespace tvan::sim
