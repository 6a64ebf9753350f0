#pragma once
// Looks once a minute at a line that catches up, and has providers told what must be told of it (calendar/catch_up.h).
// Begins when a phase changes, rests when there is nothing to catch up with; a notice that cannot be written is tried
// again. Thread-safe; owned by Announcements.

#include <functional>

#include "gateway/app/timer.h"
#include "gateway/calendar/calendar.h"
#include "gateway/calendar/notices.h"
#include "gateway/core/executor.h"

namespace tvan {

class CatchUpWatch {
 public:
  struct Parts {
    const Calendar& calendar;
    Notices& notices;
    LineId line;
    Clock& clock;
    Executor& pool;  // for what blocks
    // Adds the forecast, of all that waits on the line; no look at the store.
    std::function<void(CatchUpFacts&)> forecast;
    std::function<void()> on_told;
  };
  explicit CatchUpWatch(Parts parts) : parts_(std::move(parts)), look_(parts_.clock) {}

  // In a few seconds, when dispatch has seen the new phase too.
  void PhaseChanged();
  void Stop() { look_.Stop(); }

 private:
  void Plan();
  void Look();  // on the pool

  const Parts parts_;
  Timer look_;
};

}  // namespace tvan
