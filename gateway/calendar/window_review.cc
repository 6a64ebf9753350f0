#include "gateway/calendar/window_review.h"

#include <algorithm>
#include <set>

#include "gateway/calendar/check_window.h"
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
  void Warn(const Words& text) { review.warnings.push_back(text); }
  void Refuse(const Words& text) { review.errors.push_back(text); }
};

void CheckWeekday(Looked& it) {
  if (it.change.weekday.empty()) return;
  const auto named = ParseWeekday(it.change.weekday);
  const int day = WeekdayOf(it.after.start);
  if (!named) {
    it.Refuse({"\"" + it.change.weekday + "\" không phải là một ngày trong tuần",
               "\"" + it.change.weekday + "\" is no day of the week"});
  } else if (*named != day) {
    const std::string date = DayText(it.after.start);
    it.Warn(
        {date + " là " + SayWeekday(day).vi + ", thông báo lại ghi " + it.change.weekday + ": hỏi lại xem bên nào đúng",
         date + " is a " + SayWeekday(day).en + ", the notice says " + it.change.weekday +
             ": ask which of the two is meant"});
  }
}

void CheckFirstDay(Looked& it) {
  if (!it.after.recurrence.recurs()) return;
  const auto first = OccurrenceAt(it.after, it.after.start);
  if (!first) {
    it.Refuse({"không lặp lại vào ngày nào", "it repeats on no day at all"});
  } else if (first->start != it.after.start) {
    const std::string date = DayText(it.after.start), begins = DayText(first->start);
    it.Warn({"ngày " + date + " không dừng, lần đầu là ngày " + begins,
             "it has no stop on " + date + ", the first is on " + begins});
  }
}

void CheckTime(Looked& it) {
  if (it.after.recurrence.recurs() || it.after.cancelled) return;
  const Time end = EndOf(it.after);
  if (end <= it.after.created_at) {
    it.Warn({"đã kết thúc trước khi được nhập: chỉ để ghi nhận, không đóng đường truyền",
             "it was over before it was entered: a note that closes nothing"});
  } else if (!it.change.before && it.after.start <= it.now) {
    const Words ago = SayLength(it.now - it.after.start);
    it.Warn({"đã bắt đầu cách đây " + ago.vi + ": đường truyền đóng ngay",
             "it started " + ago.en + " ago: it closes the line at once"});
  } else if (it.change.before && it.change.before->start > it.now && it.after.start <= it.now) {
    it.Warn({"giờ bắt đầu bị dời về quá khứ: đường truyền đóng ngay",
             "its start is moved into the past: it closes the line at once"});
  }
}

// What is over has been said and acted upon; to say it again is no change.
void CheckPast(Looked& it) {
  const auto& before = it.change.before;
  if (!before || it.review.changes.empty()) return;
  if (!before->recurrence.recurs() && EndOf(*before) + kLongOver <= it.now)
    it.Refuse({"đã kết thúc hơn một ngày trước, không sửa được nữa",
               "it ended more than a day ago, and is not changed any more"});
  if (!it.after.recurrence.recurs()) return;
  const auto over = [&it](const Window& window) {
    std::set<std::pair<Time, Time>> stops;
    for (const Window& stop : ClosingWindows({window}, it.now - kHorizon, it.now))
      if (EndOf(stop) <= it.now) stops.emplace(stop.start, EndOf(stop));
    return stops;
  };
  if (over(*before) != over(it.after))
    it.Warn({"làm thay đổi những lần dừng đã qua: điều đã thông báo sẽ khác điều đã diễn ra",
             "it changes stops that are over: what was said of them is not what happened"});
}

void CheckStanding(Looked& it) {
  if (it.after.unverified)
    it.Warn({"chưa xác nhận: không có tác dụng gì cho đến khi người vận hành xác nhận",
             "it is not verified: it switches nothing until an operator verifies it"});
  if (it.after.kind == WindowKind::kRehearsal)
    it.Warn({"lần diễn tập chỉ đóng đường truyền của môi trường thử nghiệm",
             "a rehearsal closes the line of a sandbox only"});
  const Words lasts = SayLength(it.after.end - it.after.start);
  if (it.after.kind == WindowKind::kOutage && it.after.end - it.after.start > kOneDay)
    it.Warn({"sự cố dài hơn một ngày (" + lasts.vi + "): nhập giờ dự kiến hoạt động trở lại, rồi gia hạn sau",
             "an outage of more than a day (" + lasts.en + "): say the return that is expected, and extend it"});
  if (it.change.before && it.change.before->cancelled && !it.after.cancelled)
    it.Warn({"trước đó đã bị hủy", "it was cancelled before"});
}

void CheckExtended(Looked& it) {
  const auto& before = it.change.before;
  if (!before || before->first_end.us == 0 || before->end <= before->first_end || it.after.end <= before->end) return;
  it.Warn({"đã gia hạn trước đó: giờ kết thúc ban đầu là " + MinuteText(before->first_end),
           "it was extended before: its first end was " + MinuteText(before->first_end)});
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
  if (!found.empty())
    it.Warn({"trùng với " + ids + ": đường truyền mở khi lần cuối cùng trong số đó kết thúc",
             "it overlaps " + ids + ": the line opens when the last of them is over"});
}

// The first stop within 30 days of which some part was not one of our own stops before.
void CheckNotice(Looked& it) {
  if (it.after.kind != WindowKind::kOwn) return;
  for (const Window& stop : ClosingWindows({it.after}, it.now, it.now + kNotice)) {
    const Time from = std::max(stop.start, it.now), to = EndOf(stop);
    if (from >= it.now + kNotice || OwnStopsWithin(it.before_all, from, to) >= to - from) continue;
    const Words ahead = SayLength(std::max(stop.start - it.now, Span(0)));
    const std::string date = DayText(stop.start);
    it.review.to_accept.push_back({"lần bảo trì của ta ngày " + date + " được báo trước " + ahead.vi +
                                       ", phải báo khách hàng và cơ quan thuế trước 30 ngày",
                                   "our own maintenance on " + date + " is announced " + ahead.en +
                                       " before, 30 days are due to customers and authority"});
    return;
  }
}

void CheckBudget(Looked& it) {
  if (it.after.kind != WindowKind::kOwn) return;
  for (const int year : std::set<int>{YearOf(it.now), YearOf(it.now) + 1, YearOf(it.after.start)}) {
    const MaintenanceBudget was = BudgetOf(it.before_all, year, it.now), is = BudgetOf(it.after_all, year, it.now);
    if (is.left() >= Span(0) || is.left() >= was.left()) continue;
    const Words all = SayLength(is.used + is.planned), over = SayLength(-is.left()), allowed = SayLength(is.allowed);
    it.review.to_accept.push_back({"bảo trì của ta năm " + std::to_string(year) + " khi đó là " + all.vi + ", vượt " +
                                       over.vi + " so với " + allowed.vi + " được phép (2 % của năm)",
                                   "our own maintenance of " + std::to_string(year) + " is then " + all.en + ", " +
                                       over.en + " over the " + allowed.en + " allowed (2 % of the year)"});
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
  if (const Words wrong = WhatIsWrong(change.after); !wrong.en.empty()) {
    it.Refuse(wrong);
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
