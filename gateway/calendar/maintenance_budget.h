#pragma once
// Our own maintenance of a year against what it may be: 2 % of its hours, 175.2 of 8760 (duties F7). Pure.

#include <vector>

#include "gateway/calendar/window.h"

namespace tvan {

struct MaintenanceBudget {
  int year = 0;
  Span allowed{}, used{}, planned{};
  Span left() const { return allowed - used - planned; }
};

int YearOf(Time t);  // +07:00
// Windows of kind own, whatever line or class they close: overlaps counted once, recurring ones day by day, cut at the
// borders of the year and at `now`. One that was entered when it was over counts as well: the stop was. Years
// 1970..9998.
MaintenanceBudget BudgetOf(const std::vector<Window>& windows, int year, Time now);
// How much of [from, to) our own stops close; a part of BudgetOf.
Span OwnStopsWithin(const std::vector<Window>& windows, Time from, Time to);

}  // namespace tvan
