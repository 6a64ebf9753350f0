#pragma once
// The timers of one clock, in order of time and then of arming. Not thread-safe: its clock holds a mutex.

#include <functional>
#include <map>
#include <unordered_map>
#include <utility>

#include "gateway/core/clock.h"

namespace tvan {

class TimerQueue {
 public:
  TimerId Add(Steady at, std::function<void()> callback) {
    const TimerId id = ++last_;
    by_time_.emplace(std::pair(at, id), std::move(callback));
    times_.emplace(id, at);
    return id;
  }

  // False: the timer has been taken, or never was.
  bool Cancel(TimerId id) {
    const auto found = times_.find(id);
    if (found == times_.end()) return false;
    by_time_.erase({found->second, id});
    times_.erase(found);
    return true;
  }

  Steady Next() const { return by_time_.empty() ? kSteadyForever : by_time_.begin()->first.first; }

  // The first timer due at `now`, taken out; empty when there is none.
  std::function<void()> TakeDue(Steady now) {
    if (by_time_.empty() || by_time_.begin()->first.first > now) return nullptr;
    auto first = by_time_.extract(by_time_.begin());
    times_.erase(first.key().second);
    return std::move(first.mapped());
  }

 private:
  TimerId last_ = 0;
  std::map<std::pair<Steady, TimerId>, std::function<void()>> by_time_;
  std::unordered_map<TimerId, Steady> times_;
};

}  // namespace tvan
