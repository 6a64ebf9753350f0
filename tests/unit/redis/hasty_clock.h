#pragma once
// The system's clock for everything but SteadyNow, which goes on by `step` each time it is asked.

#include <atomic>
#include <memory>

#include "gateway/core/clock.h"

namespace tvan {

class HastyClock : public Clock {
 public:
  explicit HastyClock(Span step) : step_(step) {}
  Time Now() const override { return system_->Now(); }
  Steady SteadyNow() const override { return Steady{} + step_ * asked_.fetch_add(1); }
  TimerId RunAt(Steady at, std::function<void()> callback) override { return system_->RunAt(at, std::move(callback)); }
  bool Cancel(TimerId id) override { return system_->Cancel(id); }
  bool WaitUntil(std::condition_variable& cv, std::unique_lock<std::mutex>& lock, Steady,
                 const std::function<bool()>& ready) override {
    return system_->WaitUntil(cv, lock, system_->SteadyNow(), ready);  // waits for nobody
  }
  void WorkBegins() override {}
  void WorkEnds() override {}

 private:
  const std::unique_ptr<Clock> system_ = MakeSystemClock();
  const Span step_;
  mutable std::atomic<int64_t> asked_{0};
};

inline std::unique_ptr<Clock> MakeHastyClock(Span step) { return std::make_unique<HastyClock>(step); }

}  // namespace tvan
