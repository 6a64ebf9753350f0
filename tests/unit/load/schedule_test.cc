#include "ops/load/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tvan::load {
namespace {

TEST(Schedule, EvenArrivalsStandAtTheirPlaceAndRoundingDoesNotAddUp) {
  const auto offsets = MakeSchedule({3, Arrivals::kEven, 1}, 300'001);
  ASSERT_EQ(offsets.size(), 300'001u);
  EXPECT_EQ(offsets[0].count(), 0);
  EXPECT_EQ(offsets[1].count(), 333'333);
  EXPECT_EQ(offsets[2].count(), 666'667);
  EXPECT_EQ(offsets[300'000].count(), 100'000'000'000) << "100 000 s, to the microsecond";
}

TEST(Schedule, PoissonArrivalsHaveTheRateAscendAndRepeatWithTheirSeed) {
  const ScheduleSpec spec{1000, Arrivals::kPoisson, 42};
  const auto offsets = MakeSchedule(spec, 50'000);
  EXPECT_TRUE(std::is_sorted(offsets.begin(), offsets.end()));
  EXPECT_NEAR(static_cast<double>(offsets.back().count()) / 1e6, 50, 1.5);
  EXPECT_EQ(offsets, MakeSchedule(spec, 50'000));
  EXPECT_NE(offsets, MakeSchedule({1000, Arrivals::kPoisson, 43}, 50'000));
  size_t short_gaps = 0;  // shorter than the mean: 1 - 1/e of them
  for (size_t i = 1; i < offsets.size(); ++i) short_gaps += offsets[i] - offsets[i - 1] < Span(1000) ? 1 : 0;
  EXPECT_NEAR(static_cast<double>(short_gaps) / 50'000, 0.632, 0.02);
}

TEST(Schedule, CountsTheArrivalsOfADuration) {
  EXPECT_EQ(ArrivalsIn(100, std::chrono::seconds(2)), 200u);
  EXPECT_EQ(ArrivalsIn(0.5, std::chrono::seconds(3)), 1u);
  EXPECT_EQ(ArrivalsIn(3000, std::chrono::milliseconds(1)), 3u);
}

}  // namespace
}  // namespace tvan::load
