#include "store/queue_heads.h"

#include <algorithm>

#include "store/keys.h"

namespace tvan {
namespace {
constexpr size_t kMostRecent = 64;
}  // namespace

uint64_t QueueHeads::Generation() const {
  std::lock_guard lock(mutex_);
  return generation_;
}

uint64_t QueueHeads::From(const std::string& queue) const {
  std::lock_guard lock(mutex_);
  auto it = heads_.find(queue);
  return it == heads_.end() ? 0 : it->second.from;
}

void QueueHeads::Raise(const std::string& queue, uint64_t first, uint64_t generation) {
  std::lock_guard lock(mutex_);
  Head& head = heads_[queue];
  if (generation < head.forgotten) return;
  for (const auto& [when, place] : head.recent)
    if (when > generation) first = std::min(first, place);
  head.from = first;
}

void QueueHeads::Lower(const WriteSet& writes) {
  std::map<std::string, uint64_t> entered;  // queue → first new place
  for (const auto& [key, value] : writes.changes(Family::kQueue)) {
    const auto place = TailU64(key);
    if (value.deleted || !place || key[0] == 'U') continue;  // 'U' is by id, no queue
    auto [it, fresh] = entered.try_emplace(key.substr(0, key.size() - 8), *place);
    if (!fresh) it->second = std::min(it->second, *place);
  }
  std::lock_guard lock(mutex_);
  ++generation_;
  for (const auto& [queue, place] : entered) {
    Head& head = heads_[queue];
    head.from = std::min(head.from, place);
    head.recent.emplace_back(generation_, place);
    if (head.recent.size() <= kMostRecent) continue;
    head.forgotten = head.recent.front().first;
    head.recent.pop_front();
  }
}

}  // namespace tvan
