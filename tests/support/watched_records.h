#pragma once
// Operators' records of another store, for tests: counts the acts that write, and fails one on demand.

#include <functional>
#include <string>
#include <vector>

#include "tests/support/forwarding_records.h"

namespace tvan {

class WatchedRecords final : public ForwardingRecords {
 public:
  using ForwardingRecords::ForwardingRecords;

  std::vector<size_t> acts;             // how many records each wrote
  std::function<Status()> before_act;   // an error of it is the act's; none: nothing is in the way
  std::function<Status()> before_read;  // of a history, likewise
  mutable uint32_t read = 0;            // versions that were read

  Result<OperatorRecord> PutRecord(OperatorRecord record, uint64_t expected) override {
    if (Status status = Begin(1); !status.ok()) return status;
    return ForwardingRecords::PutRecord(std::move(record), expected);
  }
  Result<std::vector<uint64_t>> PutRecords(std::vector<RecordPut> puts) override {
    if (Status status = Begin(puts.size()); !status.ok()) return status;
    return ForwardingRecords::PutRecords(std::move(puts));
  }
  Result<std::vector<OperatorRecord>> RecordHistory(const std::string& kind, const std::string& id,
                                                    const HistoryPage& page) const override {
    if (before_read)
      if (Status status = before_read(); !status.ok()) return status;
    auto records = ForwardingRecords::RecordHistory(kind, id, page);
    if (records.ok()) read += static_cast<uint32_t>(records->size());
    return records;
  }

 private:
  Status Begin(size_t records) {
    if (before_act)
      if (Status status = before_act(); !status.ok()) return status;
    acts.push_back(records);
    return {};
  }
};

}  // namespace tvan
