#pragma once
// A mutex that lets in who waits in the order in which they came: who lets go and takes it again at once, as an import
// does between its acts, goes behind all others. For std::lock_guard. Internal to the room.

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace tvan {

class FairMutex {
 public:
  void lock() {
    std::unique_lock lock(mutex_);
    const uint64_t mine = last_++;
    changed_.wait(lock, [this, mine] { return turn_ == mine; });
  }
  void unlock() {
    const std::lock_guard lock(mutex_);
    ++turn_;
    changed_.notify_all();
  }
  uint64_t taken() const {  // by who has it and who waits
    const std::lock_guard lock(mutex_);
    return last_ - turn_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t last_ = 0, turn_ = 0;
};

}  // namespace tvan
