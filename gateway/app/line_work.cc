#include "gateway/app/line_work.h"

#include <utility>

#include "gateway/core/log.h"

namespace tvan {
namespace {
constexpr uint64_t kAlways = UINT64_MAX;  // the turn of a store of our own
}

LineWork::LineWork(const Parts& parts)
    : parts_(parts),
      gauge_(parts.metrics.GetGauge("tvan_line_owner", "1 while this gateway works the line")),
      thread_(Executor::Make({"line_work", 1, 8}, parts.clock, parts.metrics)),
      again_(parts.clock),
      look_(parts.clock) {}

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
  SettleSoon();
}

// Whatever is wanted by then.
void LineWork::SettleSoon() {
  if (!thread_->TrySubmit([this] { Settle(); })) again_.Start(kTryAgain, [this] { SettleSoon(); });
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
      done = std::exchange(done_, wanted_);  // first: what the work writes is asked about at once
    }
    if (wanted == done) return;
    if (done != 0) Rest();
    if (wanted == 0 || Take()) continue;
    const std::lock_guard lock(mutex_);
    done_ = 0;
    return;
  }
}

// False: it is tried again soon.
bool LineWork::Take() {
  fence_ = parts_.store.TakeOwnership();
  if (fence_.counter != 0) return Work(fence_), look_.Start(kLook, [this] { LookSoon(); }), true;
  Log(LogLevel::kError, "app.line_not_taken", {});
  again_.Start(kTryAgain, [this] { SettleSoon(); });
  return false;
}

void LineWork::LookSoon() {
  if (!thread_->TrySubmit([this] { Look(); })) look_.Start(kLook, [this] { LookSoon(); });
}

// Somebody who was late may have taken the ownership behind us, though the turn is ours: it is taken again.
void LineWork::Look() {
  {
    const std::lock_guard lock(mutex_);
    if (done_ == 0 || done_ != wanted_) return;
  }
  const bool fenced = parts_.store.Settle(fence_, {}).reason() == "store.fenced"_reason;
  if (!fenced) return look_.Start(kLook, [this] { LookSoon(); });
  Log(LogLevel::kError, "app.line_fenced", {{"fence", std::to_string(fence_.counter)}});
  Rest();
  {
    const std::lock_guard lock(mutex_);
    done_ = 0;
  }
  again_.Start(kTryAgain, [this] { SettleSoon(); });
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
  look_.Stop();
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
