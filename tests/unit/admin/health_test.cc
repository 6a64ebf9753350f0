#include "gateway/app/health.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "tests/support/fake_clock.h"

namespace tvan {
namespace {

class HealthTest : public testing::Test {
 protected:
  HealthTest() {
    health_.SetListener([this](bool serving) { changes_.push_back(serving); });
  }
  std::unique_ptr<TestClock> clock_ = MakeTestClock();
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  std::vector<bool> changes_;
  Health health_{*clock_, *metrics_};
};

TEST_F(HealthTest, IsRedUntilTheStoreIsKnownToWrite) {
  EXPECT_EQ(health_.why(), "app.starting");
  health_.OnStore(Status());
  EXPECT_TRUE(health_.serving());
  EXPECT_EQ(changes_, std::vector<bool>{true});
}

TEST_F(HealthTest, AFailedStoreIsRedUntilItWritesAgain) {
  health_.OnStore(Status());
  health_.OnStore(Status::InDoubt("store.io"_reason, "flush"));
  EXPECT_EQ(health_.why(), "store.io");
  clock_->AdvanceBy(std::chrono::hours(1));
  EXPECT_FALSE(health_.serving());
  health_.OnStore(Status());
  EXPECT_TRUE(health_.serving());
}

TEST_F(HealthTest, AFullBufferIsRedUntilALookFindsRoom) {
  int looks = 0;
  bool room = false;
  health_.SetLook([&] { ++looks, room ? health_.OnRoom() : health_.LookLater(); });
  health_.OnStore(Status());
  health_.OnStore(Status::Transient("store.full"_reason, "buffer"));
  EXPECT_EQ(health_.why(), "store.full");
  clock_->AdvanceBy(std::chrono::seconds(10));
  EXPECT_FALSE(health_.serving());
  EXPECT_EQ(looks, 10);
  room = true;
  clock_->AdvanceBy(std::chrono::seconds(1));
  EXPECT_TRUE(health_.serving());
  clock_->AdvanceBy(std::chrono::seconds(10));
  EXPECT_EQ(looks, 11) << "a green buffer is not looked at";
}

TEST_F(HealthTest, WhatAFullBufferStillAcceptsDoesNotTurnItGreen) {
  health_.OnStore(Status());
  health_.OnStore(Status::Transient("store.full"_reason, "buffer"));
  health_.OnStore(Status());  // small, or repeated
  EXPECT_EQ(health_.why(), "store.full");
  EXPECT_EQ(changes_, (std::vector<bool>{true, false}));
}

TEST_F(HealthTest, ACrowdAtTheStoreIsNotRed) {
  health_.OnStore(Status());
  health_.OnStore(Status::Transient("store.busy"_reason, "too many wait"));
  EXPECT_TRUE(health_.serving());
}

TEST_F(HealthTest, AFaultOfTheRequestSaysNothingAboutTheStore) {
  health_.OnStore(Status());
  health_.OnStore(Status::Permanent("store.argument"_reason, "key"));
  EXPECT_TRUE(health_.serving());
}

TEST_F(HealthTest, StaysRedOnceItShutsDown) {
  health_.OnStore(Status());
  health_.OnShutdown();
  health_.OnStore(Status());
  EXPECT_EQ(health_.why(), "app.shutting_down");
}

// An accept that was under way reports while the shutdown is being told.
TEST(HealthAtTheEnd, NothingComesBetweenTheLastChangeAndItsBeingTheLast) {
  const auto clock = MakeTestClock();
  const auto metrics = Metrics::Make();
  for (int i = 0; i < 500; ++i) {
    Health health(*clock, *metrics);
    std::vector<std::thread> accepts;
    health.SetListener([&](bool serving) {
      for (int n = 0; !serving && n < 3; ++n) accepts.emplace_back([&] { health.OnStore(Status()); });
    });
    health.OnShutdown();
    for (std::thread& accept : accepts) accept.join();
    ASSERT_EQ(health.why(), "app.shutting_down");
  }
}

}  // namespace
}  // namespace tvan
