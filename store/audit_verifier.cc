#include "store/audit_verifier.h"

namespace tvan {
namespace {

using Fault = AuditVerifier::Fault;

// What the entry says is what the record is.
bool IsOf(const AuditEntry& entry, const OperatorRecord& record) {
  return record.kind == entry.kind && record.id == entry.id && record.version == entry.version &&
         record.changed_at == entry.at && record.author == entry.author && record.reason == entry.reason &&
         record.deleted == entry.deleted && record.audit == entry.sequence && AuditDigest(record.body) == entry.after;
}

bool IsBefore(const AuditEntry& entry, const OperatorRecord& record) {
  return record.kind == entry.kind && record.id == entry.id && record.version + 1 == entry.version &&
         AuditDigest(record.body) == entry.before;
}

std::optional<Fault> FaultOfNewest(const AuditEntry& entry, const AuditTrail& trail) {
  if (!trail.newest) return Fault::kRecordMissing;
  if (trail.newest->version < entry.version) return Fault::kRecordChanged;
  if (trail.newest->version == entry.version)
    return IsOf(entry, *trail.newest) ? std::nullopt : std::optional(Fault::kRecordChanged);
  const bool written = trail.newest_entry && IsOf(*trail.newest_entry, *trail.newest);
  return written ? std::nullopt : std::optional(Fault::kRecordUnwritten);
}

}  // namespace

void AuditVerifier::Say(Fault fault, uint64_t sequence, const AuditEntry* entry) {
  ++broken_;
  if (breaks_.size() >= kMostBreaks) return;
  breaks_.push_back({fault, sequence, entry == nullptr ? "" : entry->kind, entry == nullptr ? "" : entry->id});
}

// What does not follow is told once: the next ones are taken to follow from it, so that each change shows at its place.
void AuditVerifier::Add(const AuditEntry& entry) {
  if (entries_++ == 0) began_at_ = entry.at;
  if (entry.sequence != last_.sequence + 1)
    Say(Fault::kMissing, last_.sequence + 1, nullptr);
  else if (AuditHash(last_.hash, entry) != entry.hash)
    Say(Fault::kChanged, entry.sequence, &entry);
  if (entry.sequence == end_.sequence && entry.hash != end_.hash) Say(Fault::kEnd, entry.sequence, &entry);
  if (entry.sequence == noted_.sequence && entry.hash != noted_.hash) Say(Fault::kNoted, entry.sequence, &entry);
  last_ = {entry.sequence, entry.hash};
}

void AuditVerifier::Compare(const AuditEntry& entry, const AuditTrail& trail) {
  if (!trail.after)
    Say(Fault::kRecordMissing, entry.sequence, &entry);
  else if (!IsOf(entry, *trail.after))
    Say(Fault::kRecordChanged, entry.sequence, &entry);
  if (entry.version > 1 && !trail.before)
    Say(Fault::kRecordMissing, entry.sequence, &entry);
  else if (entry.version > 1 && !IsBefore(entry, *trail.before))
    Say(Fault::kRecordChanged, entry.sequence, &entry);
  if (const auto fault = FaultOfNewest(entry, trail)) Say(*fault, entry.sequence, &entry);
}

void AuditVerifier::Finish() {
  if (last_.sequence < end_.sequence) Say(Fault::kEnd, last_.sequence + 1, nullptr);
  if (last_.sequence < noted_.sequence) Say(Fault::kNoted, last_.sequence + 1, nullptr);
}

const char* ToString(AuditVerifier::Fault fault) {
  switch (fault) {
    case Fault::kMissing:
      return "missing";
    case Fault::kChanged:
      return "changed";
    case Fault::kEnd:
      return "end";
    case Fault::kNoted:
      return "noted";
    case Fault::kRecordMissing:
      return "record_missing";
    case Fault::kRecordChanged:
      return "record_changed";
    case Fault::kRecordUnwritten:
      return "record_unwritten";
  }
  return "unknown";
}

}  // namespace tvan
