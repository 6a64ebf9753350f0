// Operators' records and the audit chain: a record and its entry are one act, so that none can be forgotten.
#include <map>

#include "store/codec_audit.h"
#include "store/keys.h"
#include "store/ledger.h"

namespace tvan {
namespace {

struct Standing {
  uint64_t version = 0;
  Sha256 body;
};
using Standings = std::map<std::string, Standing>;  // by the key of the newest version

Result<Standing> StandingOf(WriteSet& writes, const std::string& newest_key) {
  const auto bytes = writes.Get(Family::kRecord, newest_key);
  if (!bytes) return writes.status().ok() ? Result<Standing>(Standing{}) : writes.status();
  const auto newest = DecodeRecord(*bytes);
  if (!newest.ok()) return writes.Fail(newest.status()), newest.status();
  return Standing{newest->version, AuditDigest(newest->body)};
}

// What the put will be in the chain, its place left out; `standings` then knows the record as it will be.
Result<AuditEntry> EntryOf(WriteSet& writes, const RecordStore::RecordPut& put, Standings& standings) {
  const OperatorRecord& record = put.record;
  const std::string key = keys::Newest(record.kind, record.id);
  if (standings.count(key) == 0) {
    const auto read = StandingOf(writes, key);
    if (!read.ok()) return read.status();
    standings[key] = *read;
  }
  Standing& standing = standings[key];
  if (standing.version != put.expected_version)
    return Status::Permanent("store.conflict"_reason, record.kind + " " + record.id + " is at version " +
                                                          std::to_string(standing.version) + ", not " +
                                                          std::to_string(put.expected_version));
  AuditEntry entry{.at = record.changed_at,
                   .author = record.author,
                   .reason = record.reason,
                   .kind = record.kind,
                   .id = record.id,
                   .version = standing.version + 1,
                   .deleted = record.deleted};
  entry.before = standing.body;
  entry.after = AuditDigest(record.body);
  standing = {entry.version, entry.after};
  return entry;
}

}  // namespace

// Nothing is written before all were found good.
Result<std::vector<OperatorRecord>> Ledger::PutRecords(std::vector<RecordStore::RecordPut> puts) {
  if (puts.size() > RecordStore::kMostRecordsInAct)
    return Status::Permanent("store.argument"_reason, "more records than one act may hold");
  Standings standings;
  std::vector<AuditEntry> entries;
  for (const RecordStore::RecordPut& put : puts) {
    auto entry = EntryOf(writes_, put, standings);
    if (!entry.ok()) return entry.status();
    entries.push_back(*std::move(entry));
  }
  std::vector<OperatorRecord> records;
  for (size_t i = 0; i < puts.size(); ++i) {
    OperatorRecord& record = records.emplace_back(std::move(puts[i].record));
    record.version = entries[i].version;
    record.audit = AddToChain(std::move(entries[i]));
    const std::string bytes = Encode(record);
    writes_.Put(Family::kRecord, keys::Version(record.kind, record.id, record.version), bytes);
    writes_.Put(Family::kRecord, keys::Newest(record.kind, record.id), bytes);
  }
  return records;
}

// Answers the entry's place.
uint64_t Ledger::AddToChain(AuditEntry entry) {
  AuditHead end;
  if (const auto bytes = writes_.Get(Family::kControl, keys::kAuditEnd)) {
    const auto read = DecodeAuditHead(*bytes);
    if (!read.ok()) writes_.Fail(read.status());
    if (read.ok()) end = *read;
  }
  entry.sequence = end.sequence + 1;
  entry.hash = AuditHash(end.hash, entry);
  writes_.Put(Family::kRecord, keys::Audit(entry.sequence), Encode(entry));
  writes_.Put(Family::kControl, keys::kAuditEnd, Encode(AuditHead{entry.sequence, entry.hash}));
  return entry.sequence;
}

}  // namespace tvan
