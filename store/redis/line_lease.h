#pragma once
// The turn of this gateway at the line as it is told: for as long as the last answered beat is good, and not longer,
// whatever holds up the thread that beats. Tells from a thread of its own. Thread-safe.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "gateway/core/clock.h"

namespace tvan {

class LineLease {
 public:
  // `tell`: 0 at once, then every change. Short; it must not destroy or Stop this object.
  LineLease(Clock& clock, std::function<void(uint64_t turn)> tell);
  ~LineLease() { Stop(); }
  LineLease(const LineLease&) = delete;
  LineLease& operator=(const LineLease&) = delete;

  // `turn` is ours until then; 0: it is not.
  void Set(uint64_t turn, Steady until);
  // 0 was told when this returns, and nothing is told after it.
  void Stop();

 private:
  void Run();

  Clock& clock_;
  const std::function<void(uint64_t)> tell_;
  std::mutex mutex_;  // guards the next three
  uint64_t turn_ = 0;
  Steady until_{};
  bool ended_ = false;
  std::condition_variable changed_;
  std::thread thread_;  // last: it uses the rest
};

}  // namespace tvan
