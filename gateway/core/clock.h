#pragma once
// Clock: the only source of time, timers and waiting in the product (a test greps for raw timers elsewhere).
// Two implementations: SystemClock, and PageClock, which reads a clock page shared by several processes so that real
// processes, SIGKILL and virtual time go together (DESIGN section 5, "Time"; sandbox only).
// Thread-safe. Timer callbacks run on the clock's own thread and must be short: hand work to an executor.

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "gateway/core/time.h"

namespace tvan {

using TimerId = uint64_t;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time Now() const = 0;
  virtual Steady SteadyNow() const = 0;

  // Runs `callback` once, not before `at`. Cancel answers true when it will not run any more.
  virtual TimerId RunAt(Steady at, std::function<void()> callback) = 0;
  virtual bool Cancel(TimerId id) = 0;

  // Waits on `cv` until `ready()` or `deadline` (kSteadyForever: no deadline); `lock` is held on entry, on return and
  // while ready() runs. Answers ready(). A thread in here counts as idle for the clock page.
  virtual bool WaitUntil(std::condition_variable& cv, std::unique_lock<std::mutex>& lock, Steady deadline,
                         const std::function<bool()>& ready) = 0;

  // While at least one WorkScope lives, the process is not idle and virtual time stands still. Held by queued and
  // running work, by calls in flight, and by threads that do work of their own between two waits. Free on SystemClock.
  virtual void WorkBegins() = 0;
  virtual void WorkEnds() = 0;
};

class WorkScope {
 public:
  explicit WorkScope(Clock& clock) : clock_(&clock) { clock_->WorkBegins(); }
  ~WorkScope() {
    if (clock_ != nullptr) clock_->WorkEnds();
  }
  WorkScope(WorkScope&& other) noexcept : clock_(other.clock_) { other.clock_ = nullptr; }
  WorkScope(const WorkScope&) = delete;
  WorkScope& operator=(const WorkScope&) = delete;
  WorkScope& operator=(WorkScope&&) = delete;

 private:
  Clock* clock_;
};

std::unique_ptr<Clock> MakeSystemClock();
// Opens (does not create) the page at `path`. Errors: clock.page (not a clock page, full, other version).
Result<std::unique_ptr<Clock>> MakePageClock(const std::string& path);
// "system" or "file:PATH", the value of --clock. Errors: clock.spec, clock.page.
Result<std::unique_ptr<Clock>> MakeClock(const std::string& spec);

}  // namespace tvan
