#include "gateway/calendar/window.h"

#include <algorithm>

#include "gateway/calendar/occurrence.h"

namespace tvan {
namespace {

constexpr size_t kLongestText = 500, kLongestContact = 100, kMostExceptions = 400;
constexpr Span kLongestStop = std::chrono::hours(24 * 31);

Status Invalid(const std::string& why) { return Status::Permanent("calendar.invalid"_reason, why); }

bool IsId(std::string_view id) {
  const auto good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !id.empty() && id.size() <= 32 && std::all_of(id.begin(), id.end(), good);
}

bool IsClass(MessageClass cls) { return cls >= MessageClass::kCoded && cls <= MessageClass::kTechnical; }

Status CheckContact(const Contact& c, const char* whose) {
  if (c.empty()) return {};
  for (const std::string* field : {&c.name, &c.title, &c.email, &c.mobile})
    if (field->empty() || field->size() > kLongestContact)
      return Invalid(std::string(whose) + " contact: name, title, email and mobile, each of 1 to 100 bytes");
  return {};
}

Status CheckRecurrence(const Window& w) {
  const Recurrence& r = w.recurrence;
  if (!r.recurs()) return {};
  if (r.weekdays > 0x7f) return Invalid("weekdays are Monday to Sunday");
  if (w.end - w.start > kOneDay) return Invalid("an occurrence of a recurring window lasts at most a day");
  if (w.ended_at) return Invalid("a recurring window does not end early; one of its days does");
  if (r.exceptions.size() > kMostExceptions) return Invalid("at most 400 exceptions");
  if (!std::is_sorted(r.exceptions.begin(), r.exceptions.end())) return Invalid("exceptions in order of day");
  const auto at_midnight = [](Time t) { return t == LocalMidnight(t); };
  if (!std::all_of(r.exceptions.begin(), r.exceptions.end(), at_midnight)) return Invalid("exceptions are whole days");
  return {};
}

Status CheckTimes(const Window& w) {
  if (!(w.start < w.end)) return Invalid("a window must end after it starts");
  if (w.start.us < 0 || w.end.us > kForever.us / 2) return Invalid("a window lies between 1970 and the far future");
  if (w.end - w.start > kLongestStop) return Invalid("a window lasts at most 31 days");
  if (w.verify_until && (*w.verify_until < w.end || *w.verify_until - w.end > kOneDay))
    return Invalid("verify_until lies within a day after the end");
  if (w.ended_at && !(w.start < *w.ended_at && *w.ended_at < w.end))
    return Invalid("a window that ended early did so after its start and before its end");
  return {};
}

}  // namespace

const char* ToString(WindowState state) {
  switch (state) {
    case WindowState::kPlanned:
      return "planned";
    case WindowState::kAnnounced:
      return "announced";
    case WindowState::kRunning:
      return "running";
    case WindowState::kExtended:
      return "extended";
    case WindowState::kEndedEarly:
      return "ended early";
    case WindowState::kCancelled:
      return "cancelled";
    case WindowState::kClosed:
      return "closed";
  }
  return "unknown";
}

WindowState StateOf(const Window& window, Time now) {
  if (window.cancelled) return WindowState::kCancelled;
  const std::optional<Window> occurrence = OccurrenceAt(window, now);
  if (!occurrence) return window.ended_at ? WindowState::kEndedEarly : WindowState::kClosed;
  if (window.unverified) return WindowState::kPlanned;
  if (now < occurrence->start) return WindowState::kAnnounced;
  const bool longer = window.first_end.us != 0 && window.end > window.first_end;
  return longer ? WindowState::kExtended : WindowState::kRunning;
}

Status CheckWindow(const Window& window) {
  if (!IsId(window.id)) return Invalid("a window's id is 1 to 32 of a-z, 0-9 and '-'");
  if (window.kind < WindowKind::kAuthority || window.kind > WindowKind::kRehearsal) return Invalid("unknown kind");
  if (!std::all_of(window.classes.begin(), window.classes.end(), IsClass)) return Invalid("unknown message class");
  if (window.reason.size() > kLongestText || window.source.size() > kLongestText ||
      window.support.size() > kLongestText)
    return Invalid("reason, source and support are at most 500 bytes");
  Status good = CheckTimes(window);
  if (good.ok()) good = CheckRecurrence(window);
  if (good.ok()) good = CheckContact(window.theirs, "their");
  if (good.ok()) good = CheckContact(window.ours, "our");
  return good;
}

}  // namespace tvan
