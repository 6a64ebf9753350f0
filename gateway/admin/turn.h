#pragma once
// What takes long or much memory is done once at a time, or so many times, and who comes meanwhile is told to come
// again (admin.busy). Thread-safe. Internal to admin.

#include <atomic>
#include <string>

#include "gateway/core/status.h"

namespace tvan {

class Turn {
 public:
  explicit Turn(std::atomic<int>& taken, int most = 1) : taken_(taken), mine_(taken.fetch_add(1) < most) {
    if (!mine_) --taken_;
  }
  ~Turn() {
    if (mine_) --taken_;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  bool mine() const { return mine_; }

 private:
  std::atomic<int>& taken_;
  const bool mine_;
};

inline Status Busy(const std::string& what) {
  return Status::Transient("admin.busy"_reason, what + " is under way already: wait for its end");
}

}  // namespace tvan
