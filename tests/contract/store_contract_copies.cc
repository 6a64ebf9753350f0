// Stores that begin as copies of older ones, and answers that came before their messages.
#include "store/keys.h"
#include "tests/contract/store_contract.h"

namespace tvan {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

const std::string kNext(32, 'b'), kThird(32, 'c');

StageChange To(Stage from, Stage to, EventKind event) {
  StageChange change;
  change.event = event;
  change.from = from;
  change.to = to;
  change.at = At(50);
  change.reason = "test.reason";
  return change;
}

IncomingAnswer Parked(IncomingAnswer answer, const std::string& reference) {
  answer.parked_reason = "feedback.unknown_reference";
  answer.reference = reference;
  return answer;
}

TEST_P(StoreContract, ACopyIsAnotherLifeAndSaysOfWhat) {
  Accept(1);
  Accept(2);
  const std::string old = store().position().incarnation;
  const Fence old_fence = fence_;
  EXPECT_FALSE(store().recovery().value().has_value());
  home_->BackUp();
  const uint64_t sequence = store().position().sequence;
  Accept(3);
  home_->Restore(kNext);
  EXPECT_EQ(store().position().incarnation, kNext);
  const Recovery recovery = store().recovery().value().value();
  EXPECT_EQ(recovery.reason, Recovery::Reason::kRestore);
  ASSERT_THAT(recovery.ancestors, SizeIs(1));
  EXPECT_EQ(recovery.ancestors[0].incarnation, old);
  EXPECT_EQ(recovery.acceptance, 2u);
  EXPECT_EQ(recovery.sequence, sequence);
  EXPECT_TRUE(recovery.active());
  EXPECT_EQ(StageOf(Id(2)), Stage::kQueued);
  EXPECT_TRUE(Meta(Id(2)).restored);
  EXPECT_THAT(store().Find({.gateway_id = Id(3)})->messages, IsEmpty());
  EXPECT_EQ(store().EndRecovery(old_fence, At(9)).reason(), "store.fenced"_reason);
  fence_ = store().TakeOwnership();
  Accept(3);
  EXPECT_FALSE(Meta(Id(3)).restored);
  ExpectCountersEqualARecount();
}

TEST_P(StoreContract, ARecoveryEndsOnceAndForGoodAndIsNotForgotten) {
  EXPECT_TRUE(store().EndRecovery(fence_, At(1)).ok());  // of a store that is no copy: nothing
  EXPECT_FALSE(store().recovery().value().has_value());
  home_->BackUp();
  home_->Restore(kNext);
  fence_ = store().TakeOwnership();
  ASSERT_TRUE(store().EndRecovery(fence_, At(70)).ok());
  ASSERT_TRUE(store().EndRecovery(fence_, At(80)).ok());
  KillAndReopen();
  const Recovery recovery = store().recovery().value().value();
  EXPECT_FALSE(recovery.active());
  EXPECT_EQ(recovery.ended_at, At(70));
}

TEST_P(StoreContract, ACopyOfACopyKnowsBothItsAncestors) {
  const std::string first = store().position().incarnation;
  Accept(1);
  home_->BackUp();
  home_->Restore(kNext);
  Accept(2);
  home_->BackUp();
  home_->Restore(kThird);
  const Recovery recovery = store().recovery().value().value();
  ASSERT_THAT(recovery.ancestors, SizeIs(2));
  EXPECT_EQ(recovery.ancestors[0].incarnation, kNext);
  EXPECT_EQ(recovery.ancestors[1].incarnation, first);
  EXPECT_EQ(recovery.acceptance, 2u);
  EXPECT_EQ(recovery.SubmitAgainFrom(first), recovery.ancestors[1].as_of - Recovery::kSubmitMargin);
  EXPECT_EQ(recovery.SubmitAgainFrom(kNext), recovery.ancestors[0].as_of - Recovery::kSubmitMargin);
  EXPECT_EQ(recovery.SubmitAgainFrom("unknown"), recovery.SubmitAgainFrom(first));
  EXPECT_EQ(recovery.SubmitAgainFrom(""), recovery.SubmitAgainFrom(first)) << "who asks may have known any";
}

TEST_P(StoreContract, WhatMayHaveBeenSentSinceTheCopyIsNeverQueuedAgain) {
  Accept(1);
  ASSERT_TRUE(Change(Id(1), To(Stage::kQueued, Stage::kHeld, EventKind::kHeld)).ok());
  home_->BackUp();
  home_->Restore(kNext);
  fence_ = store().TakeOwnership();
  Accept(2);
  ASSERT_TRUE(Change(Id(2), To(Stage::kQueued, Stage::kHeld, EventKind::kHeld)).ok());
  for (int n : {1, 2}) ASSERT_TRUE(Change(Id(n), To(Stage::kHeld, Stage::kQueued, EventKind::kReleased)).ok());
  EXPECT_EQ(StageOf(Id(1)), Stage::kInDoubt);
  EXPECT_EQ(Meta(Id(1)).reason, "dispatch.restored");
  EXPECT_EQ(StageOf(Id(2)), Stage::kQueued);
  ExpectCountersEqualARecount();
}

TEST_P(StoreContract, ASystemCodeTakesARestoredMessageIntoDoubtNotToItsQueue) {
  Accept(1);
  home_->BackUp();
  home_->Restore(kNext);
  fence_ = store().TakeOwnership();
  Accept(2);
  EXPECT_EQ(Attempt(Id(1)).reason(), "store.stage"_reason);  // it may have been sent
  ASSERT_TRUE(Change(Id(1), To(Stage::kQueued, Stage::kInDoubt, EventKind::kInDoubt)).ok());
  for (int n : {1, 2}) {
    Send(Id(n));
    AnswerEffect effect = Effect(Id(n), Stage::kQueued, EventKind::kAcknowledged);
    effect.stage.reset();
    effect.back_to_queue = true;
    Receive(n, effect);
  }
  EXPECT_EQ(StageOf(Id(1)), Stage::kInDoubt);
  EXPECT_EQ(StageOf(Id(2)), Stage::kQueued);
}

TEST_P(StoreContract, WhatMayHaveBeenSentCannotBeWithdrawnNorWhatMayBeLostVoided) {
  Accept(1);
  home_->BackUp();
  home_->Restore(kNext);
  fence_ = store().TakeOwnership();
  const Time until = store().recovery().value()->UncertainUntil();
  for (int n : {2, 3}) {
    NewMessage later = Message(n);
    later.accepted_at = until - Span(n == 2 ? 1 : 0);
    Accept(later);
  }
  const auto withdraw = [&](int n) {
    return store().Withdraw({ProviderId::Trusted("alpha"), Id(n), until, "proof"})->outcome;
  };
  EXPECT_EQ(withdraw(1), WithdrawAnswer::Outcome::kTooLate);
  EXPECT_EQ(withdraw(2), WithdrawAnswer::Outcome::kTooLate) << "the lost store may have taken and sent it";
  EXPECT_EQ(StageOf(Id(2)), Stage::kQueued);
  EXPECT_EQ(withdraw(3), WithdrawAnswer::Outcome::kWithdrawn);
  const IdempotencyKey key{ProviderId::Trusted("alpha"), SubmitIdKind::kMTDiep, "unseen"};
  EXPECT_EQ(store().Void({key, until - Span(1), "proof"}).status().reason(), "store.uncertain"_reason);
  EXPECT_EQ(store().Void({key, until, "proof"})->outcome, VoidAnswer::Outcome::kVoided);
}

TEST_P(StoreContract, ACopyThatCannotSayWhatItIsACopyOfLicensesNothing) {
  home_->BackUp();
  home_->Restore(kNext);
  const Time later = store().recovery().value()->UncertainUntil() + std::chrono::hours(1);
  Damage(Family::kControl, keys::kRecovery);
  KillAndReopen();
  NewMessage message = Message(1);
  message.accepted_at = later;
  Accept(message);
  EXPECT_EQ(store().Withdraw({ProviderId::Trusted("alpha"), Id(1), later, "proof"})->outcome,
            WithdrawAnswer::Outcome::kTooLate);
  EXPECT_EQ(store().Void({Message(2).key, later, "proof"}).status().reason(), "store.uncertain"_reason);
}

TEST_P(StoreContract, AnAnswerThatWasReadBeforeItsMessageIsJoinedAndTheMessageNotSentBefore) {
  const IncomingAnswer early = Parked(Answer(1, "p1"), Id(1).value());
  EXPECT_EQ(Receive(early).parked, 1u);
  Receive(Parked(Answer(2, "p2"), Id(7).value()));  // another's
  EXPECT_THAT(*store().Joinable(10), IsEmpty());
  Accept(1);
  Accept(2);
  EXPECT_EQ(StageOf(Id(2)), Stage::kQueued);
  KillAndReopen();
  EXPECT_EQ(StageOf(Id(1)), Stage::kInDoubt);
  EXPECT_EQ(Meta(Id(1)).reason, "store.answers_waiting");
  EXPECT_EQ(Attempt(Id(1)).reason(), "store.answers_waiting"_reason);
  const auto joinable = store().Joinable(10).value();
  ASSERT_THAT(joinable, SizeIs(1));
  EXPECT_EQ(joinable[0].answer.answer_id, early.answer_id);
  EXPECT_EQ(*joinable[0].answer.bytes, *early.bytes);
  IncomingAnswer owned = Answer(1, "p1");
  owned.effects = {Effect(Id(1), Stage::kAnswered)};
  owned.deliveries = {DeliveryTo("alpha", Id(1))};
  EXPECT_EQ(Receive(owned).delivered, 1u);
  EXPECT_EQ(Receive(owned).delivered, 0u);
  EXPECT_EQ(StageOf(Id(1)), Stage::kAnswered);
  EXPECT_THAT(*store().Joinable(10), IsEmpty());
  EXPECT_EQ(store().Parked(10)->size(), 1u);  // the other one
  ExpectCountersEqualARecount();
}

TEST_P(StoreContract, AMessageWithTwoEarlyAnswersWaitsForBoth) {
  Receive(Parked(Answer(1, "p1"), Id(1).value()));
  Receive(Parked(Answer(2, "p2"), "sha256:" + Message(1).sent_digest.Hex()));
  Accept(1);
  ASSERT_THAT(*store().Joinable(10), SizeIs(2));
  EXPECT_THAT(*store().Joinable(1), SizeIs(1));
  Receive(2, Effect(Id(1), Stage::kInDoubt, EventKind::kAcknowledged));  // moves nothing
  EXPECT_EQ(Attempt(Id(1)).reason(), "store.answers_waiting"_reason);
  EXPECT_THAT(*store().Joinable(10), SizeIs(1));
  Receive(1, Effect(Id(1), Stage::kInDoubt, EventKind::kAcknowledged));
  EXPECT_THAT(*store().Joinable(10), IsEmpty());
  EXPECT_TRUE(Attempt(Id(1)).ok());
  EXPECT_TRUE(Meta(Id(1)).restored);
}

TEST_P(StoreContract, AnAnswerParkedInTheMomentOfItsMessagesAcceptanceIsJoinedToo) {
  Accept(1);
  Accept(2);
  Receive(Parked(Answer(1, "p1"), Id(1).value()));
  EXPECT_EQ(StageOf(Id(1)), Stage::kInDoubt);
  EXPECT_EQ(StageOf(Id(2)), Stage::kQueued);
  EXPECT_THAT(*store().Joinable(10), SizeIs(1));
  ExpectCountersEqualARecount();
}

TEST_P(StoreContract, AHeldMessageWithAParkedAnswerIsNeitherWithdrawnNorQueuedAgain) {
  for (const int n : {1, 2}) {
    Accept(n);
    ASSERT_TRUE(Change(Id(n), To(Stage::kQueued, Stage::kHeld, EventKind::kHeld)).ok());
  }
  Receive(Parked(Answer(1, "p1"), Id(1).value()));  // the authority has it already
  EXPECT_EQ(StageOf(Id(1)), Stage::kHeld);
  KillAndReopen();
  const auto withdraw = [&](int n) {
    return store().Withdraw({Message(n).key.provider, Id(n), At(9), "proof"})->outcome;
  };
  EXPECT_EQ(withdraw(1), WithdrawAnswer::Outcome::kTooLate);
  EXPECT_EQ(withdraw(2), WithdrawAnswer::Outcome::kWithdrawn);
  ASSERT_TRUE(Change(Id(1), To(Stage::kHeld, Stage::kQueued, EventKind::kReleased)).ok());
  EXPECT_EQ(StageOf(Id(1)), Stage::kInDoubt);
  EXPECT_EQ(Attempt(Id(1)).reason(), "store.answers_waiting"_reason);
  ExpectCountersEqualARecount();
}

TEST_P(StoreContract, TheLinesPositionOfATimeIsBehindEverythingReadBefore) {
  const auto read = [&](int n, int64_t at, const std::string& to) {
    IncomingAnswer answer = Answer(n, to);
    answer.received_at = At(at);
    ASSERT_TRUE(store().ReceiveAnswers(fence_, kLine, {answer}, to).ok());
  };
  const auto at = [&](int64_t seconds) { return store().LinePositionAt(kLine, At(seconds)).value(); };
  read(1, 1000, "p1");
  read(2, 1100, "p2");
  read(3, 5000, "p3");
  read(4, 9000, "p4");
  KillAndReopen();
  EXPECT_EQ(at(0), "");
  EXPECT_EQ(at(1100), "");    // ten minutes share one mark, the earliest position
  EXPECT_EQ(at(4900), "p2");  // what came at 5000 stands behind p2
  EXPECT_EQ(at(8000), "p2");
  EXPECT_EQ(at(9000), "p3");
  EXPECT_EQ(at(1000000), "p3");
  EXPECT_EQ(store().LinePositionAt(LineId::Trusted("other"), At(9000)).value(), "");
}

}  // namespace
}  // namespace tvan
