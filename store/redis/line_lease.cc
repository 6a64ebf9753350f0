#include "store/redis/line_lease.h"

#include <optional>

namespace tvan {

LineLease::LineLease(Clock& clock, std::function<void(uint64_t)> tell)
    : clock_(clock), tell_(std::move(tell)), thread_([this] { Run(); }) {}

void LineLease::Set(uint64_t turn, Steady until) {
  const std::lock_guard lock(mutex_);
  turn_ = turn;
  until_ = until;
  changed_.notify_all();
}

void LineLease::Stop() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void LineLease::Run() {
  std::optional<uint64_t> told;
  std::unique_lock lock(mutex_);
  for (;;) {
    if (ended_ || clock_.SteadyNow() >= until_) turn_ = 0;
    const uint64_t turn = turn_;
    if (told != turn) {
      told = turn;
      lock.unlock();
      tell_(turn);
      lock.lock();
      continue;
    }
    if (ended_) return;
    clock_.WaitUntil(changed_, lock, turn == 0 ? kSteadyForever : until_, [&] { return ended_ || turn_ != turn; });
  }
}

}  // namespace tvan
