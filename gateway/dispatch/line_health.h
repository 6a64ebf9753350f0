#pragma once
// What experience says about the line, beside the calendar: up, resting after a failure, or down until a probe answers.
// Back-off doubles with seeded jitter. Not thread-safe: the scheduler thread owns it.

#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <utility>
#include <vector>

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
    uint32_t failures_to_down = 3;  // in a row
    uint64_t seed = 1;
  };
  LineHealth(const Options& options, Instant now);

  void Succeeded(Time now);  // the line took a message
  // One call that failed as a whole. True: the line has just gone down by it.
  bool Failed(Instant now, const std::string& why);
  // True: it was up before. The pause grows with each time that comes soon after the one before; for what `probes miss`
  // (the line answers them and is ill all the same) soon is an hour.
  enum class Cause { kLine, kProbesMiss };
  bool GoDown(Instant now, const std::string& why, Cause cause = Cause::kLine);
  void Rest(Instant now, Span pause);  // no failure of the line's, but trying again at once makes no sense
  void ProbeBegins() { probing_ = true; }
  void ProbeEnds(Instant now, bool answered);

  bool down() const { return down_; }
  const std::string& why() const { return why_; }
  bool MaySend(Steady now) const { return !down_ && now >= next_try_; }
  bool ProbeDue(Steady now) const { return down_ && !probing_ && now >= next_try_; }
  // When MaySend or ProbeDue may change by time alone.
  Steady next_try() const { return probing_ ? kSteadyForever : next_try_; }
  Time up_since() const { return up_since_; }               // kForever while down
  const std::deque<Time>& takes() const { return takes_; }  // when it took messages, to ten seconds; bounded
  // When the line was down, as far as this process has seen; a stretch that lasts ends with `now`.
  std::vector<std::pair<Time, Time>> Downs(Time now) const;

 private:
  Span Backoff(uint32_t exponent);

  const Options options_;
  std::mt19937_64 random_;
  bool down_ = false, probing_ = false;
  std::string why_;
  uint32_t failures_ = 0;  // in a row
  uint32_t streak_ = 0;    // times down without a good while between
  Steady next_try_{};
  Time up_since_;
  Steady up_since_steady_;
  Time down_since_{};
  std::deque<Time> takes_;
  std::deque<std::pair<Time, Time>> past_;  // bounded
};

}  // namespace tvan
