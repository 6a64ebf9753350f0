#include "gateway/calendar/past_stops.h"

#include <algorithm>

namespace tvan {
namespace {

constexpr uint32_t kPage = 64;  // records

}  // namespace

std::vector<std::pair<std::string, Time>> StopsOf(const PhaseRecord& record) {
  std::vector<std::pair<std::string, Time>> stops;
  for (const auto& [cls, is] : record.classes)
    if (is.phase == Phase::kClosed && !is.window.empty()) stops.emplace_back(is.window, is.since);
  std::sort(stops.begin(), stops.end());
  stops.erase(std::unique(stops.begin(), stops.end()), stops.end());
  return stops;
}

Result<std::optional<PhaseRecord>> LastStop(const Calendar& calendar, const LineId& line, Time oldest) {
  HistoryPage page{.limit = kPage};
  while (true) {
    const auto history = calendar.PhaseHistory(line, page);
    if (!history.ok()) return history.status();
    if (history->empty()) return std::optional<PhaseRecord>();
    const auto last = std::find_if(history->rbegin(), history->rend(), [&](const PhaseRecord& record) {
      return record.at < oldest || !StopsOf(record).empty();
    });
    if (last != history->rend()) return last->at < oldest ? std::nullopt : std::optional(*last);
    page.before = history->front().epoch;
  }
}

}  // namespace tvan
