#include "ops/ctl/window_entry.h"

#include <algorithm>
#include <cctype>

#include "ops/ctl/output.h"

namespace tvan::ctl {
namespace {

using admin::v1::Window;
using config::v1::WindowEntry;

constexpr const char* kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::string Cased(std::string text, int (*change)(int)) {
  std::transform(text.begin(), text.end(), text.begin(), [change](unsigned char c) { return change(c); });
  return text;
}

// A day is its midnight, +07:00.
Result<Time> DayOrTime(const std::string& text) { return text.size() == 10 ? ParseDate(text) : ParseTime(text); }

std::string TimeText(const google::protobuf::Timestamp& time) {
  return time.nanos() == 0 ? ToText(time) : FormatTime(ToTime(time));
}

Status SetTime(const std::string& text, google::protobuf::Timestamp* (Window::*field)(), Window& window) {
  if (text.empty()) return {};
  const auto time = DayOrTime(text);
  if (!time) return time.status();
  SetTimestamp(*time, (window.*field)());
  return {};
}

Status SetRepeat(const WindowEntry& entry, Window& window) {
  if (entry.repeat().empty() && entry.until().empty() && entry.except().empty()) return {};
  if (entry.repeat().empty())
    return Status::Permanent("ctl.usage"_reason, entry.id() + ": until and except are of a window that repeats");
  auto& recurrence = *window.mutable_recurrence();
  const auto& days = entry.repeat();
  const bool daily = std::find(days.begin(), days.end(), "daily") != days.end();
  for (int day = 0; day < 7; ++day)
    if (daily || std::find(days.begin(), days.end(), kDays[day]) != days.end()) recurrence.add_weekdays(day + 1);
  *recurrence.mutable_exceptions() = entry.except();
  if (entry.until().empty()) return {};
  const auto until = DayOrTime(entry.until());
  if (!until) return until.status();
  SetTimestamp(*until, recurrence.mutable_until());
  return {};
}

template <class From, class To>
void CopyContact(const From& from, To& to) {
  to.set_name(from.name());
  to.set_title(from.title());
  to.set_email(from.email());
  to.set_mobile(from.mobile());
}

void SetRepeat(const admin::v1::Recurrence& recurrence, WindowEntry& entry) {
  if (recurrence.weekdays_size() == 7)
    entry.add_repeat("daily");
  else
    for (const int day : recurrence.weekdays()) entry.add_repeat(kDays[day - 1]);
  if (recurrence.has_until()) entry.set_until(TimeText(recurrence.until()));
  *entry.mutable_except() = recurrence.exceptions();
}

}  // namespace

Result<Window> ToWindow(const WindowEntry& entry) {
  Window window;
  window.set_id(entry.id());
  v1::WindowKind kind = v1::WINDOW_KIND_UNSPECIFIED;
  v1::WindowKind_Parse("WINDOW_KIND_" + Cased(entry.kind(), std::toupper), &kind);
  window.set_kind(kind);
  Status good = SetTime(entry.start(), &Window::mutable_start, window);
  if (good.ok()) good = SetTime(entry.end(), &Window::mutable_end, window);
  if (good.ok()) good = SetTime(entry.verify_until(), &Window::mutable_verify_until, window);
  if (good.ok()) good = SetTime(entry.ended_at(), &Window::mutable_ended_at, window);
  if (good.ok()) good = SetRepeat(entry, window);
  if (!good.ok()) return good;
  window.set_line(entry.line());
  for (const std::string& name : entry.classes()) {
    v1::MessageClass cls;
    if (!v1::MessageClass_Parse("MESSAGE_CLASS_" + Cased(name, std::toupper), &cls))
      return Status::Permanent("ctl.usage"_reason, "no such class: " + name +
                                                       " (coded, uncoded, cash_register, error_notice, registration, "
                                                       "summary, technical)");
    window.add_message_classes(cls);
  }
  window.set_reason(entry.reason());
  window.set_source(entry.source());
  window.set_unverified(entry.unverified());
  window.set_cancelled(entry.cancelled());
  if (entry.has_theirs()) CopyContact(entry.theirs(), *window.mutable_theirs());
  if (entry.has_ours()) CopyContact(entry.ours(), *window.mutable_ours());
  window.set_support(entry.support());
  return window;
}

WindowEntry ToEntry(const Window& window) {
  WindowEntry entry;
  entry.set_id(window.id());
  entry.set_kind(Cased(v1::WindowKind_Name(window.kind()).substr(sizeof("WINDOW_KIND_") - 1), std::tolower));
  entry.set_start(TimeText(window.start()));
  entry.set_end(TimeText(window.end()));
  if (window.has_verify_until()) entry.set_verify_until(TimeText(window.verify_until()));
  if (window.has_ended_at()) entry.set_ended_at(TimeText(window.ended_at()));
  if (window.has_recurrence()) SetRepeat(window.recurrence(), entry);
  entry.set_line(window.line());
  for (const int cls : window.message_classes())
    entry.add_classes(Cased(ToText(static_cast<v1::MessageClass>(cls)), std::tolower));
  entry.set_reason(window.reason());
  entry.set_source(window.source());
  entry.set_unverified(window.unverified());
  entry.set_cancelled(window.cancelled());
  if (window.has_theirs()) CopyContact(window.theirs(), *entry.mutable_theirs());
  if (window.has_ours()) CopyContact(window.ours(), *entry.mutable_ours());
  entry.set_support(window.support());
  return entry;
}

}  // namespace tvan::ctl
