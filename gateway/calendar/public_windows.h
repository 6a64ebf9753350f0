#pragma once
// Windows as providers see them: verified ones, day by day, cancelled ones marked. Pure.

#include <vector>

#include "gateway/calendar/calendar.h"
#include "gateway/calendar/notice.h"

namespace tvan {

struct PublicStop {
  Window window;  // one stop; of a recurring one the day's
  WindowState state = WindowState::kAnnounced;
  uint64_t version = 0;
  Time changed_at;
};
// Those that touch [from, to), in order of start and id; no more than `most`, and one more when there are.
std::vector<PublicStop> PublicStops(const std::vector<VersionedWindow>& windows, Time from, Time to,
                                    Rehearsals rehearsals, Time now, size_t most);
inline Rehearsals RehearsalsOf(const PhaseRules& rules) {
  return rules.rehearsals ? Rehearsals::kTell : Rehearsals::kKeepQuiet;
}
// How a stop would be told of now.
NoticeKind KindOf(const PublicStop& stop);

}  // namespace tvan
