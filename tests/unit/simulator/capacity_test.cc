// How much the authority takes.
#include "adapters/simulator/capacity.h"

#include <gtest/gtest.h>

namespace tvan::test {
namespace {

using namespace std::chrono_literals;

constexpr Time kNow{1'000'000'000};

int Passing(sim::Capacity& capacity, Time at, std::optional<int64_t> rate, int tries) {
  int passed = 0;
  for (int i = 0; i < tries; ++i) passed += capacity.Take(at, rate, 1);
  return passed;
}

TEST(Capacity, TakesASecondsWorthAtOnceAndThenAsFastAsTimeGoes) {
  sim::Capacity capacity;
  EXPECT_EQ(Passing(capacity, kNow, 5, 20), 5);
  EXPECT_EQ(Passing(capacity, kNow + 199ms, 5, 20), 0);
  EXPECT_EQ(Passing(capacity, kNow + 200ms, 5, 20), 1);
  EXPECT_EQ(Passing(capacity, kNow + 400ms, 5, 20), 1);
  EXPECT_EQ(Passing(capacity, kNow + 1h, 5, 20), 5) << "it does not save up";
}

TEST(Capacity, OfNothingTakesNothingAndWithoutLimitTakesAll) {
  sim::Capacity capacity;
  EXPECT_EQ(Passing(capacity, kNow, 0, 3), 0);
  EXPECT_EQ(Passing(capacity, kNow, std::nullopt, 1000), 1000);
  EXPECT_EQ(Passing(capacity, kNow + 1s, 5, 20), 5);
  EXPECT_TRUE(capacity.Take(kNow + 1s, 0, 0));
}

TEST(Capacity, ARequestLargerThanASecondsWorthPassesWhenFullAndIsPaidFor) {
  sim::Capacity capacity;
  EXPECT_TRUE(capacity.Take(kNow, 5, 20));
  EXPECT_FALSE(capacity.Take(kNow + 3199ms, 5, 1));
  EXPECT_TRUE(capacity.Take(kNow + 3200ms, 5, 1));
  EXPECT_FALSE(capacity.Take(kNow + 3200ms, 5, 20));
}

TEST(Capacity, AMessageOfAnEarlierMomentGivesNoTimeTwice) {
  sim::Capacity capacity;
  EXPECT_EQ(Passing(capacity, kNow + 1s, 5, 20), 5);
  EXPECT_EQ(Passing(capacity, kNow, 5, 20), 0);
  EXPECT_EQ(Passing(capacity, kNow + 1s, 5, 20), 0);
}

}  // namespace
}  // namespace tvan::test
