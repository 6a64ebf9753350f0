#pragma once
// A loose thread: one that has left a wait and has not begun the next. It may be about to start work, or never come
// back to the clock; the page counts it, and the driver forgives it after a grace (CLOCK_PAGE.md).
// Thread-local state; internal to core.

#include <memory>

#include "gateway/core/clock_page_layout.h"

namespace tvan {

class LooseThread {
 public:
  static LooseThread& OfThisThread();
  ~LooseThread() { Release(); }

  // Counts this thread in the slot, once; counts it anew when it was forgiven meanwhile.
  void Take(const std::shared_ptr<ClockPage>& page, ClockSlot& slot);
  void Release();

 private:
  std::shared_ptr<ClockPage> page_;  // keeps the mapping while this thread may write to it
  ClockSlot* slot_ = nullptr;
  uint32_t generation_ = 0;
};

inline uint32_t LooseGeneration(uint64_t word) { return static_cast<uint32_t>(word >> 32); }
inline uint32_t LooseCount(uint64_t word) { return static_cast<uint32_t>(word); }
// Forgets the threads counted in `seen`, unless the count has changed since.
void ForgiveLoose(ClockSlot& slot, uint64_t seen);

}  // namespace tvan
