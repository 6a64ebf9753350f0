#pragma once
// DrainMeter: how fast messages come and go, measured: class by class over the last minutes, from what the store counts
// and from sends that ended. Its readings are immutable. Not thread-safe: the scheduler thread owns it, others hold
// what it published. Nothing of it is kept over a restart.

#include <array>
#include <deque>
#include <memory>
#include <vector>

#include "gateway/dispatch/deadline.h"
#include "gateway/dispatch/forecast.h"
#include "gateway/dispatch/line_health.h"
#include "gateway/dispatch/standing.h"
#include "store/operations.h"

namespace tvan {

struct Zeros {  // what a drain wants to bring to zero
  Time at{};
  uint64_t to_send = 0;      // queued, being sent, or in doubt
  uint64_t un_999d = 0;      // the line took it; neither 999 nor answer
  uint64_t undelivered = 0;  // mailbox items that their provider has not acknowledged
};
Zeros ZerosOf(const Measures& measures, Time at);

struct DrainRates {
  struct Class {
    MessageClass cls = MessageClass::kUncoded;
    uint64_t waiting = 0;  // queued or in doubt
    double arriving_per_s = 0, sending_per_s = 0;
  };
  Zeros now{};                   // at the last measure; now.at 0: there was none
  Zeros before{};                // a minute or so earlier; before.at 0: nothing so old
  Span measured{};               // the rates stand on so much time
  std::vector<Class> classes{};  // that are queued at all, in the order in which they go
  double arriving_per_s = 0, sending_per_s = 0, acknowledging_per_s = 0;
  Pace pace{};        // its maximum is no more than the line was seen to take
  Time began{};       // this drain, or this catch-up after a stop
  uint64_t sent = 0;  // since then
  bool known() const { return measured >= std::chrono::seconds(15); }
};

class DrainMeter {
 public:
  struct Options {
    Pace pace;  // its now_per_s is not looked at
    uint64_t batch = 32;
    Deadlines deadlines{};
  };
  struct Line {
    Instant now;
    std::vector<MessageClass> sending{};  // that their phase allows to be sent
    bool well = true;                     // the line is neither down nor resting
    bool draining = false;                // before a stop
    double pace_per_s = 0;
    uint64_t waiting_for_parent = 0;
  };
  explicit DrainMeter(const Options& options) : options_(options) {}

  // A message as it was picked, and what the line said of it.
  void Ended(const MessageMeta& picked, const Status& outcome);
  void Take(const Measures& measures, const Census& census, const Line& line);
  std::shared_ptr<const DrainRates> rates() const { return rates_; }  // never null

 private:
  static constexpr size_t kClasses = static_cast<size_t>(MessageClass::kTechnical) + 1;
  using Counts = std::array<int64_t, kClasses>;
  struct Stretch {  // of a second, or longer while nothing was measured
    Steady from{}, to{};
    Zeros zeros{};  // at its end
    Counts arrived{}, sent{};
    int64_t acknowledged = 0;
    double busy_s = 0, busy_sent = 0, busy_allowed = 0;  // while more waited than could be sent
  };
  struct Reading {  // of the last Take
    Line line{};
    Counts queued{};
    int64_t un_999d = 0;
    bool crowded = false;  // more waits that may be sent than one request takes
  };
  static size_t IndexOf(MessageClass cls) { return static_cast<size_t>(cls) % kClasses; }

  void Add(const Reading& before, const Reading& now, const Zeros& zeros);
  void Mark(const Line& line);
  void LearnLimit();
  std::vector<DrainRates::Class> ClassesOf(const Measures& measures, const Census& census, Time now) const;
  void Publish(const Measures& measures, const Census& census, const Line& line);

  const Options options_;
  std::optional<Reading> last_;
  std::deque<Stretch> stretches_;  // oldest first, bounded
  Counts left_{}, sent_{};         // since the last Take: left the queue for good, were taken by the line
  double limit_per_s_ = 0;         // what the line was seen to take below its pace; 0: it kept up
  bool draining_ = false, sends_ = false;
  Time began_{};
  uint64_t sent_since_ = 0;
  std::shared_ptr<const DrainRates> rates_ = std::make_shared<const DrainRates>();
};

// As they are now: dispatch looks within a second of whatever comes, so nothing came or went since it looked last.
DrainRates RatesAt(const DrainRates& rates, Time now);
// How a zero changed a minute, since the reading of a minute ago; 0 while that is not known.
double PerMinute(const DrainRates& rates, uint64_t Zeros::*zero, const Zeros& fresh);

}  // namespace tvan
