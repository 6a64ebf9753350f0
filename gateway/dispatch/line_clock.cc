#include "gateway/dispatch/line_clock.h"

#include <algorithm>
#include <utility>

namespace tvan {

std::shared_ptr<const LineClock> LineClockOf(const DispatchParts& parts, const LineHealth& health,
                                             const LinePhases& phases) {
  auto clock = std::make_shared<LineClock>();
  clock->up_since = health.up_since();
  clock->stops = parts.calendar.Windows();
  for (Window& pause : phases.Pauses()) clock->stops.push_back(std::move(pause));
  return clock;
}

WatchFacts FactsOf(const DispatchParts& parts, const LineClock& clock, const MessageMeta& meta, Time now) {
  const LineId& line = parts.options.line;
  const LineState state = parts.calendar.At(line, meta.cls, now);
  WatchFacts facts;
  facts.now = now;
  facts.settle = parts.options.in_doubt_settle;
  facts.max_system_codes = parts.options.max_system_codes;
  const bool open = !IsClosed(state, now) && clock.up_since != kForever;
  facts.open_since = open ? std::max(state.open_since, clock.up_since) : kForever;
  facts.not_open = ClosedWithin(clock.stops, line, meta.cls, meta.stage_since, now);
  return facts;
}

}  // namespace tvan
