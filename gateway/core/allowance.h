#pragma once
// How many bytes of answers each provider may leave unread in our memory. Who makes an answer opens a share, says how
// large it became, and lets go when the client has it; before a further answer is made, HasRoom is asked. So a client
// that never reads holds the allowance and the answers that were being made meanwhile, and no more. A refusal is an
// answer too: who does not read even those is overrun, and its calls are cut off unanswered. Thread-safe; outlives its
// shares.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

#include "gateway/core/ids.h"
#include "gateway/core/metrics.h"

namespace tvan {

// What gRPC holds for a call that is not over, whatever was asked: its arena, contexts, batches. Measured with 1.51.
inline constexpr uint64_t kCallBytes = 16 << 10;
// What a provider may hold beyond its allowance before its calls are cut off.
inline constexpr uint64_t kRefusalBytes = 2 << 20;

class Allowance {
 public:
  // `gauge` is told of every change; null: nobody is.
  explicit Allowance(uint64_t bytes_per_provider, Gauge* gauge = nullptr)
      : bytes_per_provider_(bytes_per_provider), gauge_(gauge) {}
  Allowance(const Allowance&) = delete;
  Allowance& operator=(const Allowance&) = delete;

  struct Held {
    uint64_t bytes = 0;
    uint64_t refused = 0;  // of these: refusals take nobody's room
    bool operator==(const Held&) const = default;
  };
  class Share {
   public:
    Share(Allowance& allowance, ProviderId provider) : allowance_(allowance), provider_(std::move(provider)) {}
    ~Share() { Set(0); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    // What this share holds now, of answers or for a refusal. One thread at a time.
    void Set(uint64_t bytes) { Put({bytes, 0}); }
    void SetRefused() { Put({kCallBytes, kCallBytes}); }

   private:
    void Put(Held held) {
      allowance_.Change(provider_, held_, held);
      held_ = held;
    }
    Allowance& allowance_;
    const ProviderId provider_;
    Held held_;
  };

  bool HasRoom(const ProviderId& provider) const {
    const std::lock_guard lock(mutex_);
    const auto held = held_.find(provider);
    return held == held_.end() || (held->second.bytes - held->second.refused < bytes_per_provider_ &&
                                   held->second.bytes < bytes_per_provider_ + kRefusalBytes);
  }
  // Refusals pile up unread as well, and what was being made when the room ended; so much more there is for these.
  bool IsOverrun(const ProviderId& provider) const {
    const std::lock_guard lock(mutex_);
    const auto held = held_.find(provider);
    return held != held_.end() && held->second.bytes >= bytes_per_provider_ + kRefusalBytes;
  }

 private:
  void Change(const ProviderId& provider, const Held& from, const Held& to) {
    if (from == to) return;
    const std::lock_guard lock(mutex_);
    Held& held = held_[provider];
    held.bytes += to.bytes - from.bytes;
    held.refused += to.refused - from.refused;
    all_ += to.bytes - from.bytes;
    if (held.bytes == 0) held_.erase(provider);
    if (gauge_ != nullptr) gauge_->Set(static_cast<double>(all_));
  }

  const uint64_t bytes_per_provider_;
  Gauge* const gauge_;
  mutable std::mutex mutex_;
  std::map<ProviderId, Held> held_;
  uint64_t all_ = 0;
};

}  // namespace tvan
