#pragma once
// What experience says about the line, beside the calendar: up, resting after a failure, or down until a probe answers.
// Two breakers: requests that all fail, one after another, take the line down at once, since nothing is to be learnt
// from a fourth; a line that takes some and fails most is judged by cohorts of requests, so that neither one bad moment
// nor one good one decides. Back-off doubles with seeded jitter. Not thread-safe: the scheduler thread owns it.

#include <cstdint>
#include <deque>
#include <random>
#include <string>

#include "gateway/core/time.h"

namespace tvan {

struct Instant {  // one reading of both clocks
  Time wall;
  Steady steady;
};

class LineHealth {
 public:
  struct Options {
    Span backoff_min = std::chrono::seconds(1), backoff_max = std::chrono::minutes(2);
    uint32_t failures_to_down = 3;  // requests in a row, none taken between
    uint32_t cohort_requests = 8;   // a cohort: so many requests, or those of so long
    Span cohort_span = std::chrono::seconds(10);
    uint32_t cohorts_to_down = 3;  // in a row, of which more than half failed
    uint64_t seed = 1;
  };
  LineHealth(const Options& options, Instant now);

  // A request of which the line took a message. True: it goes down all the same, too many others failed.
  bool Succeeded(Instant now);
  // One that failed as a whole. True: the line has just gone down by it.
  bool Failed(Instant now, const std::string& why);
  // True: it was up before. The pause grows with each time that comes soon after the one before; for what `probes miss`
  // (the line answers them and is ill all the same) soon is an hour.
  enum class Cause { kLine, kProbesMiss };
  bool GoDown(Instant now, const std::string& why, Cause cause = Cause::kLine);
  void Rest(Instant now, Span pause);  // no failure of the line's, but trying again at once makes no sense
  // A probe of a line that is up says nothing of one that goes down meanwhile.
  void ProbeBegins() { probing_ = down_; }
  bool probing() const { return probing_; }
  void ProbeEnds(Instant now, bool answered);

  bool down() const { return down_; }
  const std::string& why() const { return why_; }
  bool MaySend(Steady now) const { return !down_ && now >= next_try_; }
  bool ProbeDue(Steady now) const { return down_ && !probing_ && now >= next_try_; }
  // When MaySend or ProbeDue may change by time alone.
  Steady next_try() const { return probing_ ? kSteadyForever : next_try_; }
  Time up_since() const { return up_since_; }               // kForever while down
  const std::deque<Time>& takes() const { return takes_; }  // when it took messages, to ten seconds; bounded

 private:
  struct Cohort {
    uint32_t requests = 0, failed = 0;
    Steady since{};
  };
  Span Backoff(uint32_t exponent);
  void Count(Instant now, bool failed);
  void EndCohort();

  const Options options_;
  std::mt19937_64 random_;
  bool down_ = false, probing_ = false;
  std::string why_;
  uint32_t failures_ = 0;  // in a row
  Cohort cohort_;
  uint32_t failed_cohorts_ = 0;  // in a row
  bool was_down_ = false;        // ever
  uint32_t streak_ = 0;          // times down without a good while between
  Steady next_try_{};
  Time up_since_;
  Steady up_since_steady_;
  std::deque<Time> takes_;
};

}  // namespace tvan
