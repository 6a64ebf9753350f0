#pragma once
// The pace of one line: a token bucket whose rate grows by addition and is halved by a failure, so that an opening is a
// ramp and never a flush (P6). Not thread-safe: the scheduler thread owns it.

#include <cstdint>

#include "gateway/core/time.h"

namespace tvan {

class Pacer {
 public:
  struct Options {
    double start_per_s = 5, growth_per_s = 5, max_per_s = 5000;
  };
  explicit Pacer(const Options& options, Steady now);

  void StartRamp(Steady now);  // from the start rate, with no token saved
  void Failed(Steady now);     // half the rate, not below one message in two seconds; saved tokens are gone
  // Whole messages that may leave now. In any span the sum of what was spent is at most the integral of the rate plus
  // one burst (a tenth of a second's worth, at least one message).
  uint32_t Allowed(Steady now);
  void Spend(uint32_t messages);
  Steady NextAt(Steady now);  // when Allowed will be at least one
  double rate() const { return rate_; }
  bool ramping() const { return rate_ < options_.max_per_s; }
  Steady FullAt(Steady now);  // when it will be as high as it may be; kSteadyForever: never

 private:
  void Refill(Steady now);
  double Burst() const;

  const Options options_;
  double rate_;
  double tokens_;
  Steady filled_at_;
};

}  // namespace tvan
