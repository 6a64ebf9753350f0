// Operators' records, the audit chain, and what was accepted by days.
#include "store/kv_store_reads.h"

namespace tvan {

Result<OperatorRecord> KvStore::PutRecord(OperatorRecord record, uint64_t expected_version) {
  Result<std::vector<OperatorRecord>> put = std::vector<OperatorRecord>();
  Status status = Write([&](Ledger& ledger) { put = ledger.PutRecords({{record, expected_version}}); });
  if (!status.ok()) return status;
  return put.ok() ? Result<OperatorRecord>(std::move(put->front())) : Result<OperatorRecord>(put.status());
}

Result<std::vector<uint64_t>> KvStore::PutRecords(std::vector<RecordPut> puts) {
  Result<std::vector<OperatorRecord>> put = std::vector<OperatorRecord>();
  Status status = Write([&](Ledger& ledger) { put = ledger.PutRecords(puts); });
  if (!status.ok()) return status;
  if (!put.ok()) return put.status();
  std::vector<uint64_t> versions;
  for (const OperatorRecord& record : *put) versions.push_back(record.version);
  return versions;
}

Result<std::vector<OperatorRecord>> KvStore::ListRecords(const std::string& kind) const {
  return ReadWhole([&](Questions& q) { return q.ListRecords(kind); });
}

Result<std::vector<OperatorRecord>> KvStore::ScanRecords(const std::string& kind, const std::string& after_id,
                                                         uint32_t limit) const {
  return ReadWhole([&](Questions& q) { return q.ScanRecords(kind, after_id, limit); });
}

Result<std::vector<OperatorRecord>> KvStore::RecordHistory(const std::string& kind, const std::string& id,
                                                           const HistoryPage& page) const {
  return ReadWhole([&](Questions& q) { return q.RecordHistory(kind, id, page); });
}

Result<AuditHead> KvStore::AuditEnd() const {
  return ReadWhole([](Questions& q) { return q.AuditEnd(); });
}

Result<AuditPage> KvStore::ReadAudit(uint64_t before_sequence, uint32_t limit) const {
  return ReadWhole([&](Questions& q) { return q.ReadAudit(before_sequence, limit); });
}

Result<std::vector<AuditEntry>> KvStore::AuditFrom(uint64_t sequence, uint32_t limit) const {
  return ReadUpTo([&](Questions& q) { return q.AuditFrom(sequence, limit); });
}

Result<AuditTrail> KvStore::TrailOf(const AuditEntry& entry) const {
  return ReadWhole([&](Questions& q) { return q.TrailOf(entry); });
}

Result<DayTotal> KvStore::AcceptedOn(const ProviderId& provider, int32_t day) const {
  const bool hold = !backend_->HasOtherWriters();
  if (const auto held = hold ? days_.Find(provider, day) : std::nullopt) return DayTotal{held->messages, held->bytes};
  const Result<DayCount> read = ReadWhole([&](Questions& q) { return q.CountOf(provider, day); });
  if (!read.ok()) return read.status();
  if (hold) days_.Keep(provider, *read);
  return DayTotal{read->messages, read->bytes};
}

}  // namespace tvan
