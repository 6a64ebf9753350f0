#pragma once
// What the parts of dispatch share: borrowed rooms and small helpers. All parts belong to the scheduler thread.

#include <algorithm>
#include <memory>
#include <string>

#include "gateway/calendar/latest_time.h"
#include "gateway/dispatch/dispatcher.h"
#include "gateway/dispatch/line_health.h"

namespace tvan {

struct DispatchParts {
  const Dispatcher::Options options;
  Store& store;
  Calendar& calendar;
  const ContractBook& contracts;
  AuthorityChannel& channel;
  AnswerSearch& search;
  const Digester& digester;
  Clock& clock;
  Metrics& metrics;
  Fence fence;
  bool recovering = false;      // a restored store (recovery.h): its one reading is the search of all
  std::string restored_from{};  // where a search begins for attempts of a life of the store that was lost (recovery.h)
  std::shared_ptr<LatestTime> latest = std::make_shared<LatestTime>();

  Time Wall() const { return latest->Of(clock.Now()); }  // never goes back; from any thread
  Instant Now() const { return {Wall(), clock.SteadyNow()}; }
  const ClassPolicy& Policy(MessageClass cls) const {
    static const ClassPolicy kDefault;
    const auto found = options.classes.find(cls);
    return found == options.classes.end() ? kDefault : found->second;
  }
};

// An event of a message that must still stand where it was looked at; no other stage, unless the caller says one.
inline StageChange ChangeOf(const MessageMeta& meta, EventKind event, Time at, Reason reason) {
  StageChange change;
  change.gateway_id = meta.gateway_id;
  change.event = event;
  change.from = meta.stage;
  change.at = at;
  change.reason = std::string(reason.text());
  return change;
}

// Nothing left, for a stop came first: nobody's failure.
inline bool IsTooLate(const Status& status) {
  return status.reason() == "line.not_after"_reason || status.reason() == "dispatch.closed"_reason;
}
inline bool IsFenced(const Status& status) { return status.reason() == "store.fenced"_reason; }
inline bool IsClosed(const LineState& state, Time now) { return !IsSending(state.phase) || now >= state.not_after; }
// A canary alone may leave while its class is verified.
inline bool IsForCanary(const LineState& state, Time now) {
  return state.phase == Phase::kVerifying && now < state.not_after;
}

inline Steady SteadyAt(Time wall, Instant now) {
  return wall == kForever ? kSteadyForever : now.steady + (std::max(wall, now.wall) - now.wall);
}

}  // namespace tvan
