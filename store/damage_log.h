#pragma once
// What is said of records that cannot be read: every look is counted, but one that is met again and again (as by
// dispatch, which looks at its queues all the time) is said once an hour, and no more than kMost different ones an
// hour. Thread-safe.

#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"

namespace tvan {

class DamageLog {
 public:
  static constexpr size_t kMost = 64;

  // `metrics` may be null.
  DamageLog(Clock& clock, Metrics* metrics);
  void Report(const Status& damage);

 private:
  Clock& clock_;
  Counter* looks_ = nullptr;
  std::mutex mutex_;
  std::map<std::string, Steady> said_;  // what, when; guarded by mutex_
};

}  // namespace tvan
