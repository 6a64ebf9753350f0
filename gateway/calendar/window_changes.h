#pragma once
// A window in words, for operators: its fields, and what a change makes of them; names of weekdays, as notices say
// them. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/calendar/words.h"

namespace tvan {

std::string MinuteText(Time t);  // "2026-11-21T03:45", +07:00; with seconds where there are some

// Field by field, "end: 2026-11-21T03:45 -> 2026-11-21T04:45"; of a new window what is not as it stands by itself.
std::vector<Words> ChangesOf(const std::optional<Window>& before, const Window& after);

// 0 Monday … 6 Sunday, of "Thứ Năm", "thu 5", "T5", "CN", "Thursday", "Thu"; nullopt: none of them.
std::optional<int> ParseWeekday(std::string_view text);

}  // namespace tvan
