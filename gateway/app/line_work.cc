#include "gateway/app/line_work.h"

#include "gateway/core/log.h"

namespace tvan {
namespace {
constexpr uint64_t kAlways = UINT64_MAX;  // the turn of a store of our own
}

LineWork::LineWork(const Parts& parts)
    : parts_(parts),
      gauge_(parts.metrics.GetGauge("tvan_line_owner", "1 while this gateway works the line")),
      thread_(Executor::Make({"line_work", 1, 8}, parts.clock, parts.metrics)),
      again_(parts.clock) {}

void LineWork::Begin(const Fence& fence) {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = done_ = kAlways;
  }
  Work(fence);
}

void LineWork::SetTurn(uint64_t turn) {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = turn;
  }
  if (!thread_->TrySubmit([this] { Settle(); })) again_.Start(kTryAgain, [this, turn] { SetTurn(turn); });
}

bool LineWork::working() const {
  const std::lock_guard lock(mutex_);
  return done_ != 0;
}

void LineWork::Settle() {
  for (;;) {
    uint64_t wanted = 0, done = 0;
    {
      const std::lock_guard lock(mutex_);
      wanted = wanted_;
      done = done_;
    }
    if (wanted == done) return;
    if (done != 0) Rest();
    if (wanted != 0 && !Take()) wanted = 0;
    const std::lock_guard lock(mutex_);
    done_ = wanted;
    if (wanted == 0) return;
  }
}

// False: it is tried again soon.
bool LineWork::Take() {
  const Fence fence = parts_.store.TakeOwnership();
  if (fence.counter != 0) return Work(fence), true;
  Log(LogLevel::kError, "app.line_not_taken", {});
  again_.Start(kTryAgain, [this] {
    const bool taken = thread_->TrySubmit([this] { Settle(); });
    static_cast<void>(taken);  // a full queue holds such a step already
  });
  return false;
}

void LineWork::Work(const Fence& fence) {
  parts_.receiver.Start(fence);  // first: a search needs it
  parts_.dispatcher.Start(fence);
  parts_.retention.SetFence(fence);
  gauge_.Set(1);
  Log(LogLevel::kInfo, "app.line_ours", {{"fence", std::to_string(fence.counter)}});
}

void LineWork::Rest() {
  gauge_.Set(0);
  parts_.retention.SetFence(std::nullopt);
  parts_.receiver.Stop();  // first: it ends the searches that dispatch would wait for
  parts_.dispatcher.Stop();
  Log(LogLevel::kInfo, "app.line_not_ours", {});
}

void LineWork::Stop() {
  again_.Stop();
  thread_->Drain();
  {
    const std::lock_guard lock(mutex_);
    wanted_ = 0;
    if (done_ == 0) return;
    done_ = 0;
  }
  Rest();  // not under the lock: the threads that it waits for may ask `working`
}

}  // namespace tvan
