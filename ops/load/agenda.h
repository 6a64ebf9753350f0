#pragma once
// What leaves when: the arrivals of an open loop, as they were fixed beforehand, and repeats after overload. Nothing
// that comes back late moves an arrival. Not thread-safe.

#include <deque>
#include <vector>

#include "gateway/core/time.h"

namespace tvan::load {

class Lane;

struct Job {
  uint32_t index = 0;  // of the corpus
  Steady intended;     // when it was meant to leave; latency counts from here
};

struct Departure {
  Lane* lane = nullptr;
  Job job;
};

class Agenda {
 public:
  Agenda() = default;
  explicit Agenda(std::vector<Span> arrivals) : arrivals_(std::move(arrivals)) {}  // ascending, from the beginning

  void Begin(Steady at) { began_ = at; }
  void Again(Steady due, Lane& lane, const Job& job) { repeats_.push_back({due, {&lane, job}}); }

  Steady NextArrival() const;  // kSteadyForever: no more
  Steady NextRepeat() const;   // likewise
  // The instants, in order, at which those arrivals were meant that are due by `now`; each is taken once.
  std::vector<Steady> TakeArrivals(Steady now);
  std::vector<Departure> TakeRepeats(Steady now);
  // How late an arrival was taken, at worst: what the generator itself adds to a latency.
  Span latest() const { return latest_; }

 private:
  struct Repeat {
    Steady due;
    Departure departure;
  };
  std::vector<Span> arrivals_;
  size_t taken_ = 0;
  Steady began_;
  Span latest_{0};
  std::deque<Repeat> repeats_;
};

}  // namespace tvan::load
