#pragma once
// A histogram of latencies with a bounded error, like HdrHistogram: below 256 every microsecond has its own bucket,
// above it each power of two is cut into 128 equal parts, so that a value is known to better than 1/128 (0.8 %).
// Values of 2^40 us (12 days) and more count in the last bucket. A value; one thread.

#include <array>
#include <cstddef>
#include <cstdint>

namespace tvan::load {

class LatencyHistogram {
 public:
  void Record(uint64_t us);
  void Merge(const LatencyHistogram& other);

  uint64_t count() const { return count_; }
  uint64_t max() const { return max_; }  // exact
  double mean() const;                   // exact; 0 when empty
  // The largest value that the bucket of the ceil(q * count)-th smallest value may hold, never above max(): at least
  // that share of the values is not larger. q in [0, 1]; 0 when empty.
  uint64_t Quantile(double q) const;

  static constexpr uint64_t kLargest = (uint64_t{1} << 40) - 1;
  static size_t BucketOf(uint64_t us);
  static uint64_t UpperEdge(size_t bucket);  // the largest value in it

 private:
  static constexpr size_t kExact = 256, kParts = 128, kPowers = 32;
  std::array<uint64_t, kExact + kParts * kPowers> buckets_{};
  uint64_t count_ = 0, sum_ = 0, max_ = 0;
};

}  // namespace tvan::load
