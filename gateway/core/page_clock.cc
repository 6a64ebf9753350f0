#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <list>
#include <set>
#include <thread>
#include <vector>

#include "gateway/core/clock.h"
#include "gateway/core/clock_page_layout.h"
#include "gateway/core/loose_thread.h"
#include "gateway/core/timer_queue.h"

namespace tvan {
namespace {

// A thread inside WaitUntil, as the clock's own thread sees it. `gate` keeps what it borrows alive while it is looked
// at: the waiter closes it before it returns. Lock order: gate, then only a try_lock of the waiter's own mutex.
struct Waiter {
  std::condition_variable& cv;
  std::mutex& mutex;
  const std::function<bool()>& ready;
  const Steady deadline;
  std::mutex gate;
  bool gone = false;
};

class PageClock final : public Clock {
 public:
  PageClock(std::shared_ptr<ClockPage> page, ClockSlot& slot)
      : page_(std::move(page)), slot_(slot), thread_([this] { Watch(); }) {}

  ~PageClock() override {
    stopping_ = true;
    RingBell(*page_);
    thread_.join();
    FreeSlot(slot_);
  }

  Time Now() const override { return {page_->now_us.load()}; }
  Steady SteadyNow() const override { return {page_->steady_us.load()}; }

  TimerId RunAt(Steady at, std::function<void()> callback) override {
    TVAN_CHECK(callback != nullptr);
    TimerId id = 0;
    {
      const std::lock_guard lock(mutex_);
      id = timers_.Add(at, std::move(callback));
      Publish();
    }
    if (at <= SteadyNow()) RingBell(*page_);
    return id;
  }

  bool Cancel(TimerId id) override {
    const std::lock_guard lock(mutex_);
    const bool cancelled = timers_.Cancel(id);
    Publish();
    return cancelled;
  }

  bool WaitUntil(std::condition_variable& cv, std::unique_lock<std::mutex>& lock, Steady deadline,
                 const std::function<bool()>& ready) override {
    LooseThread& thread = LooseThread::OfThisThread();
    bool is_ready = ready();
    if (is_ready || SteadyNow() >= deadline) {
      thread.Take(page_, slot_);
      return is_ready;
    }
    const std::shared_ptr<Waiter> waiter(new Waiter{cv, *lock.mutex(), ready, deadline});  // clang 14: no make_shared
    Enter(waiter);
    thread.Release();
    // The deadline is looked at after Enter: either this sees the new time, or Watch sees the waiter.
    while (!(is_ready = ready()) && SteadyNow() < deadline) cv.wait(lock);
    thread.Take(page_, slot_);
    Leave(*waiter);
    return is_ready;
  }

  void WorkBegins() override {
    slot_.busy.fetch_add(1);
    slot_.activity.fetch_add(1);
  }

  void WorkEnds() override {
    slot_.activity.fetch_add(1);
    TVAN_CHECK(slot_.busy.fetch_sub(1) > 0);
  }

 private:
  // With mutex_ held: says in the page when this process wants to be woken, and that something happened.
  void Publish() {
    const int64_t waiter = deadlines_.empty() ? kSteadyForever.us : *deadlines_.begin();
    slot_.next_timer = std::min(timers_.Next().us, waiter);
    slot_.activity.fetch_add(1);
  }

  void Enter(const std::shared_ptr<Waiter>& waiter) {
    const std::lock_guard lock(mutex_);
    waiters_.push_back(waiter);
    deadlines_.insert(waiter->deadline.us);
    Publish();
  }

  void Leave(Waiter& waiter) {
    {
      const std::lock_guard gate(waiter.gate);
      waiter.gone = true;
    }
    const std::lock_guard lock(mutex_);
    deadlines_.erase(deadlines_.find(waiter.deadline.us));
    waiters_.remove_if([&](const std::shared_ptr<Waiter>& w) { return w.get() == &waiter; });
    Publish();
  }

  // The clock's own thread: answers each ring of the bell once all that is due has been handled.
  void Watch() {
    constexpr Span kShort{100}, kLong{3'600'000'000};
    Span pause = kShort;
    while (!stopping_) {
      const uint32_t bell = page_->bell;
      RunDueTimers();
      const bool quiet = AllWait();
      if (quiet) slot_.quiet_bell = bell;
      WaitForBell(*page_, bell, quiet ? kLong : pause);
      pause = quiet ? kShort : std::min(2 * pause, Span(5'000));
    }
  }

  void RunDueTimers() {
    while (!stopping_) {
      std::function<void()> callback = TakeDue();
      if (callback == nullptr) return;
      callback();
      callback = nullptr;
      WorkEnds();
    }
  }

  // Work begins before the timer leaves the queue, so that there is no moment at which neither is seen.
  std::function<void()> TakeDue() {
    const std::lock_guard lock(mutex_);
    if (timers_.Next() > SteadyNow()) return nullptr;
    WorkBegins();
    std::function<void()> callback = timers_.TakeDue(SteadyNow());
    Publish();
    return callback;
  }

  // Wakes waiters whose deadline has come. True when every waiter goes on waiting.
  bool AllWait() {
    std::vector<std::shared_ptr<Waiter>> waiters;
    {
      const std::lock_guard lock(mutex_);
      waiters.assign(waiters_.begin(), waiters_.end());
    }
    bool all_wait = true;
    for (const auto& waiter : waiters) all_wait = Waits(*waiter) && all_wait;
    return all_wait;
  }

  bool Waits(Waiter& waiter) {
    const std::lock_guard gate(waiter.gate);
    if (waiter.gone) return true;
    const std::unique_lock lock(waiter.mutex, std::try_to_lock);
    if (!lock.owns_lock()) return false;  // somebody is at work with what it waits for
    if (waiter.ready()) return false;     // notified, or about to be
    if (SteadyNow() < waiter.deadline) return true;
    waiter.cv.notify_all();
    return false;
  }

  const std::shared_ptr<ClockPage> page_;
  ClockSlot& slot_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  TimerQueue timers_;
  std::list<std::shared_ptr<Waiter>> waiters_;
  std::multiset<int64_t> deadlines_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Clock>> MakePageClock(const std::string& path) {
  auto page = MapClockPage(path);
  if (!page.ok()) return page.status();
  const uint64_t self = OwnerWord(getpid());
  if (self == 0) return Status::Permanent("clock.page"_reason, "/proc/<pid>/stat of this process cannot be read");
  for (ClockSlot& slot : (*page)->slots) {
    uint64_t free = 0;
    if (!slot.owner.compare_exchange_strong(free, self)) continue;
    std::unique_ptr<Clock> clock = std::make_unique<PageClock>(*page, slot);
    RingBell(**page);
    return clock;
  }
  return Status::Permanent("clock.page"_reason, path + ": all slots are taken");
}

}  // namespace tvan
