#include "gateway/contract/quota_meter.h"

#include <gtest/gtest.h>

#include <random>

#include "gateway/core/local_day.h"

namespace tvan {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const ProviderId kAcme = ProviderId::Trusted("acme"), kBeta = ProviderId::Trusted("beta");
const Time kMorning = *ParseTime("2026-11-20T09:00:00+07:00");

class Meter : public ::testing::Test {
 protected:
  bool Calls(const ProviderId& who, Span at) {
    last_ = meter_.TakeCall(who, quotas_, Steady{1'000'000'000} + at);
    return !last_;
  }
  int CallsAtOnce(Span at) {
    int taken = 0;
    while (taken < 1000 && Calls(kAcme, at)) ++taken;
    return taken;
  }
  // What the store would have counted is `accepted_`; the share is kept, as by a message on its way.
  bool Sends(uint64_t bytes, const ProviderId& who = kAcme) {
    std::shared_ptr<QuotaMeter::Share> share;
    last_ = meter_.TakeMessage(
        who, quotas_, bytes, kMorning, [this] { return Result<QuotaMeter::Use>(accepted_); }, share);
    EXPECT_EQ(share != nullptr, !last_ && quotas_.per_day + quotas_.bytes_per_day > 0);
    if (share) on_way_.push_back(std::move(share));
    return !last_;
  }
  QuotaMeter meter_;
  Quotas quotas_;
  QuotaMeter::Use accepted_;
  std::vector<std::shared_ptr<QuotaMeter::Share>> on_way_;
  std::optional<QuotaMeter::Refusal> last_;
};

TEST_F(Meter, WithoutAQuotaEverythingIsTaken) {
  EXPECT_EQ(CallsAtOnce(seconds(0)), 1000);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(Sends(1 << 20));
}

TEST_F(Meter, ABurstIsTakenAtOnceAndThenSoManyASecond) {
  quotas_.per_second = 10;
  quotas_.burst = 25;
  EXPECT_EQ(CallsAtOnce(seconds(0)), 25);
  EXPECT_EQ(last_->status.reason(), "contract.rate_quota"_reason);
  EXPECT_EQ(CallsAtOnce(seconds(1)), 10);
  EXPECT_EQ(CallsAtOnce(seconds(60)), 25) << "no more than a burst is saved";
}

TEST_F(Meter, WithoutABurstOneSecondsCallsMayComeAtOnce) {
  quotas_.per_second = 10;
  EXPECT_EQ(CallsAtOnce(seconds(0)), 10);
}

TEST_F(Meter, WhoWaitsAsLongAsToldIsTakenAndNotBefore) {
  quotas_.per_second = 8;
  quotas_.burst = 1;
  EXPECT_TRUE(Calls(kAcme, seconds(0)));
  EXPECT_FALSE(Calls(kAcme, milliseconds(25)));
  const Span told = last_->retry_after;
  EXPECT_FALSE(Calls(kAcme, milliseconds(25) + told - milliseconds(1)));
  EXPECT_TRUE(Calls(kAcme, milliseconds(25) + told));
  quotas_.per_second = 3;
  EXPECT_FALSE(Calls(kAcme, seconds(1)) && Calls(kAcme, seconds(1)));
  EXPECT_TRUE(Calls(kAcme, seconds(1) + last_->retry_after)) << "a third of a second is rounded up";
}

TEST_F(Meter, ARefusedCallCostsNothing) {
  quotas_.per_second = 1;
  EXPECT_TRUE(Calls(kAcme, seconds(0)));
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(Calls(kAcme, milliseconds(500)));
  EXPECT_TRUE(Calls(kAcme, seconds(1)));
}

TEST_F(Meter, OneProvidersCallsAreNotAnothers) {
  quotas_.per_second = 1;
  EXPECT_TRUE(Calls(kAcme, seconds(0)));
  EXPECT_FALSE(Calls(kAcme, seconds(0)));
  EXPECT_TRUE(Calls(kBeta, seconds(0)));
}

TEST_F(Meter, AQuotaThatWasRaisedCountsAtOnce) {
  quotas_.per_second = 1;
  EXPECT_TRUE(Calls(kAcme, seconds(0)));
  EXPECT_FALSE(Calls(kAcme, seconds(0)));
  quotas_.per_second = 100;
  EXPECT_TRUE(Calls(kAcme, milliseconds(10))) << "as fast as it fills now";
}

TEST_F(Meter, ABucketThatShrankIsNotInDebtForTheLargerOne) {
  quotas_.per_second = 1;
  quotas_.burst = 100;
  EXPECT_EQ(CallsAtOnce(seconds(0)), 100);
  quotas_.burst = 1;
  EXPECT_FALSE(Calls(kAcme, seconds(1)));
  EXPECT_LE(last_->retry_after, milliseconds(1001)) << "not a hundred seconds";
  EXPECT_TRUE(Calls(kAcme, seconds(2)));
}

TEST_F(Meter, OverAnyTimeNoMoreThanRateAndBurstAreTaken) {
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    QuotaMeter meter;
    const Quotas quotas{static_cast<uint32_t>(1 + random() % 500), static_cast<uint32_t>(1 + random() % 50), 0, 0};
    int64_t at = 0;
    uint64_t taken = 0;
    for (int i = 0; i < 2000; ++i) {
      at += static_cast<int64_t>(random() % 5000);
      if (!meter.TakeCall(kAcme, quotas, Steady{at})) ++taken;
    }
    const uint64_t most = quotas.burst + static_cast<uint64_t>(at) * quotas.per_second / 1'000'000 + 1;
    EXPECT_LE(taken, most) << quotas.per_second << " a second, burst " << quotas.burst;
    EXPECT_GE(taken, std::min<uint64_t>(2000, most * 9 / 10) / 2) << "nor much fewer when there is enough to take";
  }
}

TEST_F(Meter, WhatIsAcceptedAndWhatIsOnItsWayFillTheDay) {
  quotas_.per_day = 3;
  accepted_.messages = 1;
  EXPECT_TRUE(Sends(10));
  EXPECT_TRUE(Sends(10));
  EXPECT_FALSE(Sends(10));
  EXPECT_EQ(last_->status.reason(), "contract.day_quota"_reason);
  EXPECT_EQ(last_->retry_after, seconds(1)) << "one on its way may be rejected";
  on_way_.pop_back();
  EXPECT_TRUE(Sends(10));
}

TEST_F(Meter, BytesThatAreGivenBackMayBeTakenAgain) {
  quotas_.bytes_per_day = 100;
  EXPECT_TRUE(Sends(100));
  on_way_.pop_back();
  EXPECT_TRUE(Sends(99));
  EXPECT_FALSE(Sends(2));
}

TEST_F(Meter, ADayThatIsUsedUpEndsAtMidnightInVietNam) {
  quotas_.per_day = 3;
  accepted_.messages = 3;
  EXPECT_FALSE(Sends(10));
  EXPECT_EQ(last_->retry_after, std::chrono::hours(15));
  EXPECT_TRUE(last_->status.is_transient());
}

TEST_F(Meter, BytesOfADayAreCountedWithThisMessage) {
  quotas_.bytes_per_day = 100;
  accepted_.bytes = 60;
  EXPECT_FALSE(Sends(41));
  EXPECT_EQ(last_->retry_after, std::chrono::hours(15)) << "this one does not fit today";
  EXPECT_TRUE(Sends(40));
  EXPECT_FALSE(Sends(1));
  EXPECT_EQ(last_->retry_after, seconds(1));
  EXPECT_TRUE(Sends(40, kBeta)) << "another's bytes are not its";
}

TEST_F(Meter, ACountThatCannotBeReadRefuses) {
  quotas_.per_day = 3;
  std::shared_ptr<QuotaMeter::Share> share;
  const auto broken = [] { return Result<QuotaMeter::Use>(Status::Transient("store.io"_reason, "disk")); };
  const auto refusal = meter_.TakeMessage(kAcme, quotas_, 1, kMorning, broken, share);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status.reason(), "store.io"_reason);
  EXPECT_EQ(refusal->retry_after, seconds(1));
  EXPECT_EQ(share, nullptr);
}

TEST(LocalDay, ChangesAtMidnightInVietNam) {
  const int32_t day = LocalDay(*ParseTime("2026-11-20T23:59:59+07:00"));
  EXPECT_EQ(LocalDay(*ParseTime("2026-11-21T00:00:00+07:00")), day + 1);
  EXPECT_EQ(LocalDay(*ParseTime("2026-11-20T17:00:00Z")), day + 1);
  EXPECT_EQ(BeginOfDay(day + 1), *ParseDate("2026-11-21"));
  EXPECT_EQ(LocalDay(Time{0}), 0);
  EXPECT_EQ(LocalDay(Time{-8 * 3'600'000'000LL}), -1);
}

}  // namespace
}  // namespace tvan
