// Answers: stored once, folded forward, delivered densely, never dropped.
#include "tests/contract/store_contract.h"

namespace tvan {
namespace {

using testing::ElementsAre;
using Kind = EventKind;
const ProviderId kOwner = ProviderId::Trusted("alpha");

TEST_P(StoreContract, AnAnswerIsStoredFoldedDeliveredAndItsPositionKept) {
  Accept(1);
  Send(Id(1));
  IncomingAnswer answer = Answer(1, "p1");
  answer.mtdtchieu = Id(1).value();
  answer.effects = {Effect(Id(1), Stage::kAnswered)};
  answer.deliveries = {DeliveryTo("alpha", Id(1))};
  const ReceiveReport report = Receive(answer);
  EXPECT_EQ(report.stored, 1u);
  EXPECT_EQ(report.delivered, 1u);
  EXPECT_EQ(report.known + report.parked, 0u);
  KillAndReopen();
  EXPECT_EQ(StageOf(Id(1)), Stage::kAnswered);
  EXPECT_EQ(View(Id(1)).events.back().answer_id, answer.answer_id);
  EXPECT_EQ(store().LinePosition(kLine).value(), "p1");
  const auto stored = store().LoadAnswer(answer.answer_id);
  ASSERT_TRUE(stored.ok());
  EXPECT_EQ(*stored->answer.bytes, *answer.bytes);
  EXPECT_EQ(stored->answer.mltdiep, 204);
  EXPECT_EQ(stored->answer.line, kLine);
  EXPECT_EQ(stored->answer.position, "p1");
  EXPECT_EQ(stored->answer.authority_mtdiep, answer.authority_mtdiep);
  EXPECT_EQ(stored->answer.mtdtchieu, answer.mtdtchieu);
  EXPECT_EQ(stored->answer.received_at, answer.received_at);
  EXPECT_EQ(stored->answer.parsed, "parsed");
  EXPECT_EQ(stored->answer.annotation, "VERIFIED");
  EXPECT_EQ(stored->stored_at.incarnation, store().position().incarnation);
  const auto items = store().ReadMailbox(kOwner, "main", 0, 10).value();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].sequence, 1u);
  EXPECT_EQ(items[0].answer_id, answer.answer_id);
  EXPECT_EQ(items[0].gateway_id, Id(1));
  EXPECT_EQ(items[0].provider_reference, "M");
  EXPECT_EQ(items[0].rewrapped, "<TDiep>for alpha</TDiep>");
  EXPECT_EQ(items[0].at, answer.received_at);
  EXPECT_EQ(store().LoadAnswer("nobody's").status().reason(), "store.unknown_answer"_reason);
}

TEST_P(StoreContract, AnEmptyNewPositionLeavesTheLineWhereItIs) {
  Receive(Answer(1, "p1"));
  ASSERT_TRUE(store().ReceiveAnswers(fence_, kLine, {Answer(2, "old")}, "").ok());
  EXPECT_EQ(store().LinePosition(kLine).value(), "p1");
  EXPECT_EQ(store().LinePosition(LineId::Trusted("backup")).value(), "");
}

TEST_P(StoreContract, TheSameBytesAreDeliveredOnceAndAnotherPlaceIsNoted) {
  Accept(1);
  Send(Id(1));
  IncomingAnswer answer = Answer(1, "p1");
  answer.effects = {Effect(Id(1), Stage::kAnswered)};
  answer.deliveries = {DeliveryTo("alpha", Id(1))};
  Receive(answer);
  ReceiveReport again = Receive(answer);  // the same place: a re-read
  EXPECT_EQ(again.known, 1u);
  EXPECT_EQ(again.stored + again.delivered, 0u);
  EXPECT_EQ(EventsOf(Id(1)).size(), 4u);
  answer.position = "p2";
  Receive(answer);
  Receive(answer);
  EXPECT_THAT(EventsOf(Id(1)),
              ElementsAre(Kind::kAccepted, Kind::kAttempt, Kind::kSent, Kind::kAnswer, Kind::kAnswerRepeated));
  EXPECT_EQ(store().MailboxEnd(kOwner, "main").value(), 1u);
  EXPECT_EQ(store().Measure()->answers_total, 1u);
}

// One that its message's stage does not follow yet: for its signature.
IncomingAnswer UndecidedAnswer(IncomingAnswer answer, const AnswerEffect& effect, const Delivery& delivery) {
  answer.annotation = "UNVERIFIED(signature.untrusted)";
  answer.undecided = Undecided::kEverything;
  answer.effects = {effect};
  answer.deliveries = {delivery};
  return answer;
}

