#pragma once
// The committer: takes all waiting operations (bounded by count and bytes), decides each against the current state plus
// the earlier ones of its batch, writes one durable act, and completes all in order. Operations that come while a flush
// runs make the next batch; while accepts are announced (Coming), an act that would carry few of them waits: no timer
// is needed. After an act in doubt it refuses everything until the store is opened again. Submit and Coming are
// thread-safe; decisions and completions run on the committer's thread (or inside Flush).

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"
#include "store/ledger.h"

namespace tvan {

class Committer {
 public:
  enum class Mode { kThread, kManual };  // kManual: nothing happens before Flush (deterministic tests)
  struct Options {
    Mode mode = Mode::kThread;
    size_t max_batch = 128;                 // operations in one act
    size_t gather = 16;                     // accepts, or ended announcements, for which an act waits at most
    size_t max_batch_bytes = 8 << 20;       // payload bytes in one act; one operation may exceed it
    size_t queue_limit = 4096;              // operations waiting; more: store.busy
    size_t waiting_limit_bytes = 64 << 20;  // payload bytes waiting in memory; more: store.busy
    uint32_t dictionary = 0;                // of the payload records that are handed in (pack.h); 0: none
    Ledger::Options ledger;
  };
  struct Operation {
    size_t bytes = 0;
    bool urgent = false;                          // Submit sets it
    std::function<void(Ledger&)> decide;          // may run twice; the last result counts
    std::function<void(const Status&)> complete;  // how the flush went; short
  };
  enum class Admission { kBounded, kAlways };                // accepts; others, for which a caller waits
  using AfterCommit = std::function<void(const WriteSet&)>;  // durable, and nobody told yet

  Committer(Options options, KvBackend& backend, uint64_t sequence, AfterCommit after, Clock& clock, Metrics* metrics);
  ~Committer();  // as Close

  // Takes the operation or answers why not: store.busy, store.failed, store.closed (transient; it was not taken).
  Status Submit(Operation operation, Admission admission);
  void Coming(int change);  // see ComingAccept
  void Flush();             // kManual: runs everything that waits, in this thread
  void Close();             // runs everything that waits, then takes no more
  void Drop();              // kManual: a crash; what waits is answered in doubt and never written

  uint64_t sequence() const { return sequence_.load(); }
  Mode mode() const { return options_.mode; }
  uint32_t dictionary() const { return options_.dictionary; }

 private:
  void Loop();
  bool IsDue() const;                  // mutex_ held: something waits, and it waits for nothing else
  std::vector<Operation> TakeBatch();  // mutex_ held
  void RunBatch(std::vector<Operation> batch);
  void Decide(std::vector<Operation>& batch);
  void Complete(std::vector<Operation>& batch, const Status& status);
  Status Act(size_t operations, const KvBackend::Decide& decide);

  const Options options_;
  KvBackend& backend_;
  const AfterCommit after_;
  Clock& clock_;
  Counter* acts_ = nullptr;
  Counter* operations_ = nullptr;
  Histogram* seconds_ = nullptr;
  Gauge* failed_gauge_ = nullptr;
  Gauge* waiting_gauge_ = nullptr;
  std::atomic<uint64_t> sequence_;
  std::atomic<bool> failed_{false};

  std::mutex flush_mutex_;  // kManual: one Flush at a time
  std::mutex mutex_;        // guards the rest
  std::condition_variable wake_;
  std::deque<Operation> waiting_;
  size_t waiting_bytes_ = 0;
  size_t urgent_ = 0;  // of those waiting: not accepts
  int coming_ = 0;     // accepts that were announced
  size_t came_ = 0;    // announcements that ended while these waited, whatever became of them
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace tvan
