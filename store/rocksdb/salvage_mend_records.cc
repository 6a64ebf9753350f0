// The audit chain, and what was accepted by days.
#include "gateway/core/local_day.h"
#include "store/codec_audit.h"
#include "store/day_totals.h"
#include "store/keys.h"
#include "store/rocksdb/salvage_mend.h"

namespace tvan {

// The chain goes on behind the last place that is known. What is missing before it stays missing, and is told.
void Mender::MendAudit() {
  AuditHead last;
  target_.Scan(Family::kRecord, keys::kAudit, [&](std::string_view key, std::string_view value) {
    const auto entry = DecodeAuditEntry(value);
    if (!entry.ok() || TailU64(key) != entry->sequence) return target_.Delete(Family::kRecord, key), true;
    LoseEntries(last.sequence + 1, entry->sequence);
    last = {entry->sequence, entry->hash};
    return true;
  });
  const auto end = DecodeAuditHead(target_.Get(Family::kControl, keys::kAuditEnd).value_or(std::string()));
  if (end.ok() && end->sequence >= last.sequence) return LoseEntries(last.sequence + 1, end->sequence + 1);
  if (last.sequence > 0)
    target_.Put(Family::kControl, keys::kAuditEnd, Encode(last));
  else
    target_.Delete(Family::kControl, keys::kAuditEnd);
}

void Mender::LoseEntries(uint64_t from, uint64_t until) {
  if (from < until) Lose("audit_entries", "", std::to_string(from) + " to " + std::to_string(until - 1));
}

// As the ledger does it, in any order: the newest day of a place counts.
void Mender::CountOnItsDay(const MessageMeta& meta) {
  const int32_t day = LocalDay(meta.accepted_at);
  DayCount& count = days_.try_emplace(keys::DayCountOf(meta.provider(), PlaceOfDay(day)), DayCount{day}).first->second;
  if (count.day < day) count = {day};
  if (count.day > day) return;
  ++count.messages;
  count.bytes += meta.payload_size;
}

// The larger count stays: what was lost was accepted as well.
void Mender::WriteDays() {
  target_.Scan(Family::kControl, keys::kDayCounts, [&](std::string_view key, std::string_view value) {
    const auto kept = DecodeDayCount(value);
    if (!kept.ok()) return target_.Delete(Family::kControl, key), true;
    DayCount& count = days_[std::string(key)];
    if (kept->day > count.day || (kept->day == count.day && kept->messages > count.messages)) count = *kept;
    return true;
  });
  for (const auto& [key, count] : days_) target_.Put(Family::kControl, key, Encode(count));
}

}  // namespace tvan