std::vector<std::string> UndecidedIds(const Store& store) {
  std::vector<std::string> ids;
  const UndecidedPage page = store.UndecidedAnswers(0, 100).value();
  for (const StoredAnswer& stored : page.answers) ids.push_back(stored.answer.answer_id);
  return ids;
}

TEST_P(StoreContract, AKnownAnswerCountsOnceMoreWhenItDecidesAtLast) {
  Accept(1);
  Send(Id(1));
  IncomingAnswer answer =
      UndecidedAnswer(Answer(1, "p1"), Effect(Id(1), Stage::kWorkItem, Kind::kWorkItem), DeliveryTo("alpha", Id(1)));
  Receive(answer);
  EXPECT_EQ(Receive(answer).decided, 0u) << "no better than before";
  EXPECT_EQ(StageOf(Id(1)), Stage::kWorkItem);
  KillAndReopen();
  EXPECT_THAT(UndecidedIds(store()), ElementsAre(answer.answer_id));
  answer.annotation = kVerified;
  answer.parsed = "read again";
  answer.undecided = Undecided::kNothing;
  answer.effects = {Effect(Id(1), Stage::kAnswered)};
  const ReceiveReport report = Receive(answer);
  EXPECT_EQ(report.decided, 1u);
  EXPECT_EQ(report.delivered, 1u);
  KillAndReopen();
  EXPECT_EQ(StageOf(Id(1)), Stage::kAnswered);
  EXPECT_THAT(UndecidedIds(store()), ElementsAre());
  EXPECT_EQ(store().LoadAnswer(answer.answer_id)->answer.annotation, kVerified);
  EXPECT_EQ(store().LoadAnswer(answer.answer_id)->answer.parsed, "read again");
  EXPECT_EQ(Receive(answer).decided, 0u);
  answer.annotation = "UNVERIFIED(signature.revoked)";
  answer.undecided = Undecided::kEverything;
  EXPECT_EQ(Receive(answer).delivered, 0u) << "what was decided stays so";
  EXPECT_THAT(UndecidedIds(store()), ElementsAre());
  EXPECT_EQ(store().LoadAnswer(answer.answer_id)->answer.annotation, kVerified);
  EXPECT_EQ(store().MailboxEnd(kOwner, "main").value(), 2u);
  ExpectCountersEqualARecount();
}

TEST_P(StoreContract, WhatDecidedUnverifiedIsNotDeliveredAgainWhenItVerifies) {
  Accept(1);
  Send(Id(1));
  IncomingAnswer answer = Answer(1, "p1");
  answer.annotation = "UNVERIFIED(signature.untrusted)";
  answer.effects = {Effect(Id(1), Stage::kAnswered)};
  answer.deliveries = {DeliveryTo("alpha", Id(1))};
  Receive(answer);
  answer.annotation = kVerified;
  EXPECT_EQ(Receive(answer).delivered, 0u);
  EXPECT_EQ(store().MailboxEnd(kOwner, "main").value(), 1u);
}

TEST_P(StoreContract, WhatLacksItsRangeOnlyIsListedUntilThatComes) {
  Accept(1);
  Send(Id(1));
  IncomingAnswer answer = UndecidedAnswer(Answer(1, "p1"), Effect(Id(1), Stage::kAnswered), DeliveryTo("alpha", Id(1)));
  Receive(answer);
  answer.undecided = Undecided::kRange;
  EXPECT_EQ(Receive(answer).decided, 1u);
  EXPECT_THAT(UndecidedIds(store()), ElementsAre(answer.answer_id));
  answer.undecided = Undecided::kEverything;
  EXPECT_EQ(Receive(answer).decided, 0u);
  answer.undecided = Undecided::kNothing;
  EXPECT_EQ(Receive(answer).decided, 1u);
  EXPECT_THAT(UndecidedIds(store()), ElementsAre());
}

TEST_P(StoreContract, UndecidedAnswersAreListedInPagesAndADamagedOneHoldsUpNoOther) {
  for (int n = 1; n <= 5; ++n) {
    Accept(n);
    Send(Id(n));
    const std::string at = "p" + std::to_string(n);
    Receive(
        UndecidedAnswer(Answer(n, at), Effect(Id(n), Stage::kWorkItem, Kind::kWorkItem), DeliveryTo("alpha", Id(n))));
  }
  Damage(Family::kAnswer, "answer-2");
  const UndecidedPage first = store().UndecidedAnswers(0, 2).value();
  ASSERT_EQ(first.answers.size(), 1u) << "the damaged one is left out";
  EXPECT_EQ(*first.answers[0].answer.bytes, *Answer(1, "p1").bytes);
  EXPECT_TRUE(first.more);
  const UndecidedPage second = store().UndecidedAnswers(first.next_after, 2).value();
  EXPECT_EQ(second.answers.size(), 2u);
  EXPECT_TRUE(second.more);
  const UndecidedPage third = store().UndecidedAnswers(second.next_after, 2).value();
  EXPECT_EQ(third.answers.size(), 1u);
  EXPECT_FALSE(third.more);
}

