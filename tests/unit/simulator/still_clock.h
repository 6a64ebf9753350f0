#pragma once
// A clock that stands still until the test moves it; counts the WorkScopes. Thread-safe.

#include <atomic>
#include <map>
#include <mutex>

#include "gateway/core/clock.h"

namespace tvan::test {

// Time moves only by MoveTo; timers run inside of it.
class StillClock final : public Clock {
 public:
  explicit StillClock(Time now) : now_(now) {}
  Time Now() const override {
    std::lock_guard lock(mutex_);
    return now_;
  }
  Steady SteadyNow() const override { return {Now().us}; }
  TimerId RunAt(Steady at, std::function<void()> callback) override {
    std::lock_guard lock(mutex_);
    timers_[{at.us, ++last_}] = std::move(callback);
    return last_;
  }
  bool Cancel(TimerId id) override {
    std::lock_guard lock(mutex_);
    return std::erase_if(timers_, [id](const auto& timer) { return timer.first.second == id; }) > 0;
  }
  bool WaitUntil(std::condition_variable& cv, std::unique_lock<std::mutex>& lock, Steady,
                 const std::function<bool()>& ready) override {
    cv.wait(lock, ready);
    return true;
  }
  void WorkBegins() override { ++work_begun; }
  void WorkEnds() override { ++work_ended; }
  void MoveTo(Time to) {
    for (;;) {
      std::unique_lock lock(mutex_);
      if (timers_.empty() || timers_.begin()->first.first > to.us) {
        now_ = to;
        return;
      }
      auto timer = timers_.extract(timers_.begin());
      now_ = {timer.key().first};
      lock.unlock();
      timer.mapped()();
    }
  }
  std::atomic<int> work_begun{0}, work_ended{0};

 private:
  mutable std::mutex mutex_;
  Time now_;
  TimerId last_ = 0;
  std::map<std::pair<int64_t, TimerId>, std::function<void()>> timers_;
};

}  // namespace tvan::test
