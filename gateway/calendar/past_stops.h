#pragma once
// The stops of a line as its written phases tell of them. Pure readers.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/calendar/calendar.h"

namespace tvan {

// What a window closed, of one written version of the phases: (window, since), each once.
std::vector<std::pair<std::string, Time>> StopsOf(const PhaseRecord& record);

// The newest version by which a window closed a class, if it was written at `oldest` or later; reads no further back.
// calendar.damaged, store.*
Result<std::optional<PhaseRecord>> LastStop(const Calendar& calendar, const LineId& line, Time oldest);

}  // namespace tvan
