#include "gateway/intake/in_flight.h"

namespace tvan {

InFlight::Entry InFlight::TryEnter(const ProviderId& provider, uint32_t limit, std::shared_ptr<Place>& place) {
  const std::lock_guard lock(mutex_);
  if (closed_) return Entry::kClosed;
  uint32_t& count = counts_[provider];
  if (count >= limit) return Entry::kProviderFull;
  place = std::make_shared<Place>(*this, provider);
  ++count;
  ++total_;
  return Entry::kTaken;
}

void InFlight::Leave(const ProviderId& provider) {
  const std::lock_guard lock(mutex_);
  const auto count = counts_.find(provider);
  TVAN_CHECK(count != counts_.end() && count->second > 0);
  if (--count->second == 0) counts_.erase(count);
  // Under the lock: the waiter may destroy this object as soon as it sees zero.
  if (--total_ == 0) left_.notify_all();
}

uint64_t InFlight::CloseAndWait(Span patience) {
  std::unique_lock lock(mutex_);
  closed_ = true;
  clock_.WaitUntil(left_, lock, clock_.SteadyNow() + patience, [this] { return total_ == 0; });
  return total_;
}

}  // namespace tvan
