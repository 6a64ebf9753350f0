#include "store/day_totals.h"

#include "store/keys.h"

namespace tvan {

uint8_t PlaceOfDay(int32_t day) { return static_cast<uint8_t>((day % kDaysKept + kDaysKept) % kDaysKept); }

std::optional<DayCount> DayTotals::Find(const ProviderId& provider, int32_t day) const {
  std::lock_guard lock(mutex_);
  const auto found = newest_.find(provider);
  if (found == newest_.end() || found->second.day != day) return std::nullopt;
  return found->second;
}

void DayTotals::Learn(const WriteSet& writes) {
  for (const auto& [key, value] : writes.changes(Family::kControl)) {
    if (key.compare(0, keys::kDayCounts.size(), keys::kDayCounts) != 0) continue;
    const auto provider = keys::ParseProvider(key);
    const auto count = DecodeDayCount(value.head);
    if (provider && count.ok()) Keep(*provider, *count);
  }
}

void DayTotals::Keep(const ProviderId& provider, const DayCount& count) {
  std::lock_guard lock(mutex_);
  DayCount& newest = newest_.try_emplace(provider, count).first->second;
  if (newest.day < count.day || (newest.day == count.day && newest.messages < count.messages)) newest = count;
}

}  // namespace tvan
