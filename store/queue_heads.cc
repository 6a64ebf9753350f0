#include "store/queue_heads.h"

#include <algorithm>

#include "store/keys.h"

namespace tvan {

uint64_t QueueHeads::Generation() const {
  std::lock_guard lock(mutex_);
  return generation_;
}

uint64_t QueueHeads::From(const std::string& queue) const {
  std::lock_guard lock(mutex_);
  auto it = heads_.find(queue);
  return it == heads_.end() ? 0 : it->second;
}

void QueueHeads::Raise(const std::string& queue, uint64_t first, uint64_t generation) {
  std::lock_guard lock(mutex_);
  if (generation == generation_) heads_[queue] = first;
}

void QueueHeads::Lower(const WriteSet& writes) {
  std::lock_guard lock(mutex_);
  bool entered = false;
  for (const auto& [key, value] : writes.changes(Family::kQueue)) {
    const auto place = TailU64(key);
    if (value.deleted || !place) continue;
    entered = true;
    auto it = heads_.find(key.substr(0, key.size() - 8));
    if (it != heads_.end()) it->second = std::min(it->second, *place);
  }
  if (entered) ++generation_;
}

}  // namespace tvan
