#pragma once
// One timer at a time on a Clock, safe to destroy: after Stop (or the destructor) returns, the callback neither runs
// nor will run. Do not call Start or Stop under a lock that the callback takes. Thread-safe.

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "gateway/core/clock.h"

namespace tvan {

class Timer {
 public:
  explicit Timer(Clock& clock) : clock_(clock) {}
  ~Timer() { Stop(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  // Replaces what was set before. The callback may call Start.
  void Start(Span after, std::function<void()> callback) {
    auto alarm = std::make_shared<Alarm>();
    alarm->callback = std::move(callback);
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    if (id_ != 0) clock_.Cancel(id_);
    current_ = alarm;
    id_ = clock_.RunAt(clock_.SteadyNow() + after, [alarm] {
      const std::lock_guard running(alarm->mutex);
      if (alarm->callback) alarm->callback();
    });
  }
  void Stop() {
    std::shared_ptr<Alarm> alarm;
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
      if (id_ != 0) clock_.Cancel(id_);
      alarm = std::move(current_);
    }
    if (alarm == nullptr) return;
    const std::lock_guard not_running(alarm->mutex);
    alarm->callback = nullptr;
  }

 private:
  struct Alarm {
    std::mutex mutex;
    std::function<void()> callback;
  };
  Clock& clock_;
  std::mutex mutex_;
  std::shared_ptr<Alarm> current_;
  TimerId id_ = 0;
  bool stopped_ = false;
};

}  // namespace tvan
