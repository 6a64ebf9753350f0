#pragma once
// LastCall: how long the authority takes to acknowledge, by class: the 95th percentile of the time from sent to 999,
// which the calendar keeps free of first bytes before a stop (DESIGN section 7, draining). Of the messages that the
// line takes some are followed in the store, a few at each tick; the newest samples count. In memory only: after a
// start the margin of the configuration holds until enough were seen. Not thread-safe: the scheduler thread owns it.

#include <array>
#include <deque>
#include <map>

#include "gateway/dispatch/parts.h"

namespace tvan {

class LastCall {
 public:
  static constexpr size_t kSamples = 512, kFewest = 20;     // of a class; fewer say nothing
  static constexpr size_t kFollowed = 64, kLooksATick = 8;  // of a class
  static constexpr Span kLongest = std::chrono::minutes(10);

  explicit LastCall(DispatchParts& parts) : parts_(parts) {}

  void Took(const MessageMeta& meta, Time recorded_at);  // the attempt: no answer is older
  // `states`: of the classes; what was sent before a stop says nothing.
  void Tick(Time now, const std::map<MessageClass, LineState>& states);

 private:
  struct Followed {
    MessageId id;
    Time sent;
  };
  struct OfClass {
    std::deque<Followed> followed;
    std::deque<Span> samples;
    bool fresh = false;  // samples since the calendar was told
  };
  void Look(OfClass& of, Time now, Time open_since);
  std::optional<Span> TimeTo999(const Followed& one, Time now) const;

  DispatchParts& parts_;
  std::map<MessageClass, OfClass> classes_;
};

// Of at least one. Pure.
Span Percentile95(std::deque<Span> samples);

}  // namespace tvan
