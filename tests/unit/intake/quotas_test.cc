// What a provider's contract lets it take in a second and in a day, at the pipeline: refusals say whose quota and how
// long to wait, cost nothing, and never keep a first receipt from whoever asks for it again.
#include <gmock/gmock.h>

#include "gateway/core/local_day.h"
#include "tests/unit/intake/intake_world.h"

namespace tvan {
namespace {

using Kind = SubmitOutcome::Kind;

class QuotasTest : public testing::Test {
 protected:
  void Allow(const Quotas& quotas) {
    ProviderContract contract = *world_.contracts->snapshot()->Find(ProviderId::Trusted("acme"));
    contract.quotas = quotas;
    const auto put = world_.contracts->Put(contract, {"test", "test", world_.clock->Now()});
    ASSERT_TRUE(put.ok()) << put.status().ToString();
  }
  SubmitInput Message(int number, const std::string& certificate = IntakeWorld::kAcmeCertificate) {
    MessageSpec spec = Spec203(1, number);
    spec.number = number;
    return world_.Signed(spec, certificate);
  }
  IntakeWorld world_;
};

TEST_F(QuotasTest, CallsBeyondTheRateAreRefusedWithTheTimeToWait) {
  Allow({.per_second = 2, .burst = 2});
  EXPECT_EQ(world_.Submit(Message(1)).kind, Kind::kReceipt);
  EXPECT_EQ(world_.Submit(Message(2)).kind, Kind::kReceipt);
  const SubmitOutcome third = world_.Submit(Message(3));
  EXPECT_EQ(third.kind, Kind::kFailure);
  EXPECT_EQ(third.failure.reason(), "contract.rate_quota"_reason);
  EXPECT_EQ(third.quota_subject, "provider:acme");
  EXPECT_GT(third.retry_after, Span(0));
  EXPECT_LE(third.retry_after, std::chrono::milliseconds(501));
  EXPECT_EQ(world_.Submit(Message(4, IntakeWorld::kBetaCertificate)).kind, Kind::kReceipt)
      << "another's rate is its own";
  world_.clock->AdvanceBy(third.retry_after);
  EXPECT_EQ(world_.Submit(Message(3)).kind, Kind::kReceipt);
}

TEST_F(QuotasTest, ACheckIsACall) {
  Allow({.per_second = 1, .burst = 1});
  EXPECT_TRUE(world_.Check(Message(1)).acceptable);
  const CheckOutcome second = world_.Check(Message(1));
  EXPECT_EQ(second.failure.reason(), "contract.rate_quota"_reason);
  EXPECT_EQ(second.quota_subject, "provider:acme");
  EXPECT_GT(second.retry_after, Span(0));
}

TEST_F(QuotasTest, AfterTheLastMessageOfTheDayNothingIsTakenUntilMidnight) {
  Allow({.per_day = 2});
  EXPECT_EQ(world_.Submit(Message(1)).kind, Kind::kReceipt);
  EXPECT_EQ(world_.Submit(Message(2)).kind, Kind::kReceipt);
  const SubmitOutcome third = world_.Submit(Message(3));
  EXPECT_EQ(third.failure.reason(), "contract.day_quota"_reason);
  EXPECT_EQ(third.quota_subject, "provider:acme");
  const Time midnight = BeginOfDay(LocalDay(world_.clock->Now()) + 1);
  EXPECT_EQ(third.retry_after, midnight - world_.clock->Now());
  EXPECT_EQ(world_.accepted_total(), 2U);
  EXPECT_TRUE(world_.rejections.empty()) << "nothing is wrong with the message";
  world_.clock->AdvanceBy(third.retry_after);
  EXPECT_EQ(world_.Submit(Message(3)).kind, Kind::kReceipt);
}

TEST_F(QuotasTest, ADayThatIsFullStillAnswersWhatWasAccepted) {
  Allow({.per_day = 1});
  const SubmitInput first = Message(1);
  const SubmitOutcome taken = world_.Submit(first);
  ASSERT_EQ(taken.kind, Kind::kReceipt);
  const SubmitOutcome again = world_.Submit(first);
  ASSERT_EQ(again.kind, Kind::kReceipt) << again.failure.ToString();
  EXPECT_TRUE(again.already_accepted);
  EXPECT_EQ(again.receipt.jws, taken.receipt.jws);
}

TEST_F(QuotasTest, ARepeatedSubmitTakesNothingOfTheDay) {
  Allow({.per_day = 2});
  const SubmitInput first = Message(1);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(world_.Submit(first).kind, Kind::kReceipt);
  EXPECT_EQ(world_.Submit(Message(2)).kind, Kind::kReceipt);
}

TEST_F(QuotasTest, WhatIsRejectedGivesItsShareBack) {
  Allow({.per_day = 1});
  MessageSpec wrong = Spec203(1);
  wrong.sluong = "2";
  for (int i = 0; i < 5; ++i) EXPECT_EQ(world_.Submit(world_.Signed(wrong)).kind, Kind::kRejection);
  EXPECT_EQ(world_.Submit(Message(2)).kind, Kind::kReceipt);
}

TEST_F(QuotasTest, WhatIsOnItsWayHoldsItsShareOfTheDay) {
  Allow({.per_day = 1});
  std::vector<SubmitOutcome> outcomes;
  const auto note = [&](SubmitOutcome outcome) { outcomes.push_back(std::move(outcome)); };
  world_.pipeline->Submit(Message(1), note);
  ASSERT_TRUE(outcomes.empty()) << "it waits for the disk";
  world_.pipeline->Submit(Message(2), note);
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(outcomes[0].failure.reason(), "contract.day_quota"_reason);
  EXPECT_EQ(outcomes[0].retry_after, std::chrono::seconds(1)) << "the one before it may fail";
  world_.store->FailNextFlush(MemoryStore::FailedFlush::kLost);
  world_.store->Flush();
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_EQ(outcomes[1].kind, Kind::kFailure);
}

TEST_F(QuotasTest, WhoHasTheReceiptFindsTheShareCountedOnce) {
  Allow({.per_day = 2});
  std::vector<Kind> kinds;
  world_.pipeline->Submit(Message(1), [&](const SubmitOutcome& first) {
    kinds.push_back(first.kind);
    world_.pipeline->Submit(Message(2), [&](const SubmitOutcome& second) { kinds.push_back(second.kind); });
  });
  world_.store->Flush();
  world_.store->Flush();
  EXPECT_EQ(kinds, (std::vector{Kind::kReceipt, Kind::kReceipt}));
}

TEST_F(QuotasTest, ACountThatCannotBeReadIsNobodysQuota) {
  Allow({.per_day = 2});
  world_.refused_for = [this](MessageClass, Time) {
    world_.store->SetReads(MemoryStore::Reads::kFail);  // what was asked before was read
    return std::nullopt;
  };
  const SubmitOutcome outcome = world_.Submit(Message(1));
  EXPECT_EQ(outcome.failure.reason(), "store.io"_reason);
  EXPECT_EQ(outcome.quota_subject, "");
}

TEST_F(QuotasTest, ACheckTakesNothingOfTheDayAndIsAnsweredWhenItIsFull) {
  Allow({.per_day = 1});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(world_.Check(Message(1)).acceptable);
  EXPECT_EQ(world_.Submit(Message(1)).kind, Kind::kReceipt);
  EXPECT_TRUE(world_.Check(Message(2)).acceptable) << "nothing is wrong with the message";
}

TEST_F(QuotasTest, BytesOfTheDayAreThoseOfTheMessages) {
  const SubmitInput first = Message(1);
  Allow({.bytes_per_day = first.submission.bytes.size() + 10});
  EXPECT_EQ(world_.Submit(first).kind, Kind::kReceipt);
  EXPECT_EQ(world_.Submit(Message(2)).failure.reason(), "contract.day_quota"_reason);
  EXPECT_EQ(world_.Submit(Message(3, IntakeWorld::kBetaCertificate)).kind, Kind::kReceipt);
}

TEST_F(QuotasTest, ANewPipelineOnTheSameStoreKnowsWhatTheDayTook) {
  Allow({.per_day = 1});
  EXPECT_EQ(world_.Submit(Message(1)).kind, Kind::kReceipt);
  world_.MakePipeline([](Pipeline::Options&) {});
  EXPECT_EQ(world_.Submit(Message(2)).failure.reason(), "contract.day_quota"_reason);
}

}  // namespace
}  // namespace tvan
