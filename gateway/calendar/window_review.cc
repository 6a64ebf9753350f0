#include "gateway/calendar/window_review.h"

#include <algorithm>
#include <set>

#include "gateway/calendar/maintenance_budget.h"
#include "gateway/calendar/occurrence.h"
#include "gateway/calendar/window_changes.h"

namespace tvan {
namespace {

constexpr Span kNotice = kOneDay * 30;    // of our own maintenance (duties F7)
constexpr Span kHorizon = kOneDay * 400;  // as far as occurrences are compared
constexpr Span kLongOver = kOneDay;       // since its end: Calendar::Put refuses (calendar.over)
constexpr size_t kMostOverlaps = 50;

struct Looked {
  const WindowChange& change;
  const Window& after;
  std::vector<Window> before_all, after_all;  // all windows without the change, and with it
  Time now;
  WindowReview review{};
  void Warn(const std::string& text) { review.warnings.push_back(text); }
};

void CheckWeekday(Looked& it) {
  if (it.change.weekday.empty()) return;
  const auto named = ParseWeekday(it.change.weekday);
  const int day = WeekdayOf(it.after.start);
  if (!named) {
    it.review.errors.push_back("\"" + it.change.weekday + "\" is no day of the week");
  } else if (*named != day) {
    it.Warn(DayText(it.after.start) + " is a " + WeekdayName(day) + ", the notice says " + it.change.weekday +
            ": ask which of the two is meant");
  }
}

void CheckFirstDay(Looked& it) {
  if (!it.after.recurrence.recurs()) return;
  const auto first = OccurrenceAt(it.after, it.after.start);
  if (!first) {
    it.review.errors.push_back("it repeats on no day at all");
  } else if (first->start != it.after.start) {
    it.Warn("it has no stop on " + DayText(it.after.start) + ", the first is on " + DayText(first->start));
  }
}

void CheckTime(Looked& it) {
  if (it.after.recurrence.recurs() || it.after.cancelled) return;
  const Time end = EndOf(it.after);
  if (end <= it.after.created_at) {
    it.Warn("it was over before it was entered: a note that closes nothing");
  } else if (!it.change.before && it.after.start <= it.now) {
    it.Warn("it started " + LengthText(it.now - it.after.start) + " ago: it closes the line at once");
  } else if (it.change.before && it.change.before->start > it.now && it.after.start <= it.now) {
    it.Warn("its start is moved into the past: it closes the line at once");
  }
}

// What is over has been said and acted upon.
void CheckPast(Looked& it) {
  const auto& before = it.change.before;
  if (!before) return;
  if (!before->recurrence.recurs() && EndOf(*before) + kLongOver <= it.now)
    it.review.errors.push_back("it ended more than a day ago, and is not changed any more");
  if (!it.after.recurrence.recurs()) return;
  const auto over = [&it](const Window& window) {
    std::set<std::pair<Time, Time>> stops;
    for (const Window& stop : ClosingWindows({window}, it.now - kHorizon, it.now))
      if (EndOf(stop) <= it.now) stops.emplace(stop.start, EndOf(stop));
    return stops;
  };
  if (over(*before) != over(it.after))
    it.Warn("it changes stops that are over: what was said of them is not what happened");
}

void CheckStanding(Looked& it) {
  if (it.after.unverified) it.Warn("it is not verified: it switches nothing until an operator verifies it");
  if (it.after.kind == WindowKind::kRehearsal) it.Warn("a rehearsal closes the line of a sandbox only");
  if (it.after.kind == WindowKind::kOutage && it.after.end - it.after.start > kOneDay)
    it.Warn("an outage of more than a day (" + LengthText(it.after.end - it.after.start) +
            "): say the return that is expected, and extend it");
  if (it.change.before && it.change.before->cancelled && !it.after.cancelled) it.Warn("it was cancelled before");
}

void CheckExtended(Looked& it) {
  const auto& before = it.change.before;
  if (!before || before->first_end.us == 0 || before->end <= before->first_end || it.after.end <= before->end) return;
  it.Warn("it was extended before: its first end was " + MinuteText(before->first_end));
}

bool SameLineAndClass(const Window& a, const Window& b) {
  if (!a.line.empty() && !b.line.empty() && a.line != b.line) return false;
  if (a.classes.empty() || b.classes.empty()) return true;
  return std::find_first_of(a.classes.begin(), a.classes.end(), b.classes.begin(), b.classes.end()) != a.classes.end();
}

// Both in order of start, none of them overlapping within itself.
bool AnyOverlap(const std::vector<Window>& some, const std::vector<Window>& others) {
  for (size_t i = 0, j = 0; i < some.size() && j < others.size();) {
    if (Touches(some[i].start, EndOf(some[i]), others[j].start, EndOf(others[j]))) return true;
    EndOf(some[i]) <= others[j].start ? ++i : ++j;
  }
  return false;
}

void FindOverlaps(Looked& it) {
  const Time from = std::max(it.now, it.after.start), to = from + kHorizon;
  const std::vector<Window> stops = ClosingWindows({it.after}, from, to);
  std::vector<std::string>& found = it.review.overlaps;
  for (const Window& other : it.before_all) {
    if (found.size() == kMostOverlaps || other.id == it.after.id || !SameLineAndClass(it.after, other)) continue;
    if (AnyOverlap(stops, ClosingWindows({other}, from, to))) found.push_back(other.id);
  }
  std::string ids;
  for (const std::string& id : found) ids += (ids.empty() ? "" : ", ") + id;
  if (!found.empty()) it.Warn("it overlaps " + ids + ": the line opens when the last of them is over");
}

// The first stop within 30 days of which some part was not one of our own stops before.
void CheckNotice(Looked& it) {
  if (it.after.kind != WindowKind::kOwn) return;
  for (const Window& stop : ClosingWindows({it.after}, it.now, it.now + kNotice)) {
    const Time from = std::max(stop.start, it.now), to = EndOf(stop);
    if (from >= it.now + kNotice || OwnStopsWithin(it.before_all, from, to) >= to - from) continue;
    it.review.to_accept.push_back("our own maintenance on " + DayText(stop.start) + " is announced " +
                                  (stop.start > it.now ? LengthText(stop.start - it.now) : "0 min") +
                                  " before, 30 days are due to customers and authority");
    return;
  }
}

void CheckBudget(Looked& it) {
  if (it.after.kind != WindowKind::kOwn) return;
  for (const int year : std::set<int>{YearOf(it.now), YearOf(it.now) + 1, YearOf(it.after.start)}) {
    const MaintenanceBudget was = BudgetOf(it.before_all, year, it.now), is = BudgetOf(it.after_all, year, it.now);
    if (is.left() >= Span(0) || is.left() >= was.left()) continue;
    it.review.to_accept.push_back("our own maintenance of " + std::to_string(year) + " is then " +
                                  LengthText(is.used + is.planned) + ", " + LengthText(-is.left()) + " over the " +
                                  LengthText(is.allowed) + " allowed (2 % of the year)");
  }
}

std::vector<Window> With(const Window& window, std::vector<Window> windows) {
  std::erase_if(windows, [&window](const Window& w) { return w.id == window.id; });
  windows.push_back(window);
  return windows;
}

}  // namespace

WindowReview ReviewWindow(const WindowChange& change, const std::vector<Window>& windows, Time now) {
  Looked it{change, change.after, windows, With(change.after, windows), now};
  it.review.changes = ChangesOf(change.before, change.after);
  if (const Status good = CheckWindow(change.after); !good.ok()) {
    it.review.errors.push_back(good.message());
    return it.review;  // the rest would reckon with times that are none
  }
  CheckWeekday(it);
  CheckFirstDay(it);
  CheckTime(it);
  CheckPast(it);
  CheckStanding(it);
  CheckExtended(it);
  FindOverlaps(it);
  CheckNotice(it);
  CheckBudget(it);
  return it.review;
}

}  // namespace tvan
