#include "gateway/intake/in_flight.h"

namespace tvan {

InFlight::Entry InFlight::TryEnter(const ProviderId& provider, const Limits& limits, uint64_t bytes,
                                   std::shared_ptr<Place>& place) {
  const std::lock_guard lock(mutex_);
  if (closed_) return Entry::kClosed;
  const auto known = loads_.find(provider);
  const Load now = known == loads_.end() ? Load() : known->second;
  if (now.count >= limits.count || (now.bytes > 0 && now.bytes + bytes > limits.bytes)) return Entry::kProviderFull;
  if (total_bytes_ > 0 && total_bytes_ + bytes > limits.bytes_of_all) return Entry::kFull;
  place = std::make_shared<Place>(*this, provider, bytes);
  loads_[provider] = {now.count + 1, now.bytes + bytes};
  ++total_;
  ++under_way_;
  total_bytes_ += bytes;
  Tell();
  return Entry::kTaken;
}

void InFlight::Unload(const ProviderId& provider, uint64_t bytes, bool was_under_way) {
  const std::lock_guard lock(mutex_);
  loads_[provider].bytes -= bytes;
  total_bytes_ -= bytes;
  Tell();
  Decided(was_under_way);
}

void InFlight::Leave(const ProviderId& provider, uint64_t bytes, bool was_under_way) {
  const std::lock_guard lock(mutex_);
  const auto load = loads_.find(provider);
  TVAN_CHECK(load != loads_.end() && load->second.count > 0);
  load->second.bytes -= bytes;
  total_bytes_ -= bytes;
  if (--load->second.count == 0) loads_.erase(load);
  --total_;
  Tell();
  Decided(was_under_way);
}

// Notified under the lock: the waiter may destroy this object as soon as it sees zero and knows of no place.
void InFlight::Decided(bool was_under_way) {
  if (was_under_way && --under_way_ == 0) left_.notify_all();
}

void InFlight::Tell() const {
  if (count_gauge_ != nullptr) count_gauge_->Set(static_cast<double>(total_));
  if (bytes_gauge_ != nullptr) bytes_gauge_->Set(static_cast<double>(total_bytes_));
}

uint64_t InFlight::CloseAndWait(Span patience) {
  std::unique_lock lock(mutex_);
  closed_ = true;
  clock_.WaitUntil(left_, lock, clock_.SteadyNow() + patience, [this] { return under_way_ == 0; });
  return under_way_;
}

}  // namespace tvan
