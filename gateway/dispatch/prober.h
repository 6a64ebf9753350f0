#pragma once
// Prober: rounds of probes of the line. L1 a TCP connection with TLS, L2 the service answers, L3 a canary: one queued
// message, found and sent by the scheduler while its class is verified. A round is over when all that it wants was
// tried; only then it may be green. A canary is a real message: once one was taken the line needs no other in the same
// verification, and after one that was not the next rests, each time twice as long, up to backoff_max. Reads the
// authority's clock from each answer. One probe at a time, on a thread of its own, which reports through `wake`. The
// scheduler thread calls everything.

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
    Time verifying_since{};    // of the class that waits to be opened since last; 0: none
    bool tries_again = false;  // the line is down and its rest is over
  };
  bool Begin(Instant now, const Wish& wish);  // a round, if one is due
  Steady NextDue(Instant now, const Wish& wish) const;

  // What a probe that ended answered; nullopt: none has.
  std::optional<Status> Take();
  // Levels 1 and 2 are green and the third is wanted: exactly one of these follows.
  bool wants_canary() const { return wants_canary_; }
  // False: that ends the round, by what the newest canary of this verification showed. 0: nothing is verified.
  bool TakesCanary(Time verifying_since);
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
  struct Canary {  // the newest
    Time round;    // that it was sent in
    bool green = false;
    uint32_t reds = 0;  // in a row, of one verification
    Steady again{};     // not before; of a red one
    std::string showed{};
  };
  bool IsDue(Instant now, const Wish& wish) const;

  DispatchParts& parts_;
  std::function<void()> wake_;
  ClockWatch clock_;
  std::optional<Instant> began_;  // the newest round
  bool probing_ = false, wants_canary_ = false, canary_out_ = false;
  std::optional<ProbeRound> newest_;
  std::optional<Canary> canary_;  // of the present verification
  mutable std::mutex mutex_;
  std::optional<Answer> answer_;    // guarded by mutex_
  std::unique_ptr<Executor> pool_;  // last: its task uses the rest
};

}  // namespace tvan
