#pragma once
// What goes on now, class by class, as providers are told: phase, mode, advice, when it ends. Pure over the calendar;
// no look at the store.

#include <optional>
#include <string>
#include <vector>

#include "gateway/calendar/advice.h"
#include "gateway/calendar/calendar.h"

namespace tvan {

struct ClassNow {
  MessageClass cls = MessageClass::kCoded;
  LineState state;
  IntakeMode mode = IntakeMode::kHold;
  Words advice;
  std::optional<Time> next_stop, expected_return;  // the latter while it does not send, if it is known
};
struct LineNow {
  Phase phase = Phase::kOpen;  // of the most open class
  std::vector<ClassNow> classes;
  Span poll_again_after{};  // when anything here may be another: 1 s to 5 min
};
LineNow LineNowOf(const Calendar& calendar, const LineId& line, Time now);
std::optional<Time> ExpectedReturn(const LineState& state, Time now);
// Greater is more open: of a line the phase of its most open class is told.
int Openness(Phase phase);
const char* ToString(IntakeMode mode);  // "hold", "refuse_new"

// How long a new message is refused for, if its class is refused while it does not send (P5): until the expected
// return, at least `least`, at most an hour; nullopt: it is taken.
std::optional<Span> RefusedFor(const Calendar& calendar, const LineId& line, MessageClass cls, Time now, Span least);

}  // namespace tvan
