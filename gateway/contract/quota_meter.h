#pragma once
// What a provider may take by its contract: so many calls a second, so many messages and bytes a day. Decides only;
// what was accepted today counts the store, in the act that accepts. Thread-safe.

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "gateway/contract/contracts.h"
#include "gateway/core/status.h"

namespace tvan {

class QuotaMeter {
 public:
  struct Refusal {
    Status status;  // contract.rate_quota, contract.day_quota (transient)
    Span retry_after{};
  };
  // Messages and bytes of a day that are on their way to being accepted; given back when it goes away.
  class Share {
   public:
    Share(QuotaMeter& meter, ProviderId provider, uint64_t bytes)
        : meter_(meter), provider_(std::move(provider)), bytes_(bytes) {}
    ~Share() { meter_.GiveBack(provider_, bytes_); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

   private:
    QuotaMeter& meter_;
    const ProviderId provider_;
    const uint64_t bytes_;
  };
  struct Use {
    uint64_t messages = 0, bytes = 0;
  };

  // One call of this second. `now` is monotonic.
  std::optional<Refusal> TakeCall(const ProviderId& provider, const Quotas& quotas, Steady now);
  // One message of today: accepted ones and those on their way count. `accepted` is asked while nobody else of this
  // meter decides; an error of it is the refusal. The share is held until the store has decided, or for ever refused.
  std::optional<Refusal> TakeMessage(const ProviderId& provider, const Quotas& quotas, uint64_t bytes, Time now,
                                     const std::function<Result<Use>()>& accepted, std::shared_ptr<Share>& share);

 private:
  void GiveBack(const ProviderId& provider, uint64_t bytes);

  // Calls are counted on threads that must not wait for what is read of a store.
  std::mutex calls_mutex_, day_mutex_;
  std::unordered_map<ProviderId, int64_t> full_at_ns_;  // when the bucket would be full again; one a contract
  std::unordered_map<ProviderId, Use> on_way_;
};

}  // namespace tvan
