#pragma once
// Health: SERVING while new messages can be made durable. Red: the store cannot write, the buffer is full, or we are
// shutting down; no phase of the line ever (P5). A full buffer is looked at again and again and turns green once there
// is room; what is still accepted meanwhile (small, or repeated) says nothing. A store that failed stays red until an
// accept succeeds (it must be opened again). Thread-safe.

#include <functional>
#include <mutex>
#include <string>

#include "gateway/app/timer.h"
#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"
#include "gateway/core/status.h"

namespace tvan {

class Health {
 public:
  Health(Clock& clock, Metrics& metrics);
  // Called on each change, from the changing thread; short. Once, before use.
  void SetListener(std::function<void(bool serving)> on_change);  // NOLINT: the value itself is boolean
  // Asked for after a while when the buffer is full: answer with OnRoom or LookLater, from any thread. Short. Once.
  void SetLook(std::function<void()> look);
  void OnRoom();
  void LookLater();
  void OnStore(const Status& outcome);  // of an accept, or of a look at the store
  void OnShutdown();
  bool serving() const;
  std::string why() const;  // empty while serving; else room.what

 private:
  enum class Then { kGoOn, kEnd };
  void Change(std::string why, Then then = Then::kGoOn);  // kEnd: nothing changes any more
  Gauge& gauge_;
  mutable std::mutex mutex_;
  std::mutex change_;  // one listener call at a time, in order
  std::function<void(bool)> on_change_;
  std::function<void()> look_;
  std::string why_;
  bool ended_ = false;
  Timer retry_;  // last: stopped before the rest goes
};

}  // namespace tvan
