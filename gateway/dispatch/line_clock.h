#pragma once
// The clocks of P3, which stop while the line does not send: closed, verified or down. An immutable value,
// made by the scheduler thread at each tick; others may ask it.

#include <memory>
#include <vector>

#include "gateway/dispatch/line_phases.h"
#include "gateway/dispatch/watch_rules.h"

namespace tvan {

struct LineClock {
  Time up_since = kForever;     // kForever: down
  std::vector<Window> stops{};  // windows and recorded pauses together, so that what overlaps is counted once
};

// A pause that lasts has no end yet.
std::shared_ptr<const LineClock> LineClockOf(const DispatchParts& parts, const LineHealth& health,
                                             const LinePhases& phases);
// Without `takes`.
WatchFacts FactsOf(const DispatchParts& parts, const LineClock& clock, const MessageMeta& meta, Time now);

}  // namespace tvan
