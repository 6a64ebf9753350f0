#pragma once
// Tells a line that refuses everything from a message that the line refuses: a message refused for good is passed over
// until the line has taken another one, and from then on goes alone; refused alone after others were taken, the message
// is a person's matter. Bounded: beyond kMost it forgets, and the line goes down once more. Not thread-safe: the
// scheduler thread owns it.

#include <map>

#include "gateway/core/ids.h"

namespace tvan {

class Suspects {
 public:
  static constexpr size_t kMost = 256;

  void Taken(const MessageId& id) {
    ++taken_;
    refused_at_.erase(id);
  }
  // `companions` were refused with it, in the same request. True: it was refused before, others were taken since, and
  // this time it was alone.
  bool Refused(const MessageId& id, size_t companions) {
    const auto [entry, is_new] = refused_at_.try_emplace(id);
    const bool again = !is_new && entry->second.taken < taken_ && companions == 0;
    entry->second = {taken_, ++refusals_};
    if (again) refused_at_.erase(entry);
    if (refused_at_.size() > kMost) refused_at_.clear();
    return again;
  }
  // 0: not suspect. Else others go first, and of several the one that was refused longest ago.
  uint64_t Suspicion(const MessageId& id) const {
    const auto found = refused_at_.find(id);
    return found != refused_at_.end() && found->second.taken == taken_ ? found->second.refusal : 0;
  }
  bool Known(const MessageId& id) const { return refused_at_.count(id) > 0; }  // to be sent alone
  size_t size() const { return refused_at_.size(); }

 private:
  struct Refusal {
    uint64_t taken = 0, refusal = 0;  // how many had been taken, and refused, by then
  };
  uint64_t taken_ = 0, refusals_ = 0;
  std::map<MessageId, Refusal> refused_at_;
};

}  // namespace tvan
