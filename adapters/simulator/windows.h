#pragma once
// The announced stops: which one is open at a time, and the two transcript lines of each, written by timers.
// Immutable after construction but for the timers; thread-safe.

#include <vector>

#include "adapters/simulator/options.h"
#include "adapters/simulator/transcript.h"
#include "gateway/core/clock.h"

namespace tvan::sim {

class Windows {
 public:
  Windows(std::vector<WindowEntry> entries, Clock& clock, Transcript& transcript);
  ~Windows();
  Windows(const Windows&) = delete;
  Windows& operator=(const Windows&) = delete;

  // 1, 2 … in the order given; 0: none is open.
  int OpenAt(Time t) const;
  WindowMode mode(int window) const { return entries_[size_t(window) - 1].mode; }

 private:
  void Announce(const char* kind, size_t index);

  const std::vector<WindowEntry> entries_;
  Clock& clock_;
  Transcript& transcript_;
  std::vector<TimerId> timers_;
};

}  // namespace tvan::sim
