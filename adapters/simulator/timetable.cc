#include "adapters/simulator/timetable.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace tvan::sim {
namespace {

const char* NameOf(SpellKind kind) {
  switch (kind) {
    case SpellKind::kWindow:
      return "window";
    case SpellKind::kVerify:
      return "verify";
    case SpellKind::kOutage:
      return "outage";
    case SpellKind::kFlap:
      return "flap";
    case SpellKind::kLie:
      break;
  }
  return "lie";
}

struct Border {
  Time at;
  bool opens = false;  // what ends is told before what begins
  const Spell* spell = nullptr;
};

const Spell* Same(const std::vector<Spell>& spells, const Spell& like, Time now) {
  for (const Spell& spell : spells)
    if (std::tie(spell.kind, spell.number, spell.from) == std::tie(like.kind, like.number, like.from) &&
        spell.Holds(now))
      return &spell;
  return nullptr;
}

}  // namespace

Timetable::Timetable(Plan plan, const Dice& dice, Clock& clock, Transcript& transcript)
    : dice_(dice), clock_(clock), transcript_(transcript), plan_(std::move(plan)), spells_(SpellsOf(plan_, dice_)) {
  const std::lock_guard lock(guard_->mutex);
  told_ = clock_.Now();
  for (const Spell& spell : spells_)
    if (spell.Holds(told_)) Write("open", spell);
  Arm(told_);
}

Timetable::~Timetable() {
  const std::lock_guard lock(guard_->mutex);
  guard_->gone = true;
  if (timer_) clock_.Cancel(*timer_);
}

Conditions Timetable::At(Time t) const {
  const std::lock_guard lock(guard_->mutex);
  return ConditionsAt(spells_, plan_, t);
}

Time Timetable::DateHeader() const {
  const std::lock_guard lock(guard_->mutex);
  return clock_.Now() + plan_.date_skew;
}

void Timetable::Change(Plan plan) {
  const std::lock_guard lock(guard_->mutex);
  const Time now = clock_.Now();
  Tell(now);
  plan_ = std::move(plan);
  const std::vector<Spell> before = std::exchange(spells_, SpellsOf(plan_, dice_));
  for (const Spell& spell : before)
    if (spell.Holds(now) && Same(spells_, spell, now) == nullptr) Write("close", spell);
  for (const Spell& spell : spells_) {
    if (!spell.Holds(now)) continue;
    const Spell* old = Same(before, spell, now);
    if (old == nullptr) Write("open", spell);
    if (old != nullptr && *old != spell) Write("change", spell);
  }
  Arm(now);
}

void Timetable::Tell(Time now) {
  std::vector<Border> borders;
  for (const Spell& spell : spells_) {
    if (told_ < spell.to && spell.to <= now) borders.push_back({spell.to, false, &spell});
    if (told_ < spell.from && spell.from <= now) borders.push_back({spell.from, true, &spell});
  }
  std::stable_sort(borders.begin(), borders.end(),
                   [](const Border& a, const Border& b) { return std::tie(a.at, a.opens) < std::tie(b.at, b.opens); });
  for (const Border& border : borders) Write(border.opens ? "open" : "close", *border.spell);
  told_ = now;
}

void Timetable::Arm(Time now) {
  if (timer_) clock_.Cancel(*timer_);
  timer_.reset();
  Time next = kForever;
  for (const Spell& spell : spells_)
    for (Time border : {spell.from, spell.to})
      if (border > now) next = std::min(next, border);
  if (next == kForever) return;
  timer_ = clock_.RunAt(clock_.SteadyNow() + (next - now), [this, guard = guard_] {
    const std::lock_guard lock(guard->mutex);
    if (guard->gone) return;
    const Time then = clock_.Now();
    Tell(then);
    Arm(then);
  });
}

void Timetable::Write(const char* what, const Spell& spell) const {
  Event event(std::string(NameOf(spell.kind)) + "_" + what);
  if (spell.kind == SpellKind::kWindow || spell.kind == SpellKind::kVerify)
    event.Number("window", spell.number);
  else if (spell.kind != SpellKind::kLie)
    event.Number("outage", spell.number);
  const bool window = spell.kind == SpellKind::kWindow;
  event.At("start", spell.from).At("end", window ? spell.announced_end : spell.to);
  if (window) event.At("closes", spell.to);
  if (window || spell.kind == SpellKind::kOutage) event.Text("mode", ToString(spell.mode));
  if (spell.kind == SpellKind::kVerify) event.Number("capacity", spell.rate);
  transcript_.Write(event);
}

}  // namespace tvan::sim
