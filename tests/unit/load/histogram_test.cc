#include "ops/load/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace tvan::load {
namespace {

TEST(Histogram, IsEmptyAtFirst) {
  const LatencyHistogram none;
  EXPECT_EQ(none.count(), 0u);
  EXPECT_EQ(none.Quantile(0.5), 0u);
  EXPECT_EQ(none.mean(), 0);
}

TEST(Histogram, KeepsSmallValuesExactly) {
  LatencyHistogram h;
  for (uint64_t us = 0; us < 256; ++us) h.Record(us);
  for (uint64_t us = 0; us < 256; ++us) EXPECT_EQ(h.Quantile(static_cast<double>(us + 1) / 256), us);
}

TEST(Histogram, ABucketIsAtMostOnePart128OfItsValuesWideAndBucketsTouch) {
  for (uint64_t us = 1; us < LatencyHistogram::kLargest; us = us * 5 / 4 + 1) {
    const size_t bucket = LatencyHistogram::BucketOf(us);
    const uint64_t upper = LatencyHistogram::UpperEdge(bucket);
    ASSERT_GE(upper, us);
    ASSERT_LE(static_cast<double>(upper - us), static_cast<double>(us) / 128) << us;
    ASSERT_EQ(LatencyHistogram::BucketOf(upper), bucket) << us;
    ASSERT_EQ(LatencyHistogram::BucketOf(upper + 1), bucket + 1) << us;
  }
}

TEST(Histogram, QuantilesAreThoseOfTheSortedValuesToWithinOnePart128) {
  std::mt19937_64 random(7);
  std::lognormal_distribution<double> latency(8, 2);
  std::vector<uint64_t> values;
  LatencyHistogram h;
  for (int i = 0; i < 20'000; ++i) {
    values.push_back(static_cast<uint64_t>(latency(random)));
    h.Record(values.back());
  }
  std::sort(values.begin(), values.end());
  for (const double q : {0.001, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto rank = static_cast<size_t>(std::ceil(q * static_cast<double>(values.size())));
    const uint64_t exact = values[rank - 1];
    EXPECT_GE(h.Quantile(q), exact) << q;
    EXPECT_LE(static_cast<double>(h.Quantile(q)), static_cast<double>(exact) * (1 + 1.0 / 128)) << q;
  }
  EXPECT_EQ(h.Quantile(1), values.back()) << "the largest is exact";
}

TEST(Histogram, AQuantileIsAValueThatSoManyDoNotExceed) {
  LatencyHistogram h;
  for (const uint64_t us : {1, 2, 3}) h.Record(us);
  EXPECT_EQ(h.Quantile(0.5), 2u) << "1 covers a third only";
  EXPECT_EQ(h.Quantile(0.34), 2u);
  EXPECT_EQ(h.Quantile(0.33), 1u);
  EXPECT_EQ(h.Quantile(0), 1u);
}

TEST(Histogram, TakesWhatIsTooLargeIntoTheLastBucketAndKnowsTheMaximum) {
  LatencyHistogram h;
  h.Record(5);
  h.Record(UINT64_MAX / 4);
  EXPECT_EQ(h.max(), UINT64_MAX / 4);
  EXPECT_EQ(h.Quantile(0.5), 5u);
  EXPECT_EQ(h.Quantile(1), UINT64_MAX / 4);
}

TEST(Histogram, MergedIsAsIfRecordedInOne) {
  LatencyHistogram a, b, both;
  for (uint64_t i = 1; i <= 1000; ++i) {
    (i % 3 == 0 ? a : b).Record(i * i);
    both.Record(i * i);
  }
  a.Merge(b);
  EXPECT_EQ(a.count(), both.count());
  EXPECT_EQ(a.max(), both.max());
  EXPECT_EQ(a.mean(), both.mean());
  for (const double q : {0.1, 0.5, 0.99}) EXPECT_EQ(a.Quantile(q), both.Quantile(q));
}

}  // namespace
}  // namespace tvan::load
