#include "gateway/calendar/public_windows.h"

#include <algorithm>

#include "gateway/calendar/occurrence.h"

namespace tvan {

std::vector<PublicStop> PublicStops(const std::vector<VersionedWindow>& windows, Time from, Time to,
                                    Rehearsals rehearsals, Time now, size_t most) {
  std::vector<PublicStop> stops;
  for (const VersionedWindow& known : windows) {
    Window as_if = known.window;  // a cancelled one is shown where it would have been
    as_if.cancelled = false;
    size_t found = 0;
    ForEachOccurrence(as_if, from, to, [&](Span shift) {
      if (!Counts(as_if, shift, rehearsals == Rehearsals::kTell)) return true;
      Window one = OccurrenceOf(as_if, shift);
      one.cancelled = known.window.cancelled;
      const WindowState state = StateOf(one, now);
      stops.push_back({std::move(one), state, known.version, known.changed_at});
      return ++found <= most;
    });
  }
  std::sort(stops.begin(), stops.end(), [](const PublicStop& a, const PublicStop& b) {
    return a.window.start != b.window.start ? a.window.start < b.window.start : a.window.id < b.window.id;
  });
  if (stops.size() > most + 1) stops.resize(most + 1);
  return stops;
}

NoticeKind KindOf(const PublicStop& stop) {
  if (stop.window.cancelled) return NoticeKind::kCancelled;
  if (stop.window.ended_at) return NoticeKind::kEndedEarly;
  const bool longer = stop.window.first_end.us != 0 && stop.window.end > stop.window.first_end;
  return longer ? NoticeKind::kExtended : NoticeKind::kAnnounced;
}

}  // namespace tvan
