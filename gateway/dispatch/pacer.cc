#include "gateway/dispatch/pacer.h"

#include <algorithm>
#include <cmath>

namespace tvan {
namespace {

constexpr double kSlowest = 0.5;  // messages a second

double Seconds(Span span) { return static_cast<double>(span.count()) / 1e6; }

}  // namespace

Pacer::Pacer(const Options& options, Steady now)
    : options_(options), rate_(options.max_per_s), tokens_(std::max(1.0, rate_ / 10)), filled_at_(now) {}

double Pacer::Burst() const { return std::max(1.0, rate_ / 10); }

void Pacer::Refill(Steady now) {
  if (now <= filled_at_) return;
  const double passed = Seconds(now - filled_at_);
  const double before = rate_;
  rate_ = std::min(options_.max_per_s, rate_ + options_.growth_per_s * passed);
  // While the rate grows in a straight line the mean is exact; where it meets the maximum this is a little less.
  tokens_ = std::min(Burst(), tokens_ + (before + rate_) / 2 * passed);
  filled_at_ = now;
}

void Pacer::StartRamp(Steady now) {
  Refill(now);
  rate_ = std::min(options_.start_per_s, options_.max_per_s);
  tokens_ = 0;
}

void Pacer::Failed(Steady now) {
  Refill(now);
  rate_ = std::max(std::min(kSlowest, options_.max_per_s), rate_ / 2);
  tokens_ = std::min(tokens_, 1.0);
}

uint32_t Pacer::Allowed(Steady now) {
  Refill(now);
  return static_cast<uint32_t>(tokens_ + 1e-9);
}

void Pacer::Spend(uint32_t messages) { tokens_ -= messages; }

Steady Pacer::NextAt(Steady now) {
  Refill(now);
  if (tokens_ >= 1) return now;
  return now + Span(static_cast<int64_t>(std::ceil((1 - tokens_) / rate_ * 1e6)) + 1);
}

Steady Pacer::FullAt(Steady now) {
  Refill(now);
  if (!ramping()) return now;
  if (options_.growth_per_s <= 0) return kSteadyForever;
  return now + Span(static_cast<int64_t>(std::ceil((options_.max_per_s - rate_) / options_.growth_per_s * 1e6)) + 1);
}

}  // namespace tvan