TEST_P(StoreContract, AParkedAnswerThatIsUndecidedWhenItIsJoinedIsListedThen) {
  IncomingAnswer answer =
      UndecidedAnswer(Answer(1, "p1"), Effect(Id(1), Stage::kWorkItem, Kind::kWorkItem), DeliveryTo("alpha", Id(1)));
  Receive(answer);
  for (int n = 5; n < 8; ++n)  // the list begins behind it
    Receive(UndecidedAnswer(Answer(n, "p" + std::to_string(n)), {}, DeliveryTo("alpha", {})));
  EXPECT_EQ(store().Parked(10)->size(), 4u);
  Accept(1);
  EXPECT_EQ(Receive(answer).joined, 1u);
  EXPECT_THAT(UndecidedIds(store()), ElementsAre(answer.answer_id));
}

TEST_P(StoreContract, ADoubledAnswerInOneBatchIsDeliveredOnce) {
  Accept(1);
  Send(Id(1));
  IncomingAnswer answer = Answer(1, "p1");
  answer.effects = {Effect(Id(1), Stage::kAnswered)};
  answer.deliveries = {DeliveryTo("alpha", Id(1))};
  auto report = store().ReceiveAnswers(fence_, kLine, {answer, answer}, "p1");
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->stored, 1u);
  EXPECT_EQ(report->known, 1u);
  EXPECT_EQ(store().MailboxEnd(kOwner, "main").value(), 1u);
}

TEST_P(StoreContract, StagesMoveForwardOnly) {
  Accept(1);
  Send(Id(1));
  Receive(1, Effect(Id(1), Stage::kAcknowledged, Kind::kAcknowledged));
  EXPECT_EQ(StageOf(Id(1)), Stage::kAcknowledged);
  Receive(2, Effect(Id(1), Stage::kWorkItem, Kind::kWorkItem));
  EXPECT_EQ(StageOf(Id(1)), Stage::kWorkItem);
  Receive(3, Effect(Id(1), Stage::kAcknowledged, Kind::kAcknowledged));
  EXPECT_EQ(StageOf(Id(1)), Stage::kWorkItem);  // not back, but in the log
  Receive(4, Effect(Id(1), Stage::kPartly));
  EXPECT_EQ(StageOf(Id(1)), Stage::kPartly);
  Receive(5, Effect(Id(1), Stage::kRefused));
  EXPECT_EQ(StageOf(Id(1)), Stage::kPartly);
  EXPECT_EQ(EventsOf(Id(1)).size(), 8u);
  ExpectCountersEqualARecount();
}

TEST_P(StoreContract, ALateRealAnswerWinsOverARefusalAndTakesTheClaimAgain) {
  Accept(1);
  Send(Id(1));
  Receive(1, Effect(Id(1), Stage::kRefused));
  EXPECT_EQ(StageOf(Id(1)), Stage::kRefused);
  Receive(2, Effect(Id(1), Stage::kWorkItem, Kind::kWorkItem));
  EXPECT_EQ(StageOf(Id(1)), Stage::kRefused);
  Receive(3, Effect(Id(1), Stage::kAnswered));
  EXPECT_EQ(StageOf(Id(1)), Stage::kAnswered);
  NewMessage other = Message(2, "beta");
  other.claims = {Invoice(1)};
  EXPECT_EQ(Accept(other).outcome, AcceptAnswer::Outcome::kInvoiceClaimed);
}

TEST_P(StoreContract, ARefusedInvoiceCanBeFiledAgainAndStaysWithItsNewHolder) {
  Accept(1);
  Send(Id(1));
  Receive(1, Effect(Id(1), Stage::kRefused));
  NewMessage corrected = Message(2, "beta");
  corrected.claims = {Invoice(1)};
  EXPECT_EQ(Accept(corrected).outcome, AcceptAnswer::Outcome::kAccepted);
  AnswerEffect late = Effect(Id(1), Stage::kPartly);  // too late for the claim, whatever it releases
  late.released_claims = {Invoice(1)};
  Receive(2, late);
  NewMessage third = Message(3);
  third.claims = {Invoice(1)};
  EXPECT_EQ(Accept(third).outcome, AcceptAnswer::Outcome::kInvoiceClaimed);
  EXPECT_EQ(store().ClaimHolder(Invoice(1)).value()->gateway_id, corrected.gateway_id);
  const Found both = store().Find({.kind = FindBy::Kind::kInvoiceKey, .invoice = Invoice(1)}).value();
  ASSERT_EQ(both.messages.size(), 2u);
  EXPECT_EQ(both.messages[0].meta.gateway_id, corrected.gateway_id);
}

