#include "gateway/calendar/line_now.h"

#include <algorithm>

namespace tvan {
namespace {

constexpr Span kSoonest = std::chrono::seconds(1), kWhileStopped = std::chrono::seconds(30),
               kLatest = std::chrono::minutes(5), kLongestRefusal = std::chrono::hours(1);

Span LookAgain(const LineState& state, Time now) {
  const Span most = state.phase == Phase::kOpen ? kLatest : kWhileStopped;
  return state.next_change == kForever ? most : std::clamp(state.next_change - now, kSoonest, most);
}

}  // namespace

int Openness(Phase phase) {
  switch (phase) {
    case Phase::kOpen:
      return 5;
    case Phase::kDraining:
      return 4;
    case Phase::kRamping:
      return 3;
    case Phase::kVerifying:
      return 2;
    case Phase::kDown:
      return 1;
    case Phase::kClosed:
      break;
  }
  return 0;
}

const char* ToString(IntakeMode mode) { return mode == IntakeMode::kRefuseNew ? "refuse_new" : "hold"; }

// Closed without a window (a clock that cannot be trusted) and down: nobody knows.
std::optional<Time> ExpectedReturn(const LineState& state, Time now) {
  if (state.phase == Phase::kClosed && !state.window.empty() && state.next_change != kForever) return state.next_change;
  if (state.phase == Phase::kVerifying && state.verify_until && *state.verify_until > now) return state.verify_until;
  return std::nullopt;
}

LineNow LineNowOf(const Calendar& calendar, const LineId& line, Time now) {
  LineNow all{Phase::kClosed, {}, kLatest};
  for (const MessageClass cls : kProviderClasses) {
    ClassNow one{cls, calendar.At(line, cls, now), calendar.ModeOf(cls), {}, {}, {}};
    one.advice = AdviceFor(cls, one.state.phase, one.mode);
    if (one.state.next_stop != kForever) one.next_stop = one.state.next_stop;
    one.expected_return = ExpectedReturn(one.state, now);
    if (Openness(one.state.phase) > Openness(all.phase)) all.phase = one.state.phase;
    all.poll_again_after = std::min(all.poll_again_after, LookAgain(one.state, now));
    all.classes.push_back(std::move(one));
  }
  return all;
}

std::optional<Span> RefusedFor(const Calendar& calendar, const LineId& line, MessageClass cls, Time now, Span least) {
  if (calendar.ModeOf(cls) != IntakeMode::kRefuseNew) return std::nullopt;
  const LineState state = calendar.At(line, cls, now);
  if (IsSending(state.phase)) return std::nullopt;
  const auto back = ExpectedReturn(state, now);
  return back ? std::clamp(*back - now, least, std::max(least, kLongestRefusal)) : least;
}

}  // namespace tvan
