// What its provider took back is never sent, stops nobody, and is looked at no more.
#include <atomic>

#include "tests/unit/dispatch/world.h"

namespace tvan {
namespace {

class Withdrawn : public DispatchWorld {
 protected:
  WithdrawAnswer::Outcome Withdraw(const MessageId& id) {
    auto answer = store->Withdraw({ProviderId::Trusted("acme"), id, clock->Now(), "proof"});
    EXPECT_TRUE(answer.ok()) << answer.status().ToString();
    return answer->outcome;
  }
  static constexpr auto kDone = WithdrawAnswer::Outcome::kWithdrawn;
};

TEST_F(Withdrawn, WhileTheLineIsClosedItNeverGoes) {
  Close(Span(0), minutes(5));
  Start();
  const MessageId taken_back = Accept({.id = "1"}), other = Accept({.id = "2"});
  EXPECT_EQ(Withdraw(taken_back), kDone);
  clock->AdvanceBy(minutes(10));
  EXPECT_EQ(SentCount(taken_back), 0U);
  EXPECT_EQ(SentCount(other), 1U);
  EXPECT_EQ(Log(taken_back), "accepted withdrawn");
}

TEST_F(Withdrawn, BetweenTheQueueAndTheAttemptItIsDroppedAndTheOthersGo) {
  Close(Span(0), minutes(1));
  const MessageId taken_back = Accept({.id = "1"}), other = Accept({.id = "2"});
  std::atomic<int> asked{0};
  // The contract is asked again after the queue was read and before the attempt is recorded.
  contracts.Set({.refuse = [&](auto&, auto&, int, Time) {
    if (++asked == 1) {
      EXPECT_EQ(store->Withdraw({ProviderId::Trusted("acme"), taken_back, {}, "p"})->outcome, kDone);
    }
    return std::vector<Fault>();
  }});
  Start();
  clock->AdvanceBy(minutes(10));
  EXPECT_EQ(SentCount(taken_back), 0U);
  EXPECT_EQ(SentCount(other), 1U);
  EXPECT_EQ(asked, 2) << "each message once: no retry";
  EXPECT_EQ(Log(taken_back), "accepted withdrawn");
  EXPECT_EQ(At(other), Stage::kSent);
}

TEST_F(Withdrawn, OnceAnAttemptIsRecordedItIsTooLate) {
  Start();
  const MessageId id = Accept({.id = "1"});
  EXPECT_EQ(Withdraw(id), WithdrawAnswer::Outcome::kTooLate);
  EXPECT_EQ(SentCount(id), 1U);
  EXPECT_EQ(At(id), Stage::kSent);
}

TEST_F(Withdrawn, WhatWaitedForItGoesOn) {
  Close(Span(0), minutes(1), {MessageClass::kCoded});
  Start();
  const MessageId parent = Accept({.id = "1", .claims = {"7"}});
  const MessageId child = Accept({.id = "2", .cls = MessageClass::kErrorNotice, .type = 300, .refers = {"7"}});
  clock->AdvanceBy(seconds(30));
  EXPECT_EQ(At(child), Stage::kQueued);
  EXPECT_EQ(Withdraw(parent), kDone);
  clock->AdvanceBy(seconds(2));
  EXPECT_EQ(At(child), Stage::kSent);
}

TEST_F(Withdrawn, AHeldMessageIsNotReleasedAfterIt) {
  contracts.Set({.refuse = [](auto&, auto&, int, Time) {
    return std::vector<Fault>{{.rule = "contract.mandate_expired"_reason}};
  }});
  Start();
  const MessageId id = Accept({.id = "1"});
  ASSERT_EQ(At(id), Stage::kHeld);
  EXPECT_EQ(Withdraw(id), kDone);
  contracts.Set({});
  dispatcher->Wake();
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(SentCount(id), 0U);
  EXPECT_EQ(Log(id), "accepted held withdrawn");
}

}  // namespace
}  // namespace tvan
