#pragma once
// The arrivals of an open loop, fixed before the run: a slow answer delays no later arrival, and every latency is
// measured from the instant at which its message was meant to leave (no coordinated omission). Pure.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gateway/core/time.h"

namespace tvan::load {

enum class Arrivals {
  kEven,     // one every 1/rate
  kPoisson,  // independent of each other, with that mean
};

struct ScheduleSpec {
  double rate_per_s = 0;  // > 0
  Arrivals arrivals = Arrivals::kEven;
  uint64_t seed = 1;  // kPoisson: the same seed gives the same arrivals
};

// Offsets from the start, ascending; the i-th of kEven stands at exactly i/rate, rounding does not add up.
std::vector<Span> MakeSchedule(const ScheduleSpec& spec, size_t count);
// How many arrivals fall into `duration` at the mean rate.
size_t ArrivalsIn(double rate_per_s, Span duration);

}  // namespace tvan::load
