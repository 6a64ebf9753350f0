#pragma once
// Messages and payload bytes that were accepted of each provider, by days in +07:00. The ledger counts them in the act
// that accepts, in a ring of kDaysKept places a provider; here the newest day of each is held in memory, so that a
// question at every submit reads no disk. Thread-safe; as large as there are providers.

#include <mutex>
#include <optional>
#include <unordered_map>

#include "store/codec.h"
#include "store/write_set.h"

namespace tvan {

inline constexpr int32_t kDaysKept = 40;
uint8_t PlaceOfDay(int32_t day);  // in the ring

class DayTotals {
 public:
  // None: not held.
  std::optional<DayCount> Find(const ProviderId& provider, int32_t day) const;
  void Learn(const WriteSet& writes);  // after the act is durable, before anybody is told
  // As it was read of the store, perhaps before an act that was learnt meanwhile: of one day the larger count is newer.
  void Keep(const ProviderId& provider, const DayCount& count);

 private:
  mutable std::mutex mutex_;
  std::unordered_map<ProviderId, DayCount> newest_;
};

}  // namespace tvan
