#include <algorithm>
#include <tuple>

#include "gateway/calendar/calendar.h"

namespace tvan {
namespace {

bool Concerns(const Window& w, const LineId& line, MessageClass cls) {
  if (w.cancelled || !(w.start < w.end)) return false;
  if (!w.line.empty() && w.line != line) return false;
  return w.classes.empty() || std::find(w.classes.begin(), w.classes.end(), cls) != w.classes.end();
}

struct Stretch {  // a union of windows that overlap or touch
  Time start, end;
  std::string window;  // id of the one that starts first
};

std::vector<Stretch> Unite(const std::vector<Window>& windows, const LineId& line, MessageClass cls) {
  std::vector<const Window*> mine;
  for (const Window& w : windows)
    if (Concerns(w, line, cls)) mine.push_back(&w);
  std::sort(mine.begin(), mine.end(),
            [](const Window* a, const Window* b) { return std::tie(a->start, a->id) < std::tie(b->start, b->id); });
  std::vector<Stretch> united;
  for (const Window* w : mine) {
    if (!united.empty() && w->start <= united.back().end)
      united.back().end = std::max(united.back().end, w->end);
    else
      united.push_back({w->start, w->end, w->id});
  }
  return united;
}

// Times near the ends of the scale must not wrap around.
Time Before(Time t, Span d) { return t.us < INT64_MIN + d.count() ? Time{INT64_MIN} : t - d; }
Time After(Time t, Span d) { return t.us > INT64_MAX - d.count() ? kForever : t + d; }

LineState Closed(const Stretch& s) { return {Phase::kClosed, s.start, s.end, s.start, s.window, kForever}; }

}  // namespace

const char* ToString(Phase phase) {
  switch (phase) {
    case Phase::kOpen:
      return "open";
    case Phase::kDraining:
      return "draining";
    case Phase::kClosed:
      return "closed";
    case Phase::kRamping:
      return "ramping";
    case Phase::kDown:
      return "down";
  }
  return "unknown";
}

LineState StateAt(const std::vector<Window>& windows, const LineId& line, MessageClass cls, Time now,
                  const PhaseRules& rules) {
  const Stretch* last = nullptr;  // ended
  const Stretch* next = nullptr;  // to come
  const std::vector<Stretch> united = Unite(windows, line, cls);
  for (const Stretch& s : united) {
    if (s.start <= now && now < s.end) return Closed(s);
    if (s.end <= now) last = &s;
    if (next == nullptr && now < s.start) next = &s;
  }
  LineState state{.since = Time{0}, .next_change = kForever, .not_after = kForever, .window = ""};
  if (last != nullptr) state.open_since = last->end;
  if (next != nullptr) state.not_after = Before(next->start, rules.stop_margin);
  const Time drain_from = next != nullptr ? Before(next->start, rules.drain_before) : kForever;
  const Time ramp_until = last != nullptr ? After(last->end, rules.ramp) : Time{0};
  if (last != nullptr && now < ramp_until) {  // also shortly before the next stop: the pace matters more than the name
    state.phase = Phase::kRamping;
    state.since = last->end;
    state.window = last->window;
    state.next_change = next != nullptr ? std::min(ramp_until, next->start) : ramp_until;
    return state;
  }
  state.since = ramp_until;
  state.next_change = drain_from;
  if (now < drain_from) return state;
  state.phase = Phase::kDraining;
  state.since = std::max(drain_from, ramp_until);
  state.window = next->window;
  state.next_change = next->start;
  return state;
}

Span ClosedWithin(const std::vector<Window>& windows, const LineId& line, MessageClass cls, Time from, Time to) {
  Span closed{};
  for (const Stretch& s : Unite(windows, line, cls)) {
    const Time a = std::max(s.start, from);
    const Time b = std::min(s.end, to);
    if (a < b) closed += b - a;
  }
  return closed;
}

}  // namespace tvan
