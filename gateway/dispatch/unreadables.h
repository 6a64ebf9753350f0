#pragma once
// Messages whose record cannot be read: each is told once, stays listed, and is stepped over, so that one damaged
// record keeps no other back. What cannot be read cannot be sent, and what depends on it waits (an invoice's holder
// that cannot be read counts as open). Bounded: beyond kMost nothing more is stepped over, it is the store that is ill.
// Not thread-safe: the scheduler thread owns it.

#include <map>
#include <vector>

#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"
#include "gateway/dispatch/standing.h"
#include "store/store.h"

namespace tvan {

class Unreadables {
 public:
  static constexpr size_t kMost = 64;

  Unreadables(const Store& store, Metrics& metrics) : store_(store), metrics_(metrics) {}

  // After ReadQueue or InStage failed with `failure`: the place to go on from, or why there is none.
  Result<uint64_t> StepOver(const Listing& in, uint64_t after, const Status& failure, Time now);
  // Looks at those that are listed again; what can be read, or is no longer there, leaves the list. At most kMost
  // reads.
  void LookAgain();
  bool Changed() { return std::exchange(changed_, false); }
  std::vector<UnreadableRow> rows() const;

 private:
  using Key = std::pair<std::string, uint64_t>;  // place in words, acceptance
  struct Entry {
    Listing in;
    UnreadableRow row;
  };
  const Store& store_;
  Metrics& metrics_;
  std::map<Key, Entry> entries_;
  bool changed_ = false;
};

// Pages of a queue or a stage in order of acceptance that step over what cannot be read. Empty: its end.
Result<std::vector<MessageMeta>> ReadListing(const Store& store, Unreadables& unreadables, const Listing& in,
                                             uint64_t& after, uint32_t limit, Time now);

}  // namespace tvan
