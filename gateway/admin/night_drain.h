#pragma once
// The board of a drain for operators, and its forecast for providers: what waits, how fast it leaves, and whether that
// is soon enough. Every function may be called from any thread.

#include <optional>

#include "gateway/calendar/calendar.h"
#include "gateway/dispatch/dispatcher.h"
#include "store/store.h"
#include "tvan/admin/v1/night.pb.h"
#include "tvan/v1/calendar.pb.h"

namespace tvan {

struct DrainParts {
  const Store& store;
  const Calendar& calendar;
  const Dispatcher& dispatcher;
  LineId line;
};
// The zeros as the store counts them now; rates, and who waits for a 999, as dispatch saw them last. Blocking.
// admin.bad_request (a class to pause that is none), store.*
Status FillDrain(const DrainParts& parts, const admin::v1::GetDrainRequest& request, Time now, admin::v1::Drain& board);

// Of all that waits, not of one provider. No look at the store. nullopt: nothing was measured yet.
std::optional<v1::GetLineStatusResponse::Forecast> ForecastForProviders(const Calendar& calendar,
                                                                        const Dispatcher::View& view,
                                                                        const LineId& line, Time now);

}  // namespace tvan
