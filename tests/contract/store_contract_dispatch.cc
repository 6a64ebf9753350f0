// Queues, attempts, settlements, changes of stage, ownership.
#include "store/keys.h"
#include "tests/contract/store_contract.h"

namespace tvan {
namespace {

using Outcome = Settlement::Outcome;
using testing::ElementsAre;
using Kind = EventKind;

const QueueKey kAlpha{ProviderId::Trusted("alpha"), MessageClass::kUncoded};

std::vector<uint64_t> Places(const std::vector<MessageMeta>& metas) {
  std::vector<uint64_t> places;
  for (const MessageMeta& meta : metas) places.push_back(meta.acceptance);
  return places;
}

TEST_P(StoreContract, AQueueIsFirstInFirstOutPerProviderAndClass) {
  Accept(1);
  Accept(Message(2, "beta"));
  NewMessage coded = Message(3);
  coded.cls = MessageClass::kCoded;
  Accept(coded);
  Accept(4);
  EXPECT_THAT(Places(store().ReadQueue(kAlpha, 0, 10).value()), ElementsAre(1, 4));
  EXPECT_THAT(Places(store().ReadQueue(kAlpha, 1, 10).value()), ElementsAre(4));
  EXPECT_THAT(Places(store().ReadQueue(kAlpha, 0, 1).value()), ElementsAre(1));
  EXPECT_THAT(store().ReadQueue(kAlpha, 0, 0).value(), ElementsAre());
  EXPECT_EQ(store().Queues()->size(), 3u);
  EXPECT_THAT(Places(store().InStage(Stage::kQueued, 0, 10).value()), ElementsAre(1, 2, 3, 4));
}

TEST_P(StoreContract, AnAttemptTakesTheMessageOutOfItsQueueAndIsDurable) {
  Accept(1);
  EXPECT_TRUE(Attempt(Id(1)).ok());
  EXPECT_TRUE(store().ReadQueue(kAlpha, 0, 10)->empty());
  EXPECT_TRUE(store().Queues()->empty());
  KillAndReopen();
  const MessageMeta meta = Meta(Id(1));
  EXPECT_EQ(meta.stage, Stage::kSending);
  EXPECT_EQ(meta.attempts, 1u);
  EXPECT_EQ(meta.last_attempt_at, At(5000));
  EXPECT_EQ(meta.last_not_after, At(5060));
  EXPECT_EQ(meta.last_line, "main");
  EXPECT_EQ(meta.search_from, "p0");
  EXPECT_THAT(Places(store().InStage(Stage::kSending, 0, 10).value()), ElementsAre(1));
}

TEST_P(StoreContract, QueuesThatCannotBeReadAreNotEmpty) {
  Accept(1);
  EXPECT_EQ(store().Queues()->size(), 1u);
  EXPECT_TRUE(store().Close().ok());
  EXPECT_EQ(store().Queues().status().reason(), "store.closed"_reason);
}

TEST_P(StoreContract, AQueueIsReadUpToItsDamageAndThenIsAnError) {
  for (int n = 1; n <= 3; ++n) Accept(n);
  Accept(Message(4, "beta"));
  Damage(Family::kMeta, Id(2).value());
  EXPECT_THAT(Places(store().ReadQueue(kAlpha, 0, 10).value()), ElementsAre(1));
  EXPECT_EQ(store().ReadQueue(kAlpha, 1, 10).status().reason(), "store.damaged"_reason);
  EXPECT_THAT(Places(store().ReadQueue(kAlpha, 2, 10).value()), ElementsAre(3));
  EXPECT_THAT(Places(store().ReadQueue({ProviderId::Trusted("beta"), kAlpha.cls}, 0, 10).value()), ElementsAre(4));
  Damage(Family::kQueue, keys::QueueEntry(kAlpha, 3));
  EXPECT_EQ(store().ReadQueue(kAlpha, 2, 10).status().reason(), "store.damaged"_reason);
  EXPECT_EQ(store().InStage(Stage::kQueued, 2, 10).status().reason(), "store.damaged"_reason);
  EXPECT_THAT(Places(store().InStage(Stage::kQueued, 3, 10).value()), ElementsAre(4));
}

TEST_P(StoreContract, WhatCannotBeReadHasAPlaceToStepOver) {
  for (int n = 1; n <= 4; ++n) Accept(n);
  for (int n = 3; n <= 4; ++n) ASSERT_TRUE(Attempt(Id(n)).ok());
  const auto damaged = [this](const Listing& in, uint64_t after) {
    const auto first = store().FirstDamaged(in, after).value();
    return first ? std::to_string(first->acceptance) + " " + first->gateway_id.value() : "none";
  };
  EXPECT_EQ(damaged(kAlpha, 0), "none");
  EXPECT_EQ(damaged(Stage::kSending, 0), "none");
  Damage(Family::kMeta, Id(2).value());
  Damage(Family::kMeta, Id(3).value());
  EXPECT_EQ(damaged(kAlpha, 0), "none") << "the first can be read";
  EXPECT_EQ(damaged(kAlpha, 1), "2 " + Id(2).value());
  EXPECT_EQ(damaged(kAlpha, 2), "none") << "its end";
  EXPECT_EQ(damaged(Stage::kSending, 0), "3 " + Id(3).value());
  EXPECT_EQ(damaged(Stage::kSending, 3), "none");
  Damage(Family::kQueue, keys::QueueEntry(kAlpha, 1));
  EXPECT_EQ(damaged(kAlpha, 0), "1 ") << "the queue's own entry";
  EXPECT_EQ(damaged(Stage::kQueued, 1), "2 " + Id(2).value());
}

TEST_P(StoreContract, AStageIsReadUpToItsDamageAndThenIsAnError) {
  for (int n = 1; n <= 3; ++n) Accept(n);
  for (int n = 1; n <= 3; ++n) ASSERT_TRUE(Attempt(Id(n)).ok());
  Damage(Family::kMeta, Id(2).value());
  EXPECT_THAT(Places(store().InStage(Stage::kSending, 0, 10).value()), ElementsAre(1));
  EXPECT_EQ(store().InStage(Stage::kSending, 1, 10).status().reason(), "store.damaged"_reason);
  EXPECT_THAT(Places(store().InStage(Stage::kSending, 2, 10).value()), ElementsAre(3));
}

TEST_P(StoreContract, AttemptsAnswerEachIntentOnItsOwn) {
  Accept(1);
  auto answers = store().RecordAttempts(fence_, {{.gateway_id = Id(9), .line = kLine},
                                                 {.gateway_id = Id(1), .line = kLine},
                                                 {.gateway_id = Id(1), .line = kLine}});
  ASSERT_TRUE(answers.ok());
  EXPECT_EQ((*answers)[0].reason(), "store.unknown_message"_reason);
  EXPECT_TRUE((*answers)[1].ok());
  EXPECT_EQ((*answers)[2].reason(), "store.stage"_reason);  // it is being sent already
  EXPECT_EQ(Meta(Id(1)).attempts, 1u);
}

TEST_P(StoreContract, SentGoesOnNotSentGoesBackToItsPlaceInDoubtWaits) {
  for (int n = 1; n <= 3; ++n) Accept(n);
  for (int n = 1; n <= 3; ++n) ASSERT_TRUE(Attempt(Id(n)).ok());
  ASSERT_TRUE(Settle(Id(3), Outcome::kInDoubt).ok());
  ASSERT_TRUE(Settle(Id(2), Outcome::kSent).ok());
  ASSERT_TRUE(Settle(Id(1), Outcome::kNotSent).ok());
  EXPECT_EQ(StageOf(Id(1)), Stage::kQueued);
  EXPECT_EQ(StageOf(Id(2)), Stage::kSent);
  EXPECT_EQ(StageOf(Id(3)), Stage::kInDoubt);
  EXPECT_EQ(Meta(Id(3)).reason, "line.test");
  Accept(4);
  EXPECT_THAT(Places(store().ReadQueue(kAlpha, 0, 10).value()), ElementsAre(1, 4));
  EXPECT_THAT(EventsOf(Id(1)), ElementsAre(Kind::kAccepted, Kind::kAttempt, Kind::kNotSent));
  ExpectCountersEqualARecount();
}

TEST_P(StoreContract, AMessageThatComesBackIsSeenAtTheHeadThatWasReadEmpty) {
  Accept(1);
  Accept(2);
  ASSERT_TRUE(Attempt(Id(1)).ok());
  EXPECT_THAT(Places(store().ReadQueue(kAlpha, 0, 10).value()), ElementsAre(2));
  ASSERT_TRUE(Settle(Id(1), Outcome::kNotSent).ok());
  EXPECT_THAT(Places(store().ReadQueue(kAlpha, 0, 10).value()), ElementsAre(1, 2));
  EXPECT_TRUE(store().InStage(Stage::kSending, 0, 10)->empty());
  ASSERT_TRUE(Attempt(Id(1)).ok());
  EXPECT_THAT(Places(store().InStage(Stage::kSending, 0, 10).value()), ElementsAre(1));
}

TEST_P(StoreContract, AnOldAttemptSettlesNothing) {
  Accept(1);
  ASSERT_TRUE(Attempt(Id(1)).ok());
  ASSERT_TRUE(Settle(Id(1), Outcome::kNotSent).ok());
  ASSERT_TRUE(Attempt(Id(1)).ok());
  EXPECT_TRUE(Settle(Id(1), Outcome::kSent, 1).ok());
  EXPECT_EQ(StageOf(Id(1)), Stage::kSending);
  EXPECT_TRUE(Settle(Id(1), Outcome::kSent, 2).ok());
  EXPECT_EQ(StageOf(Id(1)), Stage::kSent);
}

TEST_P(StoreContract, TheSearchBeginsWhereTheFirstAttemptBegan) {
  Accept(1);
  ASSERT_TRUE(Attempt(Id(1), "p3").ok());
  ASSERT_TRUE(Settle(Id(1), Outcome::kInDoubt).ok());
  ASSERT_TRUE(Attempt(Id(1), "p8").ok());
  EXPECT_EQ(Meta(Id(1)).search_from, "p3");
  EXPECT_EQ(Meta(Id(1)).attempts, 2u);
}

TEST_P(StoreContract, AnAnswerBeforeTheSettlementKeepsItsStage) {
  Accept(1);
  ASSERT_TRUE(Attempt(Id(1)).ok());
  Receive(1, Effect(Id(1), Stage::kAnswered));
  EXPECT_EQ(StageOf(Id(1)), Stage::kAnswered);
  EXPECT_TRUE(Settle(Id(1), Outcome::kInDoubt).ok());
  EXPECT_EQ(StageOf(Id(1)), Stage::kAnswered);
  EXPECT_THAT(EventsOf(Id(1)), ElementsAre(Kind::kAccepted, Kind::kAttempt, Kind::kAnswer, Kind::kInDoubt));
}

TEST_P(StoreContract, HeldLeavesTheQueueAndReleasedComesBack) {
  Accept(1);
  Accept(2);
  ASSERT_TRUE(Change(Id(1), {.event = Kind::kHeld, .to = Stage::kHeld, .reason = "contract.ended"}).ok());
  EXPECT_THAT(Places(store().ReadQueue(kAlpha, 0, 10).value()), ElementsAre(2));
  EXPECT_EQ(Meta(Id(1)).reason, "contract.ended");
  EXPECT_EQ(Attempt(Id(1)).reason(), "store.stage"_reason);
  ASSERT_TRUE(Change(Id(1), {.event = Kind::kReleased, .from = Stage::kHeld, .to = Stage::kQueued}).ok());
  EXPECT_THAT(Places(store().ReadQueue(kAlpha, 0, 10).value()), ElementsAre(1, 2));
  ExpectCountersEqualARecount();
}

TEST_P(StoreContract, AChangeAppliesOnlyInTheStageItNames) {
  Accept(1);
  const Status wrong = Change(Id(1), {.event = Kind::kReleased, .from = Stage::kHeld, .to = Stage::kInDoubt});
  EXPECT_EQ(wrong.reason(), "store.stage"_reason);
  EXPECT_EQ(wrong.disposition(), Disposition::kPermanent);
  EXPECT_THAT(EventsOf(Id(1)), ElementsAre(Kind::kAccepted));
  EXPECT_TRUE(Change(Id(1), {.event = Kind::kSearched}).ok());  // an event alone
  EXPECT_EQ(StageOf(Id(1)), Stage::kQueued);
  EXPECT_THAT(EventsOf(Id(1)), ElementsAre(Kind::kAccepted, Kind::kSearched));
}

TEST_P(StoreContract, AFinalStageStaysAgainstChanges) {
  Accept(1);
  Send(Id(1));
  Receive(1, Effect(Id(1), Stage::kAnswered));
  EXPECT_EQ(Change(Id(1), {.event = Kind::kResolved, .to = Stage::kQueued}).reason(), "store.stage"_reason);
  EXPECT_EQ(StageOf(Id(1)), Stage::kAnswered);
}

TEST_P(StoreContract, AnOlderOwnerIsFencedEverywhere) {
  Accept(1);
  const Fence old = fence_;
  fence_ = store().TakeOwnership();
  EXPECT_GT(fence_.counter, old.counter);
  EXPECT_EQ(store().RecordAttempts(old, {{.gateway_id = Id(1)}}).status().reason(), "store.fenced"_reason);
  EXPECT_EQ(store().Settle(old, {}).reason(), "store.fenced"_reason);
  EXPECT_EQ(store().Change(old, {}).status().reason(), "store.fenced"_reason);
  EXPECT_EQ(store().ReceiveAnswers(old, kLine, {}, "p").status().reason(), "store.fenced"_reason);
  EXPECT_EQ(store().Own999Done(old, {}).reason(), "store.fenced"_reason);
  EXPECT_EQ(StageOf(Id(1)), Stage::kQueued);
  EXPECT_EQ(store().LinePosition(kLine).value(), "");
  EXPECT_TRUE(Attempt(Id(1)).ok());
  Fence foreign = fence_;
  foreign.incarnation = "another";
  EXPECT_EQ(store().Settle(foreign, {}).reason(), "store.fenced"_reason);
}

TEST_P(StoreContract, ListFiltersAndPages) {
  for (int n = 1; n <= 3; ++n) Accept(n);
  Accept(Message(4, "beta"));
  Send(Id(2));
  const ProviderId alpha = ProviderId::Trusted("alpha");
  EXPECT_THAT(Places(store().List({.provider = alpha})->messages), ElementsAre(1, 2, 3));
  EXPECT_THAT(Places(store().List({})->messages), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(Places(store().List({.provider = alpha, .stage = Stage::kSent})->messages), ElementsAre(2));
  EXPECT_THAT(Places(store().List({.cls = MessageClass::kCoded})->messages), ElementsAre());
  EXPECT_THAT(Places(store().List({.after_acceptance = 2, .limit = 1})->messages), ElementsAre(3));
}

TEST_P(StoreContract, ARareStateIsListedInBoundedStepsThatMissNothing) {
  for (int n = 1; n <= 9; ++n) Accept(Message(n, n % 3 == 0 ? "beta" : "alpha"));
  for (const auto& [n, provider] : {std::pair(7, "alpha"), std::pair(9, "beta")}) Send(Id(n, provider));
  for (const char* provider : {"", "alpha", "beta"}) {
    ListFilter filter{.provider = ProviderId::Trusted(provider), .stage = Stage::kSent, .limit = 2, .scan_limit = 2};
    std::vector<uint64_t> found;
    int pages = 0;
    for (bool more = true; more && pages < 20; ++pages) {
      const Listed page = store().List(filter).value();
      for (const MessageMeta& meta : page.messages) found.push_back(meta.acceptance);
      more = page.more;
      EXPECT_TRUE(!more || page.next_after > filter.after_acceptance) << "a page goes on";
      filter.after_acceptance = page.next_after;
    }
    const std::string name = provider;
    EXPECT_EQ(found, name.empty() ? std::vector<uint64_t>({7, 9}) : std::vector<uint64_t>{name == "alpha" ? 7u : 9u});
    EXPECT_GT(pages, 1) << "bounded by what is looked at, not by what is found";
  }
  EXPECT_FALSE(store().List({.limit = 9})->more) << "exactly all";
  EXPECT_TRUE(store().List({.limit = 8})->more);
}

}  // namespace
}  // namespace tvan
