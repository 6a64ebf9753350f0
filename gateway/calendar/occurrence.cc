#include "gateway/calendar/occurrence.h"

#include <algorithm>

namespace tvan {
namespace {

constexpr int64_t kDay = 86'400'000'000;
constexpr int64_t kZone = 7 * 3'600'000'000;

int64_t DayNumber(Time t) {
  const int64_t local = t.us > INT64_MAX - kZone ? t.us : t.us + kZone;
  return local >= 0 ? local / kDay : -((-local + kDay - 1) / kDay);
}

bool HasDay(const Window& window, Time start) {
  const Recurrence& r = window.recurrence;
  if ((r.weekdays & (1 << WeekdayOf(start))) == 0) return false;
  return !std::binary_search(r.exceptions.begin(), r.exceptions.end(), LocalMidnight(start));
}

}  // namespace

Time LocalMidnight(Time t) { return {DayNumber(t) * kDay - kZone}; }

int WeekdayOf(Time t) { return static_cast<int>((DayNumber(t) + 3) % 7); }  // 1970-01-01 was a Thursday

std::string DayText(Time t) { return FormatLocal(t).substr(0, 10); }

bool Touches(Time start, Time end, Time from, Time to) { return start < to && from < end; }

void ForEachOccurrence(const Window& window, Time from, Time to, const std::function<bool(Span)>& visit) {
  const Time end = EndOf(window);
  if (!window.recurrence.recurs()) {
    if (Touches(window.start, end, from, to)) visit(Span(0));
    return;
  }
  const int64_t length = (end - window.start).count();
  // The first day whose occurrence may still run at `from`: it lasts a day at most (CheckWindow).
  int64_t day = from <= window.start ? 0 : (from - window.start).count() / kDay;
  for (;; ++day) {
    const Time start = window.start + Span(day * kDay);
    if (start >= to || start >= window.recurrence.until) return;
    if (!HasDay(window, start) || !Touches(start, start + Span(length), from, to)) continue;
    if (!visit(Span(day * kDay))) return;
  }
}

Window OccurrenceOf(const Window& window, Span shift) {
  Window one = window;
  if (!window.recurrence.recurs()) return one;
  one.start = window.start + shift;
  one.end = window.end + shift;
  if (window.verify_until) one.verify_until = *window.verify_until + shift;
  one.first_end = one.end;
  one.recurrence = {};
  one.id = window.id + "/" + DayText(one.start);
  return one;
}

bool Counts(const Window& w, Span shift, bool rehearsals) {
  if (w.cancelled || w.unverified || (w.kind == WindowKind::kRehearsal && !rehearsals)) return false;
  return w.start < EndOf(w) && w.created_at < EndOf(w) + shift;
}

std::vector<Window> ClosingWindows(const std::vector<Window>& windows, Time from, Time to, bool rehearsals) {
  std::vector<Window> closing;
  for (const Window& w : windows)
    ForEachOccurrence(w, from, to, [&](Span shift) {
      if (Counts(w, shift, rehearsals)) closing.push_back(OccurrenceOf(w, shift));
      return true;
    });
  std::sort(closing.begin(), closing.end(),
            [](const Window& a, const Window& b) { return a.start != b.start ? a.start < b.start : a.id < b.id; });
  return closing;
}

std::optional<Window> OccurrenceAt(const Window& window, Time now) {
  std::optional<Window> found;
  const Time horizon = now.us > INT64_MAX - 400 * kDay ? kForever : now + Span(400 * kDay);
  const Time to = window.recurrence.recurs() ? horizon : kForever;
  ForEachOccurrence(window, now, to, [&](Span shift) {
    found = OccurrenceOf(window, shift);
    return false;
  });
  return found;
}

}  // namespace tvan
