#pragma once
// The work that one gateway does alone: dispatch, the reading of answers, purges. With a store of its own it does so
// from start to end; of several that share a store, the one whose turn it is (store/shared.h). Who takes over takes the
// ownership of the store first, so that whatever the other one still tries is fenced. Thread-safe.

#include <memory>
#include <mutex>

#include "gateway/app/retention.h"
#include "gateway/app/timer.h"
#include "gateway/core/executor.h"
#include "gateway/dispatch/dispatcher.h"
#include "gateway/feedback/receiver.h"

namespace tvan {

class LineWork {
 public:
  static constexpr Span kTryAgain = std::chrono::seconds(1);
  static constexpr Span kLook = std::chrono::seconds(15);  // whether the ownership of a turn is still ours
  struct Parts {
    Store& store;
    Receiver& receiver;
    Dispatcher& dispatcher;
    Retention& retention;
    Clock& clock;
    Metrics& metrics;
  };
  explicit LineWork(const Parts& parts);
  ~LineWork() { Stop(); }

  void Begin(const Fence& fence);  // taken already
  // The turn of this gateway; another one than before begins the work anew, 0 ends it. Returns at once.
  void SetTurn(uint64_t turn);
  bool working() const;
  void Stop();

 private:
  void SettleSoon();
  void Settle();  // on the thread: until what is done is what is wanted
  bool Take();
  void LookSoon();
  void Look();  // on the thread
  void Work(const Fence& fence);
  void Rest();

  const Parts parts_;
  Gauge& gauge_;
  Fence fence_;               // of a turn; the thread's
  mutable std::mutex mutex_;  // guards the next two
  uint64_t wanted_ = 0;
  uint64_t done_ = 0;
  std::unique_ptr<Executor> thread_;
  Timer again_, look_;
};

}  // namespace tvan
