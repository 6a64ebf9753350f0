#include "tests/support/fake_clock.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <thread>

#include "gateway/core/timer_queue.h"

namespace tvan {
namespace {

constexpr auto kSlice = std::chrono::microseconds(300);  // how often a waiter looks at the time
constexpr auto kPatience = std::chrono::seconds(30);

struct Waiter {
  Steady deadline = kSteadyForever;
  bool waiting = false;
  std::condition_variable* cv = nullptr;
};

// Shared with the threads, which leave it when they end.
struct ClockState {
  std::mutex mutex;
  std::condition_variable idle;
  Time now;
  int64_t work = 0;
  std::map<std::thread::id, Waiter> threads;
  TimerQueue timers;

  Steady SteadyNow() const { return {now.us}; }
  bool IsIdle() const {
    if (work > 0) return false;
    return std::all_of(threads.begin(), threads.end(), [this](const auto& entry) {
      const auto& [thread, waiter] = entry;
      return thread == std::this_thread::get_id() || (waiter.waiting && waiter.deadline > SteadyNow());
    });
  }
};

// Takes a thread that ends out of the clocks that it waited on.
struct Memberships {
  std::map<ClockState*, std::weak_ptr<ClockState>> clocks;
  ~Memberships() {
    for (auto& [raw, weak] : clocks) {
      const auto state = weak.lock();
      if (!state) continue;
      const std::lock_guard lock(state->mutex);
      state->threads.erase(std::this_thread::get_id());
      state->idle.notify_all();
    }
  }
};
thread_local Memberships memberships;

class HandMovedClock final : public TestClock {
 public:
  explicit HandMovedClock(Time start) : state_(std::make_shared<ClockState>()) { state_->now = start; }

  Time Now() const override {
    const std::lock_guard lock(state_->mutex);
    return state_->now;
  }
  Steady SteadyNow() const override { return {Now().us}; }

  TimerId RunAt(Steady at, std::function<void()> callback) override {
    const std::lock_guard lock(state_->mutex);
    return state_->timers.Add(at, std::move(callback));
  }
  bool Cancel(TimerId id) override {
    const std::lock_guard lock(state_->mutex);
    return state_->timers.Cancel(id);
  }

  bool WaitUntil(std::condition_variable& cv, std::unique_lock<std::mutex>& lock, Steady deadline,
                 const std::function<bool()>& ready) override {
    memberships.clocks[state_.get()] = state_;
    SetWaiting({deadline, true, &cv});
    while (!ready() && SteadyNow() < deadline) cv.wait_for(lock, kSlice);
    SetWaiting({deadline, false, nullptr});
    return ready();
  }

  void WorkBegins() override {
    const std::lock_guard lock(state_->mutex);
    ++state_->work;
  }
  void WorkEnds() override {
    const std::lock_guard lock(state_->mutex);
    TVAN_CHECK(--state_->work >= 0);
    state_->idle.notify_all();
  }

  void Settle() override {
    std::unique_lock lock(state_->mutex);
    WaitIdle(lock);
  }

  void AdvanceTo(Time target) override {
    std::unique_lock lock(state_->mutex);
    while (true) {
      WaitIdle(lock);
      if (std::function<void()> due = state_->timers.TakeDue(state_->SteadyNow())) {
        lock.unlock();
        due();
        lock.lock();
        continue;
      }
      if (state_->now >= target) return;
      Steady next = std::min(Steady{target.us}, state_->timers.Next());
      for (const auto& [thread, waiter] : state_->threads)
        if (thread != std::this_thread::get_id()) next = std::min(next, waiter.deadline);
      state_->now = Time{std::max(next.us, state_->now.us)};
      // A waiter cannot leave without this lock, so its variable lives; a wake that comes too early is made good by the
      // slice.
      for (const auto& [thread, waiter] : state_->threads)
        if (waiter.waiting && waiter.deadline <= next) waiter.cv->notify_all();
    }
  }

 private:
  void SetWaiting(const Waiter& waiter) {
    const std::lock_guard lock(state_->mutex);
    state_->threads[std::this_thread::get_id()] = waiter;
    state_->idle.notify_all();
  }

  void WaitIdle(std::unique_lock<std::mutex>& lock) {
    if (state_->idle.wait_for(lock, kPatience, [this] { return state_->IsIdle(); })) return;
    std::fprintf(stderr, "the test clock is stuck at %s: %lld at work, %zu threads\n", FormatTime(state_->now).c_str(),
                 static_cast<long long>(state_->work), state_->threads.size());
    TVAN_CHECK(false);
  }

  const std::shared_ptr<ClockState> state_;
};

}  // namespace

std::unique_ptr<TestClock> MakeTestClock(Time start) { return std::make_unique<HandMovedClock>(start); }

std::unique_ptr<TestClock> MakeTestClock() {
  const Result<Time> start = ParseLocal("2026-11-21T10:00:00");
  TVAN_CHECK(start.ok());
  return MakeTestClock(*start);
}

}  // namespace tvan
