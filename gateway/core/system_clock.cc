#include <algorithm>
#include <chrono>
#include <thread>

#include "gateway/core/clock.h"
#include "gateway/core/timer_queue.h"

namespace tvan {
namespace {

using std::chrono::steady_clock;

int64_t SteadyMicros() { return std::chrono::duration_cast<Span>(steady_clock::now().time_since_epoch()).count(); }

// Far deadlines are cut to a year, so that the nanoseconds of the standard clock cannot overflow; waits are loops.
steady_clock::time_point ToStandard(Steady at) {
  constexpr int64_t kYear = 366LL * 86'400 * 1'000'000;
  const int64_t now = SteadyMicros();
  return steady_clock::time_point(Span(at.us - now > kYear ? now + kYear : std::max<int64_t>(at.us, 0)));
}

class SystemClock final : public Clock {
 public:
  SystemClock() : thread_([this] { RunTimers(); }) {}

  ~SystemClock() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  Time Now() const override {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<Span>(now).count()};
  }

  Steady SteadyNow() const override { return {SteadyMicros()}; }

  TimerId RunAt(Steady at, std::function<void()> callback) override {
    TVAN_CHECK(callback != nullptr);
    const std::lock_guard lock(mutex_);
    const bool earliest = at < timers_.Next();
    const TimerId id = timers_.Add(at, std::move(callback));
    if (earliest) changed_.notify_all();
    return id;
  }

  bool Cancel(TimerId id) override {
    const std::lock_guard lock(mutex_);
    return timers_.Cancel(id);
  }

  bool WaitUntil(std::condition_variable& cv, std::unique_lock<std::mutex>& lock, Steady deadline,
                 const std::function<bool()>& ready) override {
    while (!ready()) {
      if (deadline == kSteadyForever) {
        cv.wait(lock);
        continue;
      }
      if (SteadyNow() >= deadline) return false;
      cv.wait_until(lock, ToStandard(deadline));
    }
    return true;
  }

  void WorkBegins() override {}
  void WorkEnds() override {}

 private:
  void RunTimers() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      if (auto callback = timers_.TakeDue(SteadyNow())) {
        lock.unlock();
        callback();
        callback = nullptr;  // what it holds goes before the lock is taken again
        lock.lock();
        continue;
      }
      if (timers_.Next() == kSteadyForever)
        changed_.wait(lock);
      else
        changed_.wait_until(lock, ToStandard(timers_.Next()));
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  TimerQueue timers_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Clock> MakeSystemClock() { return std::make_unique<SystemClock>(); }

}  // namespace tvan
