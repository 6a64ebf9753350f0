#pragma once
// The days of a window that recurs. Internal to the room.

#include <functional>

#include "gateway/calendar/window.h"

namespace tvan {

inline constexpr Span kOneDay = std::chrono::hours(24);

Time LocalMidnight(Time t);                              // of the day (+07:00) in which t lies
int WeekdayOf(Time t);                                   // 0 Monday … 6 Sunday, +07:00; t from 1970 on
std::string DayText(Time t);                             // "2026-11-22", +07:00
bool Touches(Time start, Time end, Time from, Time to);  // two half-open stretches; one that only abuts does not

// Calls `visit` with the shift of each occurrence that touches [from, to), in order; of a window that does not recur
// with 0 if it touches. Not after `visit` answered false.
void ForEachOccurrence(const Window& window, Time from, Time to, const std::function<bool(Span shift)>& visit);
Window OccurrenceOf(const Window& window, Span shift);

// It says something about the line: not cancelled, not empty, verified, not over when it was entered.
bool Counts(const Window& window, Span shift, bool rehearsals);

}  // namespace tvan
