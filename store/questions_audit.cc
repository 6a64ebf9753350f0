// Pages of operators' records, the audit chain, and what was accepted by days.
#include <algorithm>

#include "store/codec_audit.h"
#include "store/codec_fields.h"
#include "store/day_totals.h"
#include "store/keys.h"
#include "store/questions.h"

namespace tvan {

std::vector<OperatorRecord> Questions::ScanRecords(const std::string& kind, const std::string& after_id,
                                                   uint32_t limit) {
  std::vector<OperatorRecord> records;
  if (limit == 0) return records;
  const std::string from = after_id.empty() ? std::string() : keys::Newest(kind, after_id) + '\0';
  Scan(Family::kRecord, keys::NewestOf(kind), from, [&](std::string_view, std::string_view value) {
    auto record = DecodeRecord(value);
    if (!record.ok()) return Note(record.status()), false;
    records.push_back(*std::move(record));
    return records.size() < limit;
  });
  return records;
}

std::optional<OperatorRecord> Questions::Record(const std::string& key) {
  const auto bytes = Get(Family::kRecord, key);
  if (!bytes) return std::nullopt;
  auto record = DecodeRecord(*bytes);
  if (record.ok()) return *std::move(record);
  Note(record.status());
  return std::nullopt;
}

AuditHead Questions::AuditEnd() {
  const auto bytes = Get(Family::kControl, keys::kAuditEnd);
  if (!bytes) return {};
  const auto end = DecodeAuditHead(*bytes);
  if (end.ok()) return *end;
  Note(end.status());
  return {};
}

// Ends in front of what cannot be read.
std::vector<AuditEntry> Questions::AuditFrom(uint64_t sequence, uint32_t limit) {
  std::vector<AuditEntry> entries;
  if (limit == 0) return entries;
  Scan(Family::kRecord, keys::kAudit, keys::Audit(sequence), [&](std::string_view key, std::string_view value) {
    auto entry = DecodeAuditEntry(value);
    if (!entry.ok()) return Note(entry.status()), false;
    if (TailU64(key) != entry->sequence) return Note(codec::Damaged("an audit entry at another's place")), false;
    entries.push_back(*std::move(entry));
    return entries.size() < limit;
  });
  return entries;
}

AuditPage Questions::ReadAudit(uint64_t before_sequence, uint32_t limit) {
  AuditPage page;
  const uint64_t end = AuditEnd().sequence + 1;
  const uint64_t before = before_sequence == 0 ? end : std::min(before_sequence, end);
  const uint64_t first = before > limit ? before - limit : 1;
  page.next_before = std::max<uint64_t>(1, first);
  page.more = page.next_before > 1;
  page.entries = AuditFrom(page.next_before, static_cast<uint32_t>(before - page.next_before));
  std::erase_if(page.entries, [before](const AuditEntry& entry) { return entry.sequence >= before; });
  std::reverse(page.entries.begin(), page.entries.end());
  return page;
}

AuditTrail Questions::TrailOf(const AuditEntry& entry) {
  AuditTrail trail;
  if (entry.version > 1) trail.before = Record(keys::Version(entry.kind, entry.id, entry.version - 1));
  trail.after = Record(keys::Version(entry.kind, entry.id, entry.version));
  trail.newest = Record(keys::Newest(entry.kind, entry.id));
  if (!trail.newest || trail.newest->version <= entry.version) return trail;
  auto of_newest = AuditFrom(trail.newest->audit, 1);
  if (!of_newest.empty()) trail.newest_entry = std::move(of_newest.front());
  return trail;
}

DayCount Questions::CountOf(const ProviderId& provider, int32_t day) {
  const auto bytes = Get(Family::kControl, keys::DayCountOf(provider, PlaceOfDay(day)));
  if (!bytes) return {day, 0, 0};
  const auto count = DecodeDayCount(*bytes);
  if (!count.ok()) Note(count.status());
  return count.ok() && count->day == day ? *count : DayCount{day, 0, 0};
}

}  // namespace tvan
