#include "ops/load/agenda.h"

#include <algorithm>

namespace tvan::load {

Steady Agenda::NextArrival() const { return taken_ < arrivals_.size() ? began_ + arrivals_[taken_] : kSteadyForever; }

Steady Agenda::NextRepeat() const {
  Steady next = kSteadyForever;
  for (const Repeat& repeat : repeats_) next = std::min(next, repeat.due);
  return next;
}

std::vector<Steady> Agenda::TakeArrivals(Steady now) {
  std::vector<Steady> due;
  for (; NextArrival() <= now; ++taken_) {
    due.push_back(NextArrival());
    latest_ = std::max(latest_, now - due.back());
  }
  return due;
}

std::vector<Departure> Agenda::TakeRepeats(Steady now) {
  std::vector<Departure> due;
  std::erase_if(repeats_, [&](const Repeat& repeat) {
    if (repeat.due > now) return false;
    due.push_back(repeat.departure);
    return true;
  });
  return due;
}

}  // namespace tvan::load
