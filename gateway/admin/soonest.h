#pragma once
// The soonest of many endings, with the number of those left out. Bounded; one thread.

#include <algorithm>
#include <vector>

#include "gateway/admin/contract_expiry.h"

namespace tvan {

class Soonest {
 public:
  explicit Soonest(size_t most) : most_(most) {}

  void Add(const ContractEnding& ending) {
    if (kept_.size() == most_ && (kept_.empty() || !IsSooner(ending, kept_.front()))) return static_cast<void>(++more_);
    kept_.push_back(ending);
    std::push_heap(kept_.begin(), kept_.end(), IsSooner);
    if (kept_.size() <= most_) return;
    std::pop_heap(kept_.begin(), kept_.end(), IsSooner);
    kept_.pop_back();
    ++more_;
  }
  uint64_t more() const { return more_; }
  std::vector<ContractEnding> Take() {  // by time, then by id
    std::sort_heap(kept_.begin(), kept_.end(), IsSooner);
    return std::move(kept_);
  }

 private:
  static bool IsSooner(const ContractEnding& a, const ContractEnding& b) {
    return a.at != b.at ? a.at < b.at : a.id < b.id;
  }
  const size_t most_;
  std::vector<ContractEnding> kept_;  // a heap, the latest in front
  uint64_t more_ = 0;
};

}  // namespace tvan
