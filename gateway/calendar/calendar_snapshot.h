#pragma once
// All that the calendar knows at one time: immutable once shared. Internal to the room.

#include <map>
#include <memory>

#include "gateway/calendar/phase_record.h"

namespace tvan {

struct CalendarSnapshot {
  std::vector<VersionedWindow> windows;
  std::vector<Window> bare;                                      // the same, for pure functions
  std::map<std::string, PhaseRecord> phases;                     // by line
  std::map<std::string, std::pair<LineOrder, uint64_t>> orders;  // by line, with the record's version
  std::map<MessageClass, std::pair<IntakeMode, uint64_t>> modes;
};

Result<std::shared_ptr<const CalendarSnapshot>> ReadCalendar(const Store& store);  // calendar.damaged

// What may be done: the windows' word, unless the record is stricter. `rules` with the class' own last call.
LineState Stricter(const CalendarSnapshot& snapshot, const LineId& line, MessageClass cls, Time now,
                   const PhaseRules& rules);

}  // namespace tvan
