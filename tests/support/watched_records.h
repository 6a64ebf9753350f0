#pragma once
// Operators' records of another store, for tests: counts the acts that write, and fails one on demand.

#include <functional>
#include <string>
#include <vector>

#include "store/record_store.h"

namespace tvan {

class WatchedRecords final : public RecordStore {
 public:
  explicit WatchedRecords(RecordStore& store) : store_(store) {}

  std::vector<size_t> acts;             // how many records each wrote
  std::function<Status()> before_act;   // an error of it is the act's; none: nothing is in the way
  std::function<Status()> before_read;  // of a history, likewise
  mutable uint32_t read = 0;            // versions that were read

  Result<OperatorRecord> PutRecord(OperatorRecord record, uint64_t expected) override {
    if (Status status = Begin(1); !status.ok()) return status;
    return store_.PutRecord(std::move(record), expected);
  }
  Result<std::vector<uint64_t>> PutRecords(std::vector<RecordPut> puts) override {
    if (Status status = Begin(puts.size()); !status.ok()) return status;
    return store_.PutRecords(std::move(puts));
  }
  Result<std::vector<OperatorRecord>> ListRecords(const std::string& kind) const override {
    return store_.ListRecords(kind);
  }
  Result<std::vector<OperatorRecord>> RecordHistory(const std::string& kind, const std::string& id,
                                                    const HistoryPage& page) const override {
    if (before_read)
      if (Status status = before_read(); !status.ok()) return status;
    auto records = store_.RecordHistory(kind, id, page);
    if (records.ok()) read += static_cast<uint32_t>(records->size());
    return records;
  }
  Result<std::vector<OperatorRecord>> ScanRecords(const std::string& kind, const std::string& after,
                                                  uint32_t limit) const override {
    return store_.ScanRecords(kind, after, limit);
  }
  Result<AuditHead> AuditEnd() const override { return store_.AuditEnd(); }
  Result<AuditPage> ReadAudit(uint64_t before, uint32_t limit) const override {
    return store_.ReadAudit(before, limit);
  }
  Result<std::vector<AuditEntry>> AuditFrom(uint64_t from, uint32_t limit) const override {
    return store_.AuditFrom(from, limit);
  }
  Result<AuditTrail> TrailOf(const AuditEntry& entry) const override { return store_.TrailOf(entry); }

 private:
  Status Begin(size_t records) {
    if (before_act)
      if (Status status = before_act(); !status.ok()) return status;
    acts.push_back(records);
    return {};
  }
  RecordStore& store_;
};

}  // namespace tvan