TEST_P(StoreContract, OnlyTheReleasedItemsOfAPartlyAcceptedMessageAreFree) {
  NewMessage package = Message(1);
  package.claims = {Invoice(1), Invoice(2)};
  Accept(package);
  Send(Id(1));
  AnswerEffect partly = Effect(Id(1), Stage::kPartly);
  partly.released_claims = {Invoice(2)};
  Receive(1, partly);
  NewMessage kept = Message(3), freed = Message(4);
  kept.claims = {Invoice(1)};
  freed.claims = {Invoice(2)};
  EXPECT_EQ(Accept(kept).outcome, AcceptAnswer::Outcome::kInvoiceClaimed);
  EXPECT_EQ(Accept(freed).outcome, AcceptAnswer::Outcome::kAccepted);
}

TEST_P(StoreContract, AnAnswerThatTheStageDoesNotFollowFreesNoInvoice) {
  NewMessage first = Message(1);
  first.claims = {Invoice(1)};
  Accept(first);
  Receive(1, Effect(Id(1), Stage::kAnswered));
  AnswerEffect second = Effect(Id(1), Stage::kRefused);
  second.released_claims = {Invoice(1)};
  Receive(2, second);
  EXPECT_EQ(StageOf(Id(1)), Stage::kAnswered);
  NewMessage again = Message(2);
  again.claims = {Invoice(1)};
  EXPECT_EQ(Accept(again).outcome, AcceptAnswer::Outcome::kInvoiceClaimed);
}

TEST_P(StoreContract, ASystemCodePutsTheMessageBackAtTheHead) {
  Accept(1);
  Accept(2);
  Send(Id(1));
  AnswerEffect back{.gateway_id = Id(1), .event = Kind::kAcknowledged, .back_to_queue = true, .reason = "line.system"};
  Receive(1, back);
  const auto queue = store().ReadQueue({kOwner, MessageClass::kUncoded}, 0, 10).value();
  ASSERT_EQ(queue.size(), 2u);
  EXPECT_EQ(queue[0].gateway_id, Id(1));
  EXPECT_EQ(queue[0].attempts, 1u);
  Receive(2, Effect(Id(2), Stage::kAnswered));  // never sent by us, yet the answer counts
  back.gateway_id = Id(2);
  Receive(3, back);
  EXPECT_EQ(StageOf(Id(2)), Stage::kAnswered);
  ExpectCountersEqualARecount();
}

TEST_P(StoreContract, AnAnswerForAnUnknownMessageIsParkedWholeAndJoinedLater) {
  Accept(1);
  IncomingAnswer answer = Answer(1, "p1");
  answer.effects = {Effect(Id(1), Stage::kAnswered), Effect(Id(2), Stage::kAnswered)};
  answer.deliveries = {DeliveryTo("alpha", Id(1))};
  ReceiveReport report = Receive(answer);
  EXPECT_EQ(report.parked, 1u);
  EXPECT_EQ(report.delivered, 0u);
  EXPECT_EQ(StageOf(Id(1)), Stage::kQueued);  // no half effect
  ASSERT_EQ(store().Parked(10)->size(), 1u);
  EXPECT_EQ(store().Parked(10)->at(0).answer.parked_reason, "feedback.unknown_reference");
  Accept(2);
  KillAndReopen();
  report = Receive(answer);
  EXPECT_EQ(report.known, 1u);
  EXPECT_EQ(report.delivered, 1u);
  EXPECT_TRUE(store().Parked(10)->empty());
  EXPECT_EQ(store().LoadAnswer(answer.answer_id)->answer.parked_reason, "");
  EXPECT_EQ(StageOf(Id(1)), Stage::kAnswered);
  EXPECT_EQ(StageOf(Id(2)), Stage::kAnswered);
  EXPECT_EQ(Receive(answer).delivered, 0u);
  EXPECT_EQ(store().MailboxEnd(kOwner, "main").value(), 1u);
}

TEST_P(StoreContract, AParkedAnswerStaysParkedWhileNobodyOwnsIt) {
  IncomingAnswer answer = Answer(1, "p1");
  answer.parked_reason = "feedback.no_mandate";
  EXPECT_EQ(Receive(answer).parked, 1u);
  EXPECT_EQ(Receive(answer).known, 1u);
  EXPECT_EQ(store().Parked(10)->size(), 1u);
  EXPECT_EQ(store().Parked(0)->size(), 0u);
  ExpectCountersEqualARecount();
}

}  // namespace
}  // namespace tvan
