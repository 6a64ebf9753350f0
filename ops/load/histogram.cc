#include "ops/load/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace tvan::load {

size_t LatencyHistogram::BucketOf(uint64_t us) {
  const uint64_t value = std::min(us, kLargest);
  if (value < kExact) return static_cast<size_t>(value);
  const auto shift = static_cast<size_t>(std::bit_width(value)) - 8;  // leaves 8 bits, the first of them set
  return kExact + (shift - 1) * kParts + static_cast<size_t>(value >> shift) - kParts;
}

uint64_t LatencyHistogram::UpperEdge(size_t bucket) {
  if (bucket < kExact) return bucket;
  const size_t shift = (bucket - kExact) / kParts + 1;
  const uint64_t part = (bucket - kExact) % kParts + kParts;
  return ((part + 1) << shift) - 1;
}

void LatencyHistogram::Record(uint64_t us) {
  ++buckets_[BucketOf(us)];
  ++count_;
  sum_ += us;
  max_ = std::max(max_, us);
}

void LatencyHistogram::Merge(const LatencyHistogram& other) {
  for (size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  max_ = std::max(max_, other.max_);
}

double LatencyHistogram::mean() const {
  return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_);
}

uint64_t LatencyHistogram::Quantile(double q) const {
  if (count_ == 0) return 0;
  const auto wanted = std::max<uint64_t>(1, static_cast<uint64_t>(std::ceil(q * static_cast<double>(count_))));
  uint64_t seen = 0;
  for (size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= wanted) return std::min(i + 1 == buckets_.size() ? max_ : UpperEdge(i), max_);
  }
  return max_;
}

}  // namespace tvan::load
