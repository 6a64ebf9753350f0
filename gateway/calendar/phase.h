#pragma once
// The phases of a line (DESIGN section 7). What the windows say of a time is one pure function; what phase follows,
// from that, from what is known of the line and from what an operator ordered, is another. Closing is immediate on the
// local clock; opening is done by a written record only.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/calendar/window.h"

namespace tvan {

// Numbers are stored.
enum class Phase { kOpen = 0, kDraining = 1, kClosed = 2, kRamping = 3, kDown = 4, kVerifying = 5 };
const char* ToString(Phase phase);
// Messages may be sent, by their phase alone.
inline bool IsSending(Phase phase) {
  return phase == Phase::kOpen || phase == Phase::kDraining || phase == Phase::kRamping;
}

struct LineState {
  Phase phase = Phase::kOpen;
  Time since;
  Time next_change = kForever;         // when this phase must be looked at again
  Time not_after = kForever;           // an attempt recorded now must have its first byte out before this
  std::string window;                  // id of the window that decides, if any
  Time open_since{};                   // end of the last stop, 0 if there was none; kForever while closed
  Time next_stop = kForever;           // start of the next stop
  std::optional<Time> verify_until{};  // of the stop that goes on, or was the last
};

enum class OpenPolicy { kGreenAfterPlannedEnd, kNotBeforeVerifyUntil };

struct PhaseRules {
  Span drain_before = std::chrono::minutes(10);
  Span stop_margin = std::chrono::seconds(2);  // not_after = start − the longer of this and the last call
  OpenPolicy open_policy = OpenPolicy::kGreenAfterPlannedEnd;
  Span offset_alarm = std::chrono::seconds(2), offset_close = std::chrono::seconds(30);  // of our clock to theirs
  bool rehearsals = true;       // windows of that kind close the line; not in production
  int break_glass_persons = 1;  // 2: a second operator must say so too
};

// What a set of windows says at `now`: closed inside one; draining within `drain_before` of a start; else open. Pure.
LineState StateAt(const std::vector<Window>& windows, const LineId& line, MessageClass cls, Time now,
                  const PhaseRules& rules);

// How much of [from, to) the windows close, overlaps counted once. Pure. For clocks that stop while the line is closed.
Span ClosedWithin(const std::vector<Window>& windows, const LineId& line, MessageClass cls, Time from, Time to);

struct ClassPhase {
  Phase phase = Phase::kOpen;
  Time since;
  std::string window;             // of the stop that it belongs to; empty: none
  std::string evidence;           // why it is in it, one line for people, at most 500 bytes
  Time sending_since = kForever;  // when it last began to send; kForever: it does not
  friend bool operator==(const ClassPhase&, const ClassPhase&) = default;
};

// One version of what is written of a line.
struct PhaseRecord {
  uint64_t epoch = 0;  // version of the record; 0: never written
  Time at;             // when it was written
  std::map<MessageClass, ClassPhase> classes;
};

// The last complete round of probes: L1 TCP and TLS, L2 the service answers, L3 a canary was taken.
struct ProbeRound {
  Time at;  // it began
  bool green = false;
  int level = 0;  // the highest that was green
  std::string evidence;
};

struct BreakGlass {  // an operator opens without green
  Time at;
  std::string author, reason;
};

struct LineFacts {
  Time now;
  std::optional<std::string> down;        // why the line is down by experience; nullopt: up
  std::optional<ProbeRound> probed;       // the newest
  bool ramped = true;                     // the pace is as high as it may be
  std::optional<std::string> clock_off;   // our clock cannot be trusted: closes
  std::optional<BreakGlass> break_glass;  // the newest
};

// The phase of one class that follows `before`, run until nothing changes; `says` is StateAt of the same instant.
//   open, draining, ramping → closed   inside a window, or while the clock cannot be trusted
//   open, draining, ramping → verifying when a stop has come and gone unseen (the process was away)
//   open, draining, ramping → down     by experience
//   closed → verifying                 its windows are over; or nothing is known any more against our clock
//   down → verifying                   a probe begun since answered; since then, so that this probe counts
//   verifying → ramping                a round of probes begun since was green, and open_policy allows; or by
//   break-glass ramping → open                     the pace is full;  open ↔ draining by the windows
// `before` nullopt: the first record of a line begins where the windows say, but verifying behind a stop.
ClassPhase NextPhase(const std::optional<ClassPhase>& before, const LineState& says, const LineFacts& facts,
                     const PhaseRules& rules);

}  // namespace tvan
