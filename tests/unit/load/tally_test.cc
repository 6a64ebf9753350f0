#include "ops/load/tally.h"

#include <gtest/gtest.h>

namespace tvan::load {
namespace {

constexpr auto kReceipt = Tally::Answer::kReceipt;

Steady At(int64_t ms) { return Steady{1'000'000 + ms * 1000}; }

TEST(Tally, MeasuresOnlyInsideTheWindowThatWarmUpOpens) {
  Tally tally(2);
  EXPECT_FALSE(tally.Answered(kReceipt, 0, At(0), At(500)));
  EXPECT_TRUE(tally.Answered(kReceipt, 1, At(0), At(1000))) << "the second answer opens it";
  EXPECT_FALSE(tally.Answered(kReceipt, 2, At(1000), At(1500)));
  EXPECT_FALSE(tally.Answered(kReceipt, 3, At(1000), At(2000)));
  tally.Close(At(2000));
  EXPECT_FALSE(tally.Answered(kReceipt, 4, At(1900), At(2900)));
  EXPECT_EQ(tally.receipts_in_window(), 2u);
  EXPECT_EQ(tally.window(), std::chrono::seconds(1));
  EXPECT_DOUBLE_EQ(tally.receipts_per_s(), 2);
}

TEST(Tally, LatencyCountsFromTheIntendedInstantAndKeepsLateAnswers) {
  Tally tally(1);
  EXPECT_TRUE(tally.Answered(kReceipt, 0, At(0), At(9000)));  // warm-up: not measured
  EXPECT_FALSE(tally.Answered(kReceipt, 1, At(9000), At(9010)));
  tally.Close(At(9020));
  EXPECT_FALSE(tally.Answered(kReceipt, 2, At(9000), At(12'000)));  // after the close, and slow
  EXPECT_EQ(tally.latency().count(), 2u);
  EXPECT_EQ(tally.latency().max(), 3'000'000u);
}

TEST(Tally, AnAnswerOfAWarmUpMessageThatComesLateIsNotMeasured) {
  Tally tally(2);
  EXPECT_FALSE(tally.Answered(kReceipt, 2, At(0), At(10)));
  EXPECT_TRUE(tally.Answered(kReceipt, 0, At(0), At(20)));
  EXPECT_FALSE(tally.Answered(kReceipt, 1, At(0), At(5000)));
  EXPECT_EQ(tally.latency().max(), 10'000u);
}

TEST(Tally, ARejectionEndsWarmUpButIsNoReceipt) {
  Tally tally(1);
  EXPECT_TRUE(tally.Answered(Tally::Answer::kRejection, 0, At(0), At(10)));
  EXPECT_FALSE(tally.Answered(Tally::Answer::kRejection, 1, At(0), At(20)));
  EXPECT_FALSE(tally.Answered(kReceipt, 2, At(0), At(30)));
  EXPECT_EQ(tally.receipts_in_window(), 1u);
  EXPECT_EQ(tally.latency().count(), 1u);
}

TEST(Tally, WithoutWarmUpTheRunOpensItAndOnlyOnce) {
  Tally tally(0);
  tally.Open(At(0));
  tally.Open(At(700));
  EXPECT_FALSE(tally.Answered(kReceipt, 0, At(0), At(100)));
  tally.Close(At(1000));
  tally.Close(At(9000));
  EXPECT_EQ(tally.window(), std::chrono::seconds(1));
}

TEST(Tally, MissingIsWhatHasNeitherReceiptNorRejectionNorFailure) {
  Counts counts;
  counts.offered = 10;
  counts.accepted = 6;
  counts.rejected = 1;
  counts.failed = 1;
  counts.backpressure = 5;  // each tried again: they are no answers
  EXPECT_EQ(counts.missing(), 2u);
}

TEST(Tally, CountsDifferentIdsAndBoundsComplaints) {
  Tally tally(0);
  for (const char* id : {"V1", "V2", "V1"}) tally.GatewayId(id);
  EXPECT_EQ(tally.DistinctGatewayIds(), 2u);
  for (int i = 0; i < 100; ++i) tally.Complaint("text " + std::to_string(i));
  tally.Complaint("text 3");
  EXPECT_EQ(tally.complaints().size(), 20u);
  EXPECT_EQ(tally.complaints().at("text 3"), 2u);
}

}  // namespace
}  // namespace tvan::load
