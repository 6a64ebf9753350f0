#pragma once
// Where each queue's first entry can be at the earliest, in memory only. An ordered engine keeps the places of deleted
// entries for a while; without this every look at a queue's head would walk over all that were sent before it.
// A head is never later than the truth. Thread-safe.

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "store/write_set.h"

namespace tvan {

class QueueHeads {
 public:
  // Before a view is taken; hand it to Raise.
  uint64_t Generation() const;
  // Entries of this queue before the answer do not exist. 0: unknown.
  uint64_t From(const std::string& queue) const;
  // A view that was taken after `generation` shows nothing before `first`; entries that came in since count too.
  void Raise(const std::string& queue, uint64_t first, uint64_t generation);
  // After an act is durable, before anybody is told: its new entries.
  void Lower(const WriteSet& writes);

 private:
  struct Head {
    uint64_t from = 0;
    std::deque<std::pair<uint64_t, uint64_t>> recent;  // the first entry of each of the last acts: generation, place
    uint64_t forgotten = 0;                            // generations up to here are no longer in `recent`
  };
  mutable std::mutex mutex_;  // guards all below
  uint64_t generation_ = 0;
  std::map<std::string, Head> heads_;
};

}  // namespace tvan
