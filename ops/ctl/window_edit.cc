#include "ops/ctl/window_edit.h"

#include <algorithm>
#include <chrono>

#include "ops/ctl/output.h"

namespace tvan::ctl {
namespace {

using admin::v1::Window;

constexpr Span kDay = std::chrono::hours(24);
constexpr Span kThursday = std::chrono::hours(7);  // the epoch began there, at +07:00
constexpr size_t kLongestId = 32;

Status Usage(const std::string& what) { return Status::Permanent("ctl.usage"_reason, what); }

int WeekdayOf(Time midnight) {  // 1 Monday … 7 Sunday
  const int64_t day = (midnight.us + Span(kThursday).count()) / Span(kDay).count();
  return static_cast<int>((day + 3) % 7) + 1;
}

Time MidnightOf(Time t) { return *ParseDate(FormatLocal(t).substr(0, 10)); }

bool HasDay(const Window& window, const std::string& day, Time midnight) {
  const auto& r = window.recurrence();
  const auto& days = r.weekdays();
  const Span since = ToTime(window.start()) - MidnightOf(ToTime(window.start()));
  if (midnight < MidnightOf(ToTime(window.start()))) return false;
  if (r.has_until() && midnight + since >= ToTime(r.until())) return false;
  if (!days.empty() && std::find(days.begin(), days.end(), WeekdayOf(midnight)) == days.end()) return false;
  return std::find(r.exceptions().begin(), r.exceptions().end(), day) == r.exceptions().end();
}

void Shift(Span by, google::protobuf::Timestamp* time) { SetTimestamp(ToTime(*time) + by, time); }

// What only the gateway says, and what belongs to another window.
void Forget(Window& window) {
  for (const char* field : {"version", "first_end", "created_at", "state", "entered_by", "changed_at", "ended_at"})
    window.GetReflection()->ClearField(&window, window.GetDescriptor()->FindFieldByName(field));
  window.clear_recurrence();
}

// The one day as a window of its own.
Result<Window> OneOf(const Window& window, const std::string& day) {
  const auto midnight = ParseDate(day);
  if (!midnight) return midnight.status();
  if (!window.has_recurrence() || !HasDay(window, day, *midnight))
    return Usage("window " + window.id() + " has no stop on " + day);
  Window one = window;
  Forget(one);
  one.set_id(window.id() + "-" + day.substr(0, 4) + day.substr(5, 2) + day.substr(8, 2));
  if (one.id().size() > kLongestId)
    return Usage("\"" + one.id() +
                 "\" would be longer than 32 characters: enter the day with `window except` and a "
                 "window of its own with `window add`");
  const Span by = *midnight - MidnightOf(ToTime(window.start()));
  Shift(by, one.mutable_start());
  Shift(by, one.mutable_end());
  if (one.has_verify_until()) Shift(by, one.mutable_verify_until());
  return one;
}

Window Without(Window window, const std::string& day) {
  window.mutable_recurrence()->add_exceptions(day);
  return window;
}

// The window that is to be changed, alone, or the day of its own and then the others without it.
Result<Windows> Single(const Window& window, const std::string& day) {
  if (day.empty() && window.has_recurrence())
    return Usage("window " + window.id() + " repeats: name the day, as in " + window.id() + "/YYYY-MM-DD");
  if (day.empty()) return Windows{window};
  auto one = OneOf(window, day);
  if (!one) return one.status();
  return Windows{*one, Without(window, day)};
}

}  // namespace

WindowName NameOf(const std::string& text) {
  const size_t slash = text.find('/');
  return slash == std::string::npos ? WindowName{text, ""} : WindowName{text.substr(0, slash), text.substr(slash + 1)};
}

Result<Windows> Extended(const Window& window, const std::string& day, const NewEnd& end) {
  auto windows = Single(window, day);
  if (!windows) return windows;
  Window& one = windows->front();
  const Time was = ToTime(one.end()), is = end.until ? *end.until : was + end.by.value_or(Span(0));
  SetTimestamp(is, one.mutable_end());
  if (one.has_verify_until()) Shift(is - was, one.mutable_verify_until());
  return windows;
}

Result<Windows> EndedAt(const Window& window, const std::string& day, Time at) {
  auto windows = Single(window, day);
  if (!windows) return windows;
  Window& one = windows->front();
  if (at <= ToTime(one.start()))
    return Usage("window " + one.id() + " has not started at " + FormatLocal(at) + ": cancel it instead");
  if (at >= ToTime(one.end())) return Usage("window " + one.id() + " is over at " + FormatLocal(at));
  SetTimestamp(at, one.mutable_ended_at());
  return windows;
}

Result<Windows> Cancelled(const Window& window, const std::string& day, const std::string& reason) {
  Window changed = window;
  if (!day.empty()) {
    const auto one = OneOf(window, day);
    if (!one) return one.status();
    changed = Without(window, day);
  } else {
    changed.set_cancelled(true);
  }
  if (!reason.empty()) changed.set_reason(reason);
  return Windows{changed};
}

Result<Windows> Except(const Window& window, const std::vector<std::string>& days, Days what) {
  if (!window.has_recurrence()) return Usage("window " + window.id() + " does not repeat");
  Window changed = window;
  auto& exceptions = *changed.mutable_recurrence()->mutable_exceptions();
  for (const std::string& day : days) {
    if (const auto read = ParseDate(day); !read) return read.status();
    const auto at = std::find(exceptions.begin(), exceptions.end(), day);
    if (what == Days::kWithout && at == exceptions.end()) *exceptions.Add() = day;
    if (what == Days::kAgain && at == exceptions.end()) return Usage(day + " is no exception");
    if (what == Days::kAgain) exceptions.erase(at);
  }
  return Windows{changed};
}

}  // namespace tvan::ctl
