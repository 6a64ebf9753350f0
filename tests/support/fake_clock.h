#pragma once
// A clock that a test moves by hand. Time stands still until AdvanceTo, which goes from timer to timer and, at each of
// them, waits until everybody is idle again: every thread that ever waited on this clock is back in a wait that is not
// due, and no WorkScope lives. So a run is the same each time, whatever the machine does.
// A thread that waits on this clock must not be waited for by its mover outside of AdvanceTo.

#include <memory>

#include "gateway/core/clock.h"

namespace tvan {

class TestClock : public Clock {
 public:
  // Ends the test program with a message when somebody stays busy for half a minute of real time.
  virtual void AdvanceTo(Time target) = 0;
  void AdvanceBy(Span span) { AdvanceTo(Now() + span); }
  // Waits until all are idle at the present time.
  virtual void Settle() = 0;
};

// Starts at 2026-11-21T10:00:00+07:00.
std::unique_ptr<TestClock> MakeTestClock();
std::unique_ptr<TestClock> MakeTestClock(Time start);

}  // namespace tvan
