#include "gateway/calendar/phase.h"

#include <algorithm>

#include "gateway/calendar/occurrence.h"

namespace tvan {
namespace {

// A recurring window shows at least one stop within so many days, unless most of its days are exceptions.
constexpr Span kLookBack = kOneDay * 40, kLookAhead = kOneDay * 40;

bool Concerns(const Window& w, const LineId& line, MessageClass cls) {
  if (!w.line.empty() && w.line != line) return false;
  return w.classes.empty() || std::find(w.classes.begin(), w.classes.end(), cls) != w.classes.end();
}

struct Stretch {  // one stop, or a union of those that overlap or touch
  Time start, end;
  const Window* window;  // the one that starts first
  Span shift;            // of its occurrence
  std::optional<Time> verify_until;
};

std::string NameOf(const Stretch& s) {
  return s.window->recurrence.recurs() ? s.window->id + "/" + DayText(s.start) : s.window->id;
}

// Times near the ends of the scale must not wrap around.
Time Before(Time t, Span d) { return t.us < INT64_MIN + d.count() ? Time{INT64_MIN} : t - d; }
Time After(Time t, Span d) { return t.us > INT64_MAX - d.count() ? kForever : t + d; }

std::vector<Stretch> StopsWithin(const std::vector<Window>& windows, const LineId& line, MessageClass cls, Time from,
                                 Time to, bool rehearsals) {
  std::vector<Stretch> stops;
  for (const Window& w : windows) {
    if (!Concerns(w, line, cls)) continue;
    ForEachOccurrence(w, from, to, [&](Span shift) {
      if (!Counts(w, shift, rehearsals)) return true;
      std::optional<Time> verify;
      if (w.verify_until) verify = *w.verify_until + shift;
      stops.push_back({w.start + shift, EndOf(w) + shift, &w, shift, verify});
      return true;
    });
  }
  return stops;
}

std::vector<Stretch> Unite(std::vector<Stretch> stops) {
  std::sort(stops.begin(), stops.end(), [](const Stretch& a, const Stretch& b) {
    return a.start != b.start ? a.start < b.start : a.window->id < b.window->id;
  });
  std::vector<Stretch> united;
  for (Stretch& s : stops) {
    if (united.empty() || united.back().end < s.start) {
      united.push_back(s);
      continue;
    }
    Stretch& last = united.back();
    last.end = std::max(last.end, s.end);
    if (s.verify_until) last.verify_until = std::max(last.verify_until.value_or(*s.verify_until), *s.verify_until);
  }
  return united;
}

LineState Closed(const Stretch& s) {
  LineState state{Phase::kClosed, s.start, s.end, s.start, NameOf(s), kForever};
  state.verify_until = s.verify_until;
  return state;
}

// The end of the last stop that is older than what is looked at one by one; 0: none.
Time OldEnd(const std::vector<Window>& windows, const LineId& line, MessageClass cls, Time before, bool rehearsals) {
  Time latest{0};
  for (const Window& w : windows)
    if (!w.recurrence.recurs() && Concerns(w, line, cls) && EndOf(w) <= before && Counts(w, Span(0), rehearsals))
      latest = std::max(latest, EndOf(w));
  return latest;
}

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
    case Phase::kVerifying:
      return "verifying";
  }
  return "unknown";
}

LineState StateAt(const std::vector<Window>& windows, const LineId& line, MessageClass cls, Time now,
                  const PhaseRules& rules) {
  const Time from = Before(now, kLookBack), to = After(now, kLookAhead);
  const std::vector<Stretch> united = Unite(StopsWithin(windows, line, cls, from, to, rules.rehearsals));
  LineState state{.since = OldEnd(windows, line, cls, from, rules.rehearsals)};
  state.open_since = state.since;
  const Stretch* next = nullptr;
  for (const Stretch& s : united) {
    if (s.start <= now && now < s.end) return Closed(s);
    if (s.end <= now) {
      state.since = state.open_since = s.end;
      state.verify_until = s.verify_until;
    }
    if (next == nullptr && now < s.start) next = &s;
  }
  if (next == nullptr) {
    for (const Window& w : windows)  // far ahead, but known
      if (!w.recurrence.recurs() && Concerns(w, line, cls) && w.start >= to && Counts(w, Span(0), rules.rehearsals))
        state.next_stop = std::min(state.next_stop, w.start);
  } else {
    state.next_stop = next->start;
  }
  if (state.next_stop == kForever) return state;
  state.not_after = Before(state.next_stop, rules.stop_margin);
  const Time drain_from = Before(state.next_stop, std::max(rules.drain_before, rules.stop_margin));
  state.next_change = now < drain_from ? drain_from : state.next_stop;
  if (now < drain_from) return state;
  state.phase = Phase::kDraining;
  state.since = std::max(drain_from, state.open_since);
  state.window = next == nullptr ? "" : NameOf(*next);
  return state;
}

Span ClosedWithin(const std::vector<Window>& windows, const LineId& line, MessageClass cls, Time from, Time to) {
  Span closed{};
  for (const Stretch& s : Unite(StopsWithin(windows, line, cls, from, to, true))) {
    const Time a = std::max(s.start, from);
    const Time b = std::min(s.end, to);
    if (a < b) closed += b - a;
  }
  return closed;
}

}  // namespace tvan
