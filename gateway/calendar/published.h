#pragma once
// What a plain web server can hand out while the gateway is away: the calendar as JSON and as iCalendar (RFC 5545).
// PUBLISHED.md says what is in them. Pure.

#include <string>
#include <vector>

#include "gateway/calendar/line_now.h"
#include "gateway/calendar/public_windows.h"

namespace tvan {

inline constexpr std::string_view kCalendarType = "tvan-calendar+jws";
inline constexpr Span kPublishEvery = std::chrono::minutes(5);

struct Published {
  Time made_at;
  std::string gateway;  // our MST
  LineId line;
  LineNow now;
  std::vector<PublicStop> stops;
  std::vector<NoticePtr> notices;
};
std::string CalendarJson(const Published& published);  // keys sorted, stable
std::string CalendarIcs(const Published& published);

}  // namespace tvan
