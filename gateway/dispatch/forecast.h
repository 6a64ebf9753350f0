#pragma once
// Forecast: when what waits will have left, or how much of it will still wait when its stop comes. The messages are
// taken as a fluid: each class fills at its arriving rate; the line takes what its pace allows, the first class first,
// what that leaves to the next. Exact for constant arrivals and a pace that grows in a straight line. Pure.

#include <optional>
#include <set>
#include <vector>

#include "gateway/core/envelope.h"
#include "gateway/core/time.h"

namespace tvan {

// Messages a second that the line is given: it grows from `now_per_s` to `max_per_s`, from `start_per_s` after each
// opening.
struct Pace {
  double now_per_s = 0, start_per_s = 0, growth_per_s = 0, max_per_s = 0;
};

struct Flow {  // of one class
  MessageClass cls = MessageClass::kUncoded;
  double waiting = 0, arriving_per_s = 0;
  std::optional<Time> opens{};  // nothing of it leaves before, then the pace begins anew; nullopt: it is sent now
  Time last_call = kForever;    // nothing of it leaves from then on
};

struct ClassOutlook {
  MessageClass cls = MessageClass::kUncoded;
  std::optional<Time> empty_at{};  // nothing of it waits, and what comes leaves at once; nullopt: not before its stop
  uint64_t short_by = 0;           // of it wait at its last call
};

struct Outlook {
  std::vector<ClassOutlook> classes{};  // as the flows
  std::optional<Time> empty_at{};       // of all classes at once
  uint64_t short_by = 0;                // of all classes, each at its own last call
};

// `flows` in the order in which the classes go. What takes more than a week to empty never does.
Outlook ForecastOf(const std::vector<Flow>& flows, const Pace& pace, Time now);
// The flows if no more of these classes came in.
std::vector<Flow> Paused(std::vector<Flow> flows, const std::set<MessageClass>& classes);

}  // namespace tvan
