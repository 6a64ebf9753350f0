#pragma once
// Watches how the signatures of a line's answers turn out: counts them, and raises an alarm when the share of those
// that do not verify goes up by a step (verify_rate.h), for operators: log, metrics, the queue. Thread-safe.

#include <mutex>
#include <string>
#include <string_view>

#include "gateway/core/ids.h"
#include "gateway/core/metrics.h"
#include "gateway/feedback/verify_rate.h"

namespace tvan {

class SignatureWatch {
 public:
  SignatureWatch(const LineId& line, Metrics& metrics);

  // Of each answer once, when it is new. Types that bear no signature do not count.
  void Note(int mltdiep, std::string_view annotation);
  // What the alarm says; empty: there is none.
  std::string alarm_text() const;

 private:
  const LineId line_;
  Counter& verified_;
  Counter& unverified_;
  Gauge& gauge_;
  mutable std::mutex mutex_;
  VerifyRate rate_;
};

}  // namespace tvan
