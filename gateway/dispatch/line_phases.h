#pragma once
// LinePhases: dispatch owns the phases of its line. Each step it tells the calendar what is known of the line, and acts
// on what is written then; what cannot be written opens nothing and is tried again. Says which classes may be sent, and
// raises an alarm while a line that is verified stays without green past its time. Not thread-safe: the scheduler
// thread owns it.

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "gateway/dispatch/line_health.h"
#include "gateway/dispatch/parts.h"

namespace tvan {

inline constexpr std::array<MessageClass, 6> kSentClasses = {MessageClass::kCoded,        MessageClass::kUncoded,
                                                             MessageClass::kCashRegister, MessageClass::kErrorNotice,
                                                             MessageClass::kRegistration, MessageClass::kSummary};

using LineStates = std::map<MessageClass, LineState>;
LineStates StatesOf(const DispatchParts& parts, Time now);
LineState MostOpen(const LineStates& states, Time now);  // the line as a whole: as open as its most open class

class LinePhases {
 public:
  explicit LinePhases(DispatchParts& parts);  // time goes on from the record's, never before it

  // `facts.ramped` counts for classes that were ramping before. Answers why, when a class begins to ramp.
  std::optional<std::string> Advance(Instant now, LineFacts facts);
  // While a class is verified past its time: an alarm now and every five minutes. `evidence`: of the newest probes.
  void WatchGreen(Instant now, const std::string& evidence);

  bool MaySend(MessageClass cls, Time now) const;
  bool MaySendCanary(MessageClass cls, Time now) const;
  bool AnyOpen(Time now) const;
  // No window closes all classes, and no stop of all is so near that the bytes of a probe could be late.
  bool MayProbe(Time now) const;
  Time Since(Phase phase) const;   // of the class that is in it since last; 0: none
  Time OpenSince(Time now) const;  // any class, kForever: none
  LineState Line(Time now) const { return MostOpen(states_, now); }
  const LineStates& states() const { return states_; }
  const PhaseRecord& record() const { return record_; }
  std::vector<MessageClass> Ramping() const;  // by the record
  // When classes did not send, by the record; what lasts has no end. For clocks that stop meanwhile: they may stop
  // longer than the line did, never shorter. Bounded: all time before the pauses that are kept counts as one.
  std::vector<Window> Pauses() const;
  Steady NextLook(Instant now) const;  // beside what `states` say

 private:
  struct Pause {
    Time from, to;
    std::vector<MessageClass> classes;
  };
  void ReadHistory();
  void Look(Time now);
  bool Write(Instant now, const LineFacts& facts);
  void Note(const PhaseRecord& record);
  void Resumed(MessageClass cls, Time from, Time to);
  Time GreenBy() const;

  DispatchParts& parts_;
  Gauge& not_green_;
  LineStates states_;
  PhaseRecord record_;
  Time unknown_until_;                         // what was before is not kept, or could not be read
  std::deque<Pause> pauses_;                   // that are over
  std::map<MessageClass, Time> paused_since_;  // those that last
  std::optional<Steady> retry_;                // the record could not be written
  std::optional<Steady> next_alarm_;           // not green in time
};

}  // namespace tvan
