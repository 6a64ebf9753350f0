#include "adapters/simulator/spells.h"

#include <algorithm>

namespace tvan::sim {
namespace {

constexpr Span kDay = std::chrono::hours(24);

class Spreading {
 public:
  Spreading(const Plan& plan, const Dice& dice) : plan_(plan), dice_(dice) {}

  std::vector<Spell> All() {
    for (size_t i = 0; i < plan_.windows.size(); ++i)
      for (int day = 0; day < plan_.windows[i].days; ++day) AddWindow(int(i) + 1, plan_.windows[i], day * kDay);
    for (size_t i = 0; i < plan_.outages.size(); ++i) AddOutage(int(i) + 1, plan_.outages[i]);
    return std::move(spells_);
  }

 private:
  void AddWindow(int number, const WindowEntry& window, Span later) {
    const Time end = window.end + later, closes = end + window.overrun;
    Add({SpellKind::kWindow, number, window.start + later, closes, window.mode, end});
    Recovers(closes);
    if (window.verify.count() > 0)
      Add({.kind = SpellKind::kVerify,
           .number = number,
           .from = closes,
           .to = closes + window.verify,
           .rate = window.verify_rate});
  }

  void AddOutage(int number, const OutageEntry& outage) {
    Add({.kind = SpellKind::kOutage,
         .number = number,
         .from = outage.from,
         .to = outage.to,
         .mode = outage.mode,
         .span = outage.span});
    if (outage.mode == LineMode::kFlap) AddTurns(number, outage);
    if (Closes(outage.mode) || outage.mode == LineMode::kFlap) Recovers(outage.to);
  }

  // Down first, then up and down by turns.
  void AddTurns(int number, const OutageEntry& outage) {
    Time at = outage.from;
    for (int turn = 0; at < outage.to; ++turn) {
      const std::string name = FormatTime(outage.from) + " " + std::to_string(turn);
      const Time next = std::min(outage.to, at + dice_.Between("flap", name, outage.span / 2, outage.span * 3 / 2));
      if (turn % 2 == 0) Add({.kind = SpellKind::kFlap, .number = number, .from = at, .to = next});
      at = next;
    }
  }

  void Recovers(Time at) {
    if (plan_.lie_not_found.count() > 0) Add({.kind = SpellKind::kLie, .from = at, .to = at + plan_.lie_not_found});
  }

  void Add(Spell spell) { spells_.push_back(spell); }

  const Plan& plan_;
  const Dice& dice_;
  std::vector<Spell> spells_;
};

void ApplyOutage(const Spell& spell, Conditions& now) {
  if (now.outage == 0) now.outage = spell.number;
  if (spell.mode == LineMode::kSlow) now.slow = std::max(now.slow, spell.span);
  if (spell.mode == LineMode::kLag) now.lag = std::max(now.lag, spell.span);
  if (spell.mode == LineMode::kNotFound) now.lies.push_back({spell.to, spell.to});
  if (Closes(spell.mode) && !now.down) now.down = spell.mode;
}

void Apply(const Spell& spell, Conditions& now) {
  switch (spell.kind) {
    case SpellKind::kWindow:
      if (now.window == 0) now.window = spell.number, now.down = spell.mode;
      break;
    case SpellKind::kVerify:
      now.capacity = std::min(now.capacity.value_or(spell.rate), spell.rate);
      break;
    case SpellKind::kOutage:
      ApplyOutage(spell, now);
      break;
    case SpellKind::kFlap:
      if (!now.down) now.down = LineMode::kReset;
      break;
    case SpellKind::kLie:
      now.lies.push_back({spell.from, spell.to});
      break;
  }
}

}  // namespace

std::vector<Spell> SpellsOf(const Plan& plan, const Dice& dice) { return Spreading(plan, dice).All(); }

Conditions ConditionsAt(const std::vector<Spell>& spells, const Plan& plan, Time t) {
  Conditions now;
  now.capacity = plan.capacity;
  now.overload = plan.overload;
  for (const Spell& spell : spells)
    if (spell.Holds(t)) Apply(spell, now);
  return now;
}

}  // namespace tvan::sim
