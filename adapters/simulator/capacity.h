#pragma once
// How much the authority takes: a bucket of one second's messages that fills in its clock's time. What comes when it is
// empty is too much. A request larger than the bucket passes a full one and leaves it in debt.
// Not thread-safe: owned by Authority, under its lock.

#include <algorithm>
#include <cstdint>
#include <optional>

#include "gateway/core/time.h"

namespace tvan::sim {

class Capacity {
 public:
  // `rate`: messages a second, as of now; none: no limit, 0: nothing passes.
  bool Take(Time now, std::optional<int64_t> rate, int64_t count) {
    if (!rate || count == 0) return true;
    const int64_t full = *rate * kSecond;
    if (!filled_) level_ = full;
    if (filled_ && now > *filled_) level_ += std::min(now - *filled_, kLongest).count() * *rate;
    level_ = std::min(level_, full);
    filled_ = std::max(now, filled_.value_or(now));
    if (*rate == 0 || level_ < std::min(count * kSecond, full)) return false;
    level_ -= count * kSecond;
    return true;
  }

 private:
  static constexpr int64_t kSecond = 1'000'000;  // of the level: millionths of a message
  static constexpr Span kLongest = std::chrono::hours(1);
  int64_t level_ = 0;
  std::optional<Time> filled_;
};

}  // namespace tvan::sim
