#pragma once
// The plan in force: what the line is like at a time, and the transcript's lines for what begins and ends, written by
// a timer. Another plan may be put in its place. Thread-safe.

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "adapters/simulator/spells.h"
#include "adapters/simulator/transcript.h"
#include "gateway/core/clock.h"

namespace tvan::sim {

class Timetable {
 public:
  Timetable(Plan plan, const Dice& dice, Clock& clock, Transcript& transcript);
  ~Timetable();
  Timetable(const Timetable&) = delete;
  Timetable& operator=(const Timetable&) = delete;

  Conditions At(Time t) const;
  Time DateHeader() const;  // what its Date header says now
  // From now on. What goes on under both plans goes on; its end may move.
  void Change(Plan plan);

 private:
  void Tell(Time now);  // what began or ended since it told last
  void Arm(Time now);
  void Write(const char* what, const Spell& spell) const;

  struct Guard {  // outlives a callback that the clock has begun
    std::mutex mutex;
    bool gone = false;
  };

  const Dice& dice_;
  Clock& clock_;
  Transcript& transcript_;
  const std::shared_ptr<Guard> guard_ = std::make_shared<Guard>();
  Plan plan_;
  std::vector<Spell> spells_;
  Time told_;  // all up to then is written
  std::optional<TimerId> timer_;
};

}  // namespace tvan::sim
