#include "gateway/calendar/window.h"

#include "gateway/calendar/occurrence.h"

namespace tvan {

const char* ToString(WindowKind kind) {
  switch (kind) {
    case WindowKind::kAuthority:
      return "authority";
    case WindowKind::kOwn:
      return "own";
    case WindowKind::kOutage:
      return "outage";
    case WindowKind::kRehearsal:
      return "rehearsal";
  }
  return "unknown";
}

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

}  // namespace tvan
