#pragma once
// A plan spread out in time: spells, each half-open, and what they make of the line at a moment. Pure functions.

#include <optional>
#include <string>
#include <vector>

#include "adapters/simulator/dice.h"
#include "adapters/simulator/plan.h"

namespace tvan::sim {

enum class SpellKind { kWindow, kVerify, kOutage, kFlap, kLie };  // kFlap: one turn of being down

struct Spell {
  SpellKind kind = SpellKind::kWindow;
  int number = 0;  // of its window or outage in the plan, from 1; 0: kLie
  Time from, to;
  LineMode mode = LineMode::kReset;  // kWindow, kOutage
  Time announced_end;                // kWindow
  Span span{};                       // kOutage: as in the plan
  int64_t rate = 0;                  // kVerify
  friend bool operator==(const Spell&, const Spell&) = default;
  bool Holds(Time t) const { return from <= t && t < to; }
};

// In the order of the plan. The turns of flapping are drawn by the seed, between half and one and a half of their span.
std::vector<Spell> SpellsOf(const Plan& plan, const Dice& dice);

// Answers that were due by `due_by` and that nobody has been handed are not shown before `until`.
struct Lie {
  Time due_by, until;
};

struct Conditions {
  int window = 0;                // the window that is open, 0: none
  int outage = 0;                // the first outage that goes on, 0: none
  std::optional<LineMode> down;  // how the line is closed; none: it serves
  Span slow{}, lag{};
  std::optional<int64_t> capacity;  // messages a second; none: no limit
  Overload overload = Overload::kFault;
  std::vector<Lie> lies;
  bool serves() const { return !down; }
};
Conditions ConditionsAt(const std::vector<Spell>& spells, const Plan& plan, Time t);

}  // namespace tvan::sim
