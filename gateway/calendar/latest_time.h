#pragma once
// The wall clock as decisions about windows see it: never earlier than any reading before it in this process, so that a
// clock that is set back opens nothing that was closed (DESIGN section 7). Thread-safe; shared by all who decide.

#include <algorithm>
#include <atomic>

#include "gateway/core/time.h"

namespace tvan {

class LatestTime {
 public:
  Time Of(Time reading) {
    int64_t latest = latest_.load();
    while (latest < reading.us && !latest_.compare_exchange_weak(latest, reading.us)) {
    }
    return {std::max(latest, reading.us)};
  }

 private:
  std::atomic<int64_t> latest_{INT64_MIN};
};

}  // namespace tvan
