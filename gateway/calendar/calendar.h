#pragma once
// Calendar: planned windows and what they mean for the line now. A window closes the line as P6 says: no attempt is
// recorded in a closed phase, and every attempt carries not_after. The phase is a pure function of windows and time;
// closing is immediate on the local clock. Thread-safe. (Draining forecast, probes and break-glass: later.)

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/core/clock.h"
#include "gateway/core/envelope.h"
#include "store/store.h"

namespace tvan {

struct Window {
  std::string id;                     // [a-z0-9-]{1,32}
  Time start, end;                    // half-open
  LineId line;                        // empty: every line
  std::vector<MessageClass> classes;  // empty: every class
  std::string reason, source;         // e.g. number of the notice
  bool cancelled = false;
};

enum class Phase { kOpen, kDraining, kClosed, kRamping, kDown };
const char* ToString(Phase phase);

struct LineState {
  Phase phase = Phase::kOpen;
  Time since;
  Time next_change = kForever;  // when this phase must be looked at again
  Time not_after = kForever;    // an attempt recorded now must have its first byte out before this
  std::string window;           // id of the window that decides, if any
  Time open_since{};            // end of the last stop, 0 if there was none; kForever while closed
};

// What a set of windows says at `now`: closed inside one; draining within `drain_before` of a start; ramping within
// `ramp` after an end; else open. Pure.
struct PhaseRules {
  Span drain_before = std::chrono::minutes(10);
  Span ramp = std::chrono::minutes(15);
  Span stop_margin = std::chrono::seconds(2);  // not_after = start − margin
};
LineState StateAt(const std::vector<Window>& windows, const LineId& line, MessageClass cls, Time now,
                  const PhaseRules& rules);

// How much of [from, to) the windows close, overlaps counted once. Pure. For clocks that stop while the line is closed.
Span ClosedWithin(const std::vector<Window>& windows, const LineId& line, MessageClass cls, Time from, Time to);

class Calendar {
 public:
  static Result<std::unique_ptr<Calendar>> Load(Store& store, const PhaseRules& rules);  // calendar.damaged
  virtual ~Calendar() = default;
  virtual LineState At(const LineId& line, MessageClass cls, Time now) const = 0;
  // True while at least one class may be sent or answers may be read on this line.
  virtual bool MayReceive(const LineId& line, Time now) const = 0;
  virtual std::vector<Window> Windows() const = 0;
  // Durable, then visible. `expected_version` is the version that the change was made from; none: whatever there is.
  // Errors: calendar.invalid (end before start, bad id), store.conflict (another version stands there by now).
  virtual Result<uint64_t> Put(const Window& window, const std::string& author, const std::string& reason, Time now,
                               std::optional<uint64_t> expected_version = std::nullopt) = 0;
  // Called after each change, from the changing thread; once, before use.
  virtual void SetListener(std::function<void()> on_change) = 0;
};

}  // namespace tvan
