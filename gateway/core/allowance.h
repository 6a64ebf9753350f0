#pragma once
// How many bytes of answers each provider may leave unread in our memory. Who makes an answer opens a share, says how
// large it became, and lets go when the client has it; before a further answer is made, HasRoom is asked. So a client
// that never reads holds the allowance and the answers that were being made meanwhile, and no more. Thread-safe;
// outlives its shares.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

#include "gateway/core/ids.h"
#include "gateway/core/metrics.h"

namespace tvan {

class Allowance {
 public:
  // `gauge` is told of every change; null: nobody is.
  explicit Allowance(uint64_t bytes_per_provider, Gauge* gauge = nullptr)
      : bytes_per_provider_(bytes_per_provider), gauge_(gauge) {}
  Allowance(const Allowance&) = delete;
  Allowance& operator=(const Allowance&) = delete;

  class Share {
   public:
    Share(Allowance& allowance, ProviderId provider) : allowance_(allowance), provider_(std::move(provider)) {}
    ~Share() { Set(0); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    // What this share holds now. One thread at a time.
    void Set(uint64_t bytes) {
      allowance_.Change(provider_, held_, bytes);
      held_ = bytes;
    }

   private:
    Allowance& allowance_;
    const ProviderId provider_;
    uint64_t held_ = 0;
  };

  bool HasRoom(const ProviderId& provider) const {
    const std::lock_guard lock(mutex_);
    const auto held = held_.find(provider);
    return held == held_.end() || held->second < bytes_per_provider_;
  }

 private:
  void Change(const ProviderId& provider, uint64_t from, uint64_t to) {
    if (from == to) return;
    const std::lock_guard lock(mutex_);
    uint64_t& held = held_[provider];
    held += to - from;
    all_ += to - from;
    if (held == 0) held_.erase(provider);
    if (gauge_ != nullptr) gauge_->Set(static_cast<double>(all_));
  }

  const uint64_t bytes_per_provider_;
  Gauge* const gauge_;
  mutable std::mutex mutex_;
  std::map<ProviderId, uint64_t> held_;
  uint64_t all_ = 0;
};

}  // namespace tvan
