#pragma once
// Retention: purges what is older than configured, chunk by chunk on a thread of its own with a pause between two, and
// hands rejections to the store's ring in batches. Rejections are facts for people, not promises: what came in within
// the last seconds before a crash, or beyond the bound, is not kept (counted). Thread-safe; owned by the gateway.

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "gateway/app/timer.h"
#include "gateway/core/executor.h"
#include "gateway/core/metrics.h"
#include "store/store.h"

namespace tvan {

class Retention {
 public:
  struct Options {
    Span keep{};  // after a message's end; 0: for ever
    Span every = std::chrono::hours(24);
    Span pause = std::chrono::milliseconds(200);  // between two chunks
    uint32_t chunk = 64;
  };
  static constexpr size_t kMostWaiting = 1000;
  static constexpr Span kRejectionsEvery = std::chrono::seconds(10);

  Retention(Options options, Store& store, Clock& clock, Metrics& metrics);
  ~Retention();

  void SetFence(std::optional<Fence> fence);  // none: this gateway purges nothing
  void Start();                               // the first run comes after `every`
  void Stop();                                // ends a running chunk, writes what waits
  void Note(Rejection rejection);

 private:
  void Run();    // a run begins
  void Chunk();  // on the thread
  void EndRun();
  void WriteRejections();  // on the thread

  const Options options_;
  Store& store_;
  Clock& clock_;
  Counter& messages_;
  Counter& bytes_;
  Counter& runs_;
  Counter& failed_;
  Counter& lost_;
  Gauge& ended_;
  PurgeRequest next_;  // of the running task alone, like total_
  PurgeReport total_;

  std::mutex mutex_;  // guards the next three
  std::optional<Fence> fence_;
  std::vector<Rejection> waiting_;
  bool armed_ = false;
  std::unique_ptr<Executor> thread_;
  Timer purge_, rejections_;
};

}  // namespace tvan
