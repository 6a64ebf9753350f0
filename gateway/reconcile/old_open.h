#pragma once
// The open messages that were accepted long ago, found by their states: work items and the like, few. They may move
// from state to state meanwhile, so the states are looked through until a look finds no other one. One thread.

#include <functional>
#include <set>
#include <utility>

#include "store/store.h"

namespace tvan {

struct OldOpen {
  std::set<std::pair<ProviderId, uint64_t>> messages;  // by acceptance; each was open when it was found
  std::set<uint64_t> damaged;                          // acceptances of records that cannot be read
  bool too_many = false;                               // they are not all here
};

// Of acceptances up to `through`. Errors: reconcile.stopped (asked after each page), and those of the store.
Result<OldOpen> FindOldOpen(const Store& store, uint64_t through, size_t most, const std::function<bool()>& stopped);
// The acceptance in front of the oldest open message; UINT64_MAX: none is open.
Result<uint64_t> BeforeOldestOpen(const Store& store);

}  // namespace tvan
