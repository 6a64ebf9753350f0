#include "ops/load/schedule.h"

#include <cmath>
#include <random>

namespace tvan::load {

std::vector<Span> MakeSchedule(const ScheduleSpec& spec, size_t count) {
  std::vector<Span> offsets;
  offsets.reserve(count);
  std::mt19937_64 random(spec.seed);
  std::exponential_distribution<double> gap(spec.rate_per_s);
  double at_s = 0;
  for (size_t i = 0; i < count; ++i) {
    if (spec.arrivals == Arrivals::kEven)
      at_s = static_cast<double>(i) / spec.rate_per_s;
    else
      at_s += gap(random);
    offsets.emplace_back(std::llround(at_s * 1e6));
  }
  return offsets;
}

size_t ArrivalsIn(double rate_per_s, Span duration) {
  return static_cast<size_t>(std::floor(rate_per_s * static_cast<double>(duration.count()) / 1e6 + 1e-9));
}

}  // namespace tvan::load
