#pragma once
// A bounded pool of threads with a bounded queue: full means the caller is told, never growth (DESIGN section 6).
// Tasks run in submission order on `threads` threads; an exception of a library that reaches the pool boundary is
// logged and counted, and stops there. Queued and running tasks hold the clock's WorkScope.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"

namespace tvan {

class Executor {
 public:
  struct Options {
    std::string name;  // metric label and thread name, <= 15 characters
    size_t threads = 1;
    size_t queue_limit = 1024;  // tasks waiting, not counting running ones
  };
  // The destructor runs what is queued to its end, then joins.
  static std::unique_ptr<Executor> Make(Options options, Clock& clock, Metrics& metrics);
  virtual ~Executor() = default;

  // False: the queue is full or Drain has begun; the task was not taken.
  [[nodiscard]] virtual bool TrySubmit(std::function<void()> task) = 0;
  // Refuses new tasks and waits until all taken ones have ended.
  virtual void Drain() = 0;
  virtual size_t queued() const = 0;
};

}  // namespace tvan
