#pragma once
// Operators' records in a store in memory that fails where a test says.

#include <atomic>
#include <functional>
#include <map>
#include <string>

#include "tests/support/forwarding_records.h"
#include "tests/support/memory_store.h"

namespace tvan {

// A store that fails at one of its writes, tells of each, and may have lost records.
class FailingStore final : public ForwardingRecords {
 public:
  enum class How { kNothing, kRefuses, kLoses, kWrites };
  FailingStore(MemoryStore& store, How how, int at) : ForwardingRecords(store), store_(store), how_(how), left_(at) {}
  int writes() const { return writes_; }
  void BeforeWrite(std::function<void(int)> told) { told_ = std::move(told); }
  // From a version on.
  void Lose(const std::string& kind, const std::string& id, uint64_t version = 1) { lost_[kind + "/" + id] = version; }

  Result<OperatorRecord> PutRecord(OperatorRecord record, uint64_t expected) override {
    if (Status status = Fail(); !status.ok()) return status;
    return store_.PutRecord(std::move(record), expected);
  }
  Result<std::vector<uint64_t>> PutRecords(std::vector<RecordPut> puts) override {
    if (Status status = Fail(); !status.ok()) return status;
    return store_.PutRecords(std::move(puts));
  }
  Result<std::vector<OperatorRecord>> RecordHistory(const std::string& kind, const std::string& id,
                                                    const HistoryPage& page) const override {
    const auto lost = lost_.find(kind + "/" + id);
    if (lost != lost_.end() && lost->second == 1) return std::vector<OperatorRecord>();
    if (lost != lost_.end() && (page.before == 0 || page.before > lost->second))
      return store_.RecordHistory(kind, id, {.limit = page.limit, .before = lost->second});
    return store_.RecordHistory(kind, id, page);
  }

 private:
  Status Fail() {
    ++writes_;
    if (told_) told_(writes_);
    if (--left_ != 0) return {};
    if (how_ == How::kRefuses) return Status::Transient("store.busy"_reason, "asked for");
    if (how_ == How::kLoses) store_.FailNextFlush(MemoryStore::FailedFlush::kLost);
    if (how_ == How::kWrites) store_.FailNextFlush(MemoryStore::FailedFlush::kWritten);
    return {};
  }
  MemoryStore& store_;
  const How how_;
  int left_;
  std::atomic<int> writes_ = 0;
  std::function<void(int)> told_;
  std::map<std::string, uint64_t> lost_;
};
}  // namespace tvan
