#pragma once
// The shared clock page: a file of one fixed layout, mapped by every process of a sandbox run and by one driver.
// Processes register a slot (pid, next timer, busy count, activity counter); the driver moves time forward only while
// every live slot is idle, and then to the earliest timer. A dead pid's slot is freed. Waiters wake by futex.
// Layout and rules are in gateway/core/CLOCK_PAGE.md.

#include <memory>
#include <string>

#include "gateway/core/time.h"

namespace tvan {

class ClockDriver {
 public:
  // Creates or replaces the page at `path`, showing `start`. clock.page
  static Result<std::unique_ptr<ClockDriver>> Create(const std::string& path, Time start);
  virtual ~ClockDriver() = default;

  virtual Time Now() const = 0;
  // Lets virtual time run until `target`: waits (real time) until all live processes have been idle, unchanged, for
  // `settle`, moves to the earliest timer or target, wakes the waiters, and again. Answers when the page shows
  // `target` and all are idle there. Gives up after `patience` of real time without progress: clock.stuck, naming the
  // busy pids.
  virtual Status AdvanceTo(Time target, Span settle, Span patience) = 0;
};

}  // namespace tvan
