#pragma once
// Operators' records that other gateways of the same store put, handed to the rooms that hold them in memory. Which
// ones, the audit chain says: every put has its entry there. Own ones come too: rooms know them already. One thread at
// a time.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "gateway/core/metrics.h"
#include "store/record_store.h"

namespace tvan {

class RecordFollower {
 public:
  using Take = std::function<Status(const std::vector<std::string>& ids)>;  // each id once; again after an error
  RecordFollower(const RecordStore& store, Metrics& metrics)
      : store_(store),
        passed_over_(metrics.GetCounter("tvan_follow_passed_over_total",
                                        "Records of other gateways that a room of this one could not take")) {}
  void On(const std::string& kind, Take take) { rooms_.emplace(kind, std::move(take)); }  // before the first Step

  // From here on: call it before the rooms are loaded.
  Status Begin();
  // What was put since. What a room could not take for a while comes again with the next step, to all rooms; what it
  // can never take (a record that it cannot read) is passed over, said and counted.
  Status Step();

 private:
  using Ids = std::map<std::string, std::vector<std::string>>;  // by kind
  Status Hand(const Ids& ids) const;

  const RecordStore& store_;
  Counter& passed_over_;
  std::multimap<std::string, Take> rooms_;
  uint64_t taken_ = 0;  // entries of the chain up to here
};

}  // namespace tvan
