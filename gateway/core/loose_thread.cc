#include "gateway/core/loose_thread.h"

namespace tvan {

LooseThread& LooseThread::OfThisThread() {
  thread_local LooseThread thread;
  return thread;
}

void LooseThread::Take(const std::shared_ptr<ClockPage>& page, ClockSlot& slot) {
  if (slot_ == &slot && LooseGeneration(slot.loose) == generation_) return;
  Release();
  generation_ = LooseGeneration(slot.loose.fetch_add(1));
  slot_ = &slot;
  page_ = page;
}

void LooseThread::Release() {
  if (slot_ == nullptr) return;
  uint64_t word = slot_->loose;
  while (LooseGeneration(word) == generation_ && LooseCount(word) > 0)
    if (slot_->loose.compare_exchange_weak(word, word - 1)) break;
  slot_ = nullptr;
  page_ = nullptr;
}

void ForgiveLoose(ClockSlot& slot, uint64_t seen) {
  const uint64_t next = uint64_t{LooseGeneration(seen) + 1} << 32;
  slot.loose.compare_exchange_strong(seen, next);
}

}  // namespace tvan
