#pragma once
// A window in words, for operators: its fields, and what a change makes of them; names of weekdays, as notices say
// them. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/calendar/window.h"

namespace tvan {

std::string MinuteText(Time t);     // "2026-11-21T03:45", +07:00; with seconds where there are some
std::string LengthText(Span span);  // "31 d", "1 d 2 h", "3 h 45 min", "0 min"; seconds are cut off, unless alone
std::string WeekdaysText(uint8_t weekdays);  // "daily", "Mon,Tue"
const char* WeekdayName(int weekday);        // 0 Monday … 6 Sunday

// Field by field, "end: 2026-11-21T03:45 -> 2026-11-21T04:45"; of a new window what is not as it stands by itself.
std::vector<std::string> ChangesOf(const std::optional<Window>& before, const Window& after);

// 0 Monday … 6 Sunday, of "Thứ Năm", "thu 5", "T5", "CN", "Thursday", "Thu"; nullopt: none of them.
std::optional<int> ParseWeekday(std::string_view text);

}  // namespace tvan
