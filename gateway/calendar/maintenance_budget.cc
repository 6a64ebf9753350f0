#include "gateway/calendar/maintenance_budget.h"

#include <algorithm>
#include <cstdio>

#include "gateway/calendar/phase.h"

namespace tvan {
namespace {

constexpr int64_t kShare = 50;  // one of so many hours: 2 %

Time StartOf(int year) {
  char text[16];
  std::snprintf(text, sizeof text, "%04d-01-01", std::clamp(year, 1970, 9999));
  return *ParseDate(text);
}

}  // namespace

int YearOf(Time t) { return std::stoi(FormatLocal(t).substr(0, 4)); }

Span OwnStopsWithin(const std::vector<Window>& windows, Time from, Time to) {
  std::vector<Window> own;
  for (const Window& window : windows) {
    if (window.kind != WindowKind::kOwn) continue;
    Window& all = own.emplace_back(window);  // of every line and class, and known before
    all.line = LineId();
    all.classes.clear();
    all.created_at = Time();
  }
  return from < to ? ClosedWithin(own, LineId(), MessageClass::kCoded, from, to) : Span(0);
}

MaintenanceBudget BudgetOf(const std::vector<Window>& windows, int year, Time now) {
  const Time from = StartOf(year), to = StartOf(year + 1);
  const Time cut = std::clamp(now, from, to);
  return {year, (to - from) / kShare, OwnStopsWithin(windows, from, cut), OwnStopsWithin(windows, cut, to)};
}

}  // namespace tvan
