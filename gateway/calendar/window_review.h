#pragma once
// What a change of a window would do, looked at before it is made: every field that changes, what an operator should
// know, what would be refused. Pure; the rules that Calendar::Put has anyway are CheckWindow's.

#include <optional>
#include <string>
#include <vector>

#include "gateway/calendar/words.h"

namespace tvan {

struct WindowChange {
  std::optional<Window> before;  // as it is entered now; nullopt: a new one
  Window after;
  std::string weekday{};  // that the notice names beside the date of the start, vi or en; empty: none (duties 0.3)
};

struct WindowReview {
  std::vector<Words> changes, warnings, errors;
  // Own maintenance (duties F7): a stop added less than 30 days ahead, or over the budget of a year. Refused unless the
  // operator says that it was seen.
  std::vector<Words> to_accept;
  std::vector<std::string> overlaps;  // ids of other windows that close the same line and class at the same time
};

// `windows`: all that are entered. Overlaps are looked for in the 400 days from its start, or from now.
WindowReview ReviewWindow(const WindowChange& change, const std::vector<Window>& windows, Time now);

}  // namespace tvan
