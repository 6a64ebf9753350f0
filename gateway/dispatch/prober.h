#pragma once
// Prober: rounds of probes of the line. L1 a TCP connection with TLS, L2 the service answers, L3 a canary: one queued
// message, found and sent by the scheduler while its class is verified. A round is over when all that it wants was
// tried; only then it may be green. Reads the authority's clock from each answer. One probe at a time, on a thread of
// its own, which reports through `wake`. The scheduler thread calls everything.

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "gateway/core/executor.h"
#include "gateway/dispatch/clock_watch.h"
#include "gateway/dispatch/parts.h"

namespace tvan {

class Prober {
 public:
  Prober(DispatchParts& parts, std::function<void()> wake);

  // What of the line asks for probes now.
  struct Wish {
    bool allowed = false;      // no window closes all classes, and no stop is so near that bytes could be late
    Time verifying_since{};    // of the class that is verified since last; 0: none
    bool tries_again = false;  // the line is down and its rest is over
  };
  bool Begin(Instant now, const Wish& wish);  // a round, if one is due
  Steady NextDue(Instant now, const Wish& wish) const;

  // What a probe that ended answered; nullopt: none has.
  std::optional<Status> Take();
  // Levels 1 and 2 are green and the third is wanted: exactly one of these follows.
  bool wants_canary() const { return wants_canary_; }
  void CanaryLeft() { wants_canary_ = false, canary_out_ = true; }
  void CanaryEnded(const Status& status);
  void NoCanary(const std::string& why);  // the round is green without

  const std::optional<ProbeRound>& newest() const { return newest_; }
  const ClockWatch& clock() const { return clock_; }
  void Drain() { pool_->Drain(); }

 private:
  struct Answer {
    Result<ProbeReport> report;
    Time ended;
  };
  bool IsDue(Instant now, const Wish& wish) const;

  DispatchParts& parts_;
  std::function<void()> wake_;
  ClockWatch clock_;
  std::optional<Instant> began_;  // the newest round
  bool probing_ = false, wants_canary_ = false, canary_out_ = false;
  std::optional<ProbeRound> newest_;
  mutable std::mutex mutex_;
  std::optional<Answer> answer_;    // guarded by mutex_
  std::unique_ptr<Executor> pool_;  // last: its task uses the rest
};

}  // namespace tvan
