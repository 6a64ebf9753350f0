#include <algorithm>
#include <chrono>
#include <fstream>
#include <optional>
#include <thread>
#include <vector>

#include "gateway/core/clock_page.h"
#include "gateway/core/clock_page_layout.h"
#include "gateway/core/loose_thread.h"

namespace tvan {
namespace {

using RealTime = std::chrono::steady_clock::time_point;
RealTime RealNow() { return std::chrono::steady_clock::now(); }

struct SlotView {
  ClockSlot* slot = nullptr;
  uint64_t owner = 0;
  int64_t next_timer = 0;
  uint32_t busy = 0;
  uint64_t loose = 0;
  uint64_t activity = 0;
  bool answered = false;  // the last ring of the bell
  friend bool operator==(const SlotView&, const SlotView&) = default;
};
using View = std::vector<SlotView>;

uint64_t TotalActivity(const View& view) {
  uint64_t sum = 0;
  for (const SlotView& s : view) sum += s.activity;
  return sum;
}

std::string NameOf(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
  std::string name;
  std::getline(file, name);
  return name.empty() ? "?" : name;
}

// How long one view has stayed the same, in real time and in looks.
class Stillness {
 public:
  void See(View view) {
    if (!last_ || *last_ != view) {
      last_ = std::move(view);
      since_ = RealNow();
      looks_ = 0;
    }
    ++looks_;
  }
  void Forget() { last_.reset(); }
  // Each look waits for an answer of every process, so that a loaded machine stretches the settling by itself.
  bool Lasted(Span span) const { return looks_ >= 3 && RealNow() - since_ >= span; }
  const View& view() const { return *last_; }

 private:
  std::optional<View> last_;
  RealTime since_;
  int looks_ = 0;
};

class Driver final : public ClockDriver {
 public:
  explicit Driver(std::shared_ptr<ClockPage> page) : page_(std::move(page)) {}

  Time Now() const override { return {page_->now_us.load()}; }

  Status AdvanceTo(Time target, Span settle, Span patience) override {
    if (target < Now()) return Status::Permanent("clock.target"_reason, "time does not go back");
    const int64_t goal = page_->steady_us + (target - Now()).count();
    Stillness still;
    RealTime moved = RealNow(), stirred = moved;
    Span pause = kShortPause;
    for (uint64_t activity = 0;;) {
      still.See(Look());
      if (TotalActivity(still.view()) != activity) stirred = RealNow();
      activity = TotalActivity(still.view());
      const bool idle = AllIdle(still.view());
      if (idle && still.Lasted(Needed(still.view(), settle))) {
        if (page_->steady_us == goal) return {};
        Forgive(still.view());
        MoveTo(std::min(goal, Earliest(still.view())));
        still.Forget();
        moved = stirred = RealNow();
        continue;
      }
      if (RealNow() - stirred > patience || RealNow() - moved > 10 * patience) return Stuck(still.view());
      pause = idle ? kShortPause : std::min(2 * pause, kLongPause);
      std::this_thread::sleep_for(pause);
    }
  }

 private:
  static constexpr Span kShortPause{300}, kLongPause{4'000};

  // Rings, gives every process a moment to answer, and reads all slots.
  View Look() {
    FreeDeadSlots();
    RingBell(*page_);
    const uint32_t bell = page_->bell;
    const RealTime enough = RealNow() + std::chrono::milliseconds(5);
    View view = Read(bell);
    const auto answered = [](const SlotView& s) { return s.answered; };
    for (Span pause{30}; !std::all_of(view.begin(), view.end(), answered) && RealNow() < enough; pause *= 2) {
      std::this_thread::sleep_for(pause);
      view = Read(bell);
    }
    return view;
  }

  void FreeDeadSlots() {
    for (ClockSlot& slot : page_->slots) {
      const uint64_t owner = slot.owner;
      if (owner != 0 && OwnerWord(PidOf(owner)) != owner) FreeSlot(slot);
    }
  }

  View Read(uint32_t bell) {
    View view;
    for (ClockSlot& slot : page_->slots) {
      const uint64_t owner = slot.owner;
      const bool answered = static_cast<int32_t>(slot.quiet_bell - bell) >= 0;
      if (owner != 0) view.push_back({&slot, owner, slot.next_timer, slot.busy, slot.loose, slot.activity, answered});
    }
    return view;
  }

  bool Idle(const SlotView& s) const { return s.answered && s.busy == 0 && s.next_timer > page_->steady_us; }
  bool AllIdle(const View& view) const {
    return std::all_of(view.begin(), view.end(), [this](const SlotView& s) { return Idle(s); });
  }

  static Span Needed(const View& view, Span settle) {
    const bool loose = std::any_of(view.begin(), view.end(), [](const SlotView& s) { return LooseCount(s.loose) > 0; });
    return loose ? std::max(10 * settle, Span(30'000)) : settle;
  }

  static void Forgive(const View& view) {
    for (const SlotView& s : view)
      if (LooseCount(s.loose) > 0) ForgiveLoose(*s.slot, s.loose);
  }

  static int64_t Earliest(const View& view) {
    int64_t earliest = kSteadyForever.us;
    for (const SlotView& s : view) earliest = std::min(earliest, s.next_timer);
    return earliest;
  }

  void MoveTo(int64_t steady) {
    page_->now_us += steady - page_->steady_us;
    page_->steady_us = steady;
    RingBell(*page_);
  }

  Status Stuck(const View& view) const {
    std::string text = "time stands at " + FormatTime(Now());
    for (const SlotView& s : view) {
      if (Idle(s) && LooseCount(s.loose) == 0) continue;
      text += "; pid " + std::to_string(PidOf(s.owner)) + " (" + NameOf(PidOf(s.owner)) + "): ";
      text += s.busy > 0   ? "busy with " + std::to_string(s.busy) + " pieces of work"
              : Idle(s)    ? "a thread has left its wait"
              : s.answered ? "has a timer that is due"
                           : "has a due timer, a waiter that is ready, or a lock held for long";
    }
    return Status::Transient("clock.stuck"_reason, std::move(text));
  }

  const std::shared_ptr<ClockPage> page_;
};

}  // namespace

Result<std::unique_ptr<ClockDriver>> ClockDriver::Create(const std::string& path, Time start) {
  auto page = CreateClockPage(path, start);
  if (!page.ok()) return page.status();
  return std::unique_ptr<ClockDriver>(std::make_unique<Driver>(std::move(*page)));
}

}  // namespace tvan
