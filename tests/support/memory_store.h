#pragma once
// MemoryStore: the whole Store on std containers, with crash semantics, for unit and sanitizer runs. The same rules as
// every other backend (store/ledger, fold, questions); durable is what was flushed.
// Thread-safe. In manual mode it has no thread: Accept waits for Flush, whose caller runs the completions; the blocking
// writes flush everything that waits, themselves included, in order.

#include <memory>
#include <string>

#include "store/kv_store.h"

namespace tvan {

struct MemoryDisk;  // what survives a crash

struct MemoryStoreOptions {
  bool manual_flush = false;
  size_t queue_limit = 4096;        // accepts waiting for a flush; more: store.busy
  uint64_t buffer_limit_bytes = 0;  // payload bytes queued and held; 0: no limit
  std::string incarnation = "00000000000000000000000000000001";
};

class MemoryStore : public KvStore {
 public:
  MemoryStore(MemoryStoreOptions options, std::shared_ptr<MemoryDisk> disk, Clock& clock);

  void Flush();  // manual mode
  // Manual mode: one more operation among those that wait, so that a test makes batches of any.
  Status Enqueue(std::function<void(Ledger&)> decide, std::function<void(const Status&)> complete);
  // A kill: what is not flushed is gone (its callers hear store.io, in doubt); later calls answer store.closed.
  void Crash();
  // A new store on what was flushed: the same incarnation; ownership must be taken anew. After Crash or Close.
  std::unique_ptr<MemoryStore> Reopen();
  // What is flushed now, as a backup of it would hold; and a new store that begins as this copy.
  struct Copy {
    std::shared_ptr<const MemoryDisk> disk;
    Time taken_at;
  };
  Copy MakeCopy() const;
  std::unique_ptr<MemoryStore> Restore(const Copy& copy, const std::string& incarnation) const;
  // The next flush fails: kLost wrote nothing, kWritten wrote all; its callers cannot know which. Then store.failed.
  enum class FailedFlush { kLost, kWritten };
  void FailNextFlush(FailedFlush how);
  // From now on every question meets an I/O error (store.io); the committer still reads.
  enum class Reads { kGood, kFail };
  void SetReads(Reads reads);
  // The record is overwritten with bytes that decode to nothing. False: there is none.
  bool Damage(Family family, const std::string& key);

 private:
  MemoryStoreOptions options_;
  std::shared_ptr<MemoryDisk> disk_;
  Clock& clock_;
};

std::unique_ptr<MemoryStore> MakeMemoryStore(MemoryStoreOptions options, Clock& clock);

}  // namespace tvan
