#pragma once
// Operators' records of another store, for tests that come between in one place.

#include <string>
#include <utility>
#include <vector>

#include "store/record_store.h"

namespace tvan {

class ForwardingRecords : public RecordStore {
 public:
  explicit ForwardingRecords(RecordStore& to) : to_(to) {}
  Result<OperatorRecord> PutRecord(OperatorRecord record, uint64_t expected) override {
    return to_.PutRecord(std::move(record), expected);
  }
  Result<std::vector<uint64_t>> PutRecords(std::vector<RecordPut> puts) override {
    return to_.PutRecords(std::move(puts));
  }
  Result<std::vector<OperatorRecord>> ListRecords(const std::string& kind) const override {
    return to_.ListRecords(kind);
  }
  Result<std::vector<OperatorRecord>> RecordHistory(const std::string& kind, const std::string& id,
                                                    const HistoryPage& page) const override {
    return to_.RecordHistory(kind, id, page);
  }
  Result<std::vector<OperatorRecord>> ScanRecords(const std::string& kind, const std::string& after,
                                                  uint32_t limit) const override {
    return to_.ScanRecords(kind, after, limit);
  }
  Result<AuditHead> AuditEnd() const override { return to_.AuditEnd(); }
  Result<AuditPage> ReadAudit(uint64_t before, uint32_t limit) const override { return to_.ReadAudit(before, limit); }
  Result<std::vector<AuditEntry>> AuditFrom(uint64_t from, uint32_t limit) const override {
    return to_.AuditFrom(from, limit);
  }
  Result<AuditTrail> TrailOf(const AuditEntry& entry) const override { return to_.TrailOf(entry); }

 private:
  RecordStore& to_;
};

}  // namespace tvan
