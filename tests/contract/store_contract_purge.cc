// Retention: only what is final, acknowledged and old goes, and what is left says so for ever.
#include "store/keys.h"
#include "tests/contract/store_contract.h"

namespace tvan {

PurgeReport StoreContract::Purge(Time before, uint32_t limit) {
  PurgeReport sum;
  PurgeRequest request{.before = before, .at = At(100000), .provider = {}, .limit = limit};
  for (bool more = true; more;) {
    const auto chunk = store().Purge(fence_, request);
    EXPECT_TRUE(chunk.ok()) << chunk.status().ToString();
    if (!chunk.ok()) break;
    sum.messages += chunk->messages;
    sum.answers += chunk->answers;
    sum.items += chunk->items;
    sum.payload_bytes += chunk->payload_bytes;
    request.provider = chunk->provider;
    request.after_acceptance = chunk->after_acceptance;
    more = chunk->more;
  }
  return sum;
}

void StoreContract::Answered(int n, Stage stage) {
  Accept(n);
  Send(Id(n));
  Receive(n, Effect(Id(n), stage));
}

void StoreContract::AcknowledgeAll(const std::string& name) {
  const ProviderId provider = ProviderId::Trusted(name);
  ASSERT_TRUE(store().Acknowledge(provider, "main", store().MailboxEnd(provider, "main").value()).ok());
}

size_t StoreContract::Items(const std::string& provider) {
  return store().ReadMailbox(ProviderId::Trusted(provider), "main", 0, 1000).value().size();
}

namespace {

using Outcome = AcceptAnswer::Outcome;
using testing::ElementsAre;
const ProviderId kOwner = ProviderId::Trusted("alpha");
const ProviderId kOther = ProviderId::Trusted("beta");
const Time kBefore = At(9000);  // later than all that the suite's helpers do

TEST_P(StoreContract, TakesWhatIsFinalAcknowledgedAndOldAndLeavesATombstone) {
  Answered(1);
  AcknowledgeAll();
  const PurgeReport report = Purge(kBefore);
  EXPECT_EQ(report.messages, 1u);
  EXPECT_EQ(report.answers, 1u);
  EXPECT_EQ(report.items, 1u);
  EXPECT_EQ(report.payload_bytes, Message(1).payload->size());
  KillAndReopen();
  EXPECT_EQ(store().LoadPayload(Id(1)).status().reason(), "store.purged"_reason);
  EXPECT_EQ(store().LoadAnswer("answer-1").status().reason(), "store.unknown_answer"_reason);
  EXPECT_EQ(Items(), 0u);
  EXPECT_EQ(store().MailboxEnd(kOwner, "main").value(), 1u);
  EXPECT_EQ(store().Acknowledged(kOwner, "main").value(), 1u);
  EXPECT_TRUE(store().List({})->messages.empty());
  const MessageMeta meta = Meta(Id(1));
  EXPECT_TRUE(meta.purged());
  EXPECT_EQ(meta.stage, Stage::kAnswered);
  EXPECT_EQ(meta.accepted_at, Message(1).accepted_at);
  EXPECT_EQ(meta.contract_version, "c1");
  EXPECT_THAT(EventsOf(Id(1)), ElementsAre(EventKind::kAccepted));
  EXPECT_EQ(store().Measure()->purged_total, 1u);
  ExpectCountersEqualARecount();
  EXPECT_EQ(Purge(kBefore).messages, 0u) << "and once only";
}

TEST_P(StoreContract, WhatCannotBeReadStaysAndStopsNoOther) {
  for (int n : {1, 2, 3}) Answered(n);
  AcknowledgeAll();
  IncomingAnswer parked = Answer(9, "p9");
  parked.parked_reason = "feedback.unknown_reference";
  parked.reference = Id(2).value();
  Receive(parked);
  Damage(Family::kIndex, keys::ParkedCount(Id(2).value()));
  const PurgeReport report = Purge(kBefore);
  EXPECT_EQ(report.messages, 2u);
  EXPECT_EQ(report.items, 1u) << "up to the one of the message that stays";
  EXPECT_TRUE(Meta(Id(1)).purged());
  EXPECT_FALSE(Meta(Id(2)).purged());
  EXPECT_TRUE(Meta(Id(3)).purged());
}

TEST_P(StoreContract, AMessageWhoseRecordIsDamagedStaysAndStopsNoOther) {
  for (int n : {1, 2, 3}) Answered(n);
  AcknowledgeAll();
  Damage(Family::kMeta, Id(2).value());
  const PurgeReport report = Purge(kBefore);
  EXPECT_EQ(report.messages, 2u);
  EXPECT_EQ(report.items, 1u) << "up to the one of the message that stays";
  EXPECT_TRUE(Meta(Id(1)).purged());
  EXPECT_TRUE(Meta(Id(3)).purged());
}

TEST_P(StoreContract, ATombstoneIsSeenUnderEveryKeyAndTakesNothingNew) {
  Answered(1);
  AcknowledgeAll();
  ASSERT_EQ(Purge(kBefore).messages, 1u);
  const NewMessage first = Message(1);
  for (const FindBy& by : {FindBy{.kind = FindBy::Kind::kProviderKey, .provider_key = first.key},
                           FindBy{.kind = FindBy::Kind::kDigest, .digest = first.digest},
                           FindBy{.kind = FindBy::Kind::kInvoiceKey, .invoice = Invoice(1)}})
    EXPECT_EQ(store().Find(by)->messages.size(), 1u) << static_cast<int>(by.kind);
  EXPECT_EQ(Accept(1).outcome, Outcome::kPurged);
  NewMessage other = Message(1);
  other.digest = Message(2).digest;
  EXPECT_EQ(Accept(other).outcome, Outcome::kOtherBytes);
  NewMessage claims = Message(2, "beta");
  claims.claims = {Invoice(1)};
  EXPECT_EQ(Accept(claims).outcome, Outcome::kInvoiceClaimed);
  ASSERT_TRUE(store().ClaimHolder(Invoice(1)).value().has_value());
  EXPECT_EQ(store().ClaimHolder(Invoice(1)).value()->gateway_id, Id(1));
  EXPECT_EQ(store().Void({.key = first.key, .at = At(1), .proof = "p"})->outcome, VoidAnswer::Outcome::kSeen);
  EXPECT_EQ(Accept(2).outcome, Outcome::kAccepted) << "its twin: another key, another invoice";
}

TEST_P(StoreContract, WhatIsNotFinalStays) {
  Accept(1);
  Accept(2);
  Send(Id(2));
  Accept(3);
  Send(Id(3));
  Receive(3, Effect(Id(3), Stage::kAcknowledged, EventKind::kAcknowledged));
  Answered(4);
  AcknowledgeAll();
  EXPECT_EQ(Purge(kBefore).messages, 1u);
  for (int n = 1; n <= 3; ++n) EXPECT_TRUE(store().LoadPayload(Id(n)).ok()) << n;
  EXPECT_EQ(Items(), 2u) << "in front of it lies an item of a message that stays";
  Receive(5, Effect(Id(3), Stage::kAnswered));
  AcknowledgeAll();
  EXPECT_EQ(Purge(kBefore).messages, 1u);
  EXPECT_EQ(Items(), 0u);
  ExpectCountersEqualARecount();
}

TEST_P(StoreContract, WhatItsProviderHasNotAcknowledgedStays) {
  Answered(1);
  Answered(2);
  ASSERT_TRUE(store().Acknowledge(kOwner, "main", 1).ok());
  EXPECT_EQ(Purge(kBefore).messages, 1u);
  EXPECT_FALSE(Meta(Id(2)).purged());
  EXPECT_TRUE(store().LoadAnswer("answer-2").ok());
  EXPECT_EQ(Items(), 1u);
  EXPECT_EQ(store().ReadMailbox(kOwner, "main", 0, 10).value()[0].sequence, 2u);
  AcknowledgeAll();
  EXPECT_EQ(Purge(kBefore).messages, 1u);
}

TEST_P(StoreContract, WhatIsTooYoungStays) {
  Answered(1);  // answered at 7001
  AcknowledgeAll();
  EXPECT_EQ(Purge(At(7001)).messages, 0u);
  EXPECT_TRUE(store().LoadPayload(Id(1)).ok());
  EXPECT_EQ(Purge(At(7002)).messages, 1u);
}

TEST_P(StoreContract, ALateEventMakesItYoungAgain) {
  Answered(1);
  IncomingAnswer late = Answer(2, "p2");
  late.received_at = At(50000);
  late.effects = {Effect(Id(1), Stage::kAnswered)};
  Receive(late);
  AcknowledgeAll();
  EXPECT_EQ(Purge(At(40000)).messages, 0u);
  EXPECT_EQ(Purge(At(50001)).messages, 1u);
}

TEST_P(StoreContract, AWithdrawnMessageKeepsItsProof) {
  Accept(1);
  ASSERT_TRUE(store().Withdraw({.provider = kOwner, .gateway_id = Id(1), .at = At(3000), .proof = "proof"}).ok());
  EXPECT_EQ(Purge(kBefore).messages, 1u);
  const AcceptAnswer again = Accept(1);
  EXPECT_EQ(again.outcome, Outcome::kWithdrawn);
  EXPECT_EQ(again.proof, "proof");
  NewMessage other = Message(2, "beta");
  other.claims = {Invoice(1)};
  EXPECT_EQ(Accept(other).outcome, Outcome::kAccepted) << "withdrawn freed the invoice";
  ExpectCountersEqualARecount();
}

TEST_P(StoreContract, ALateAnswerToATombstoneIsStoredDeliveredAndFolded) {
  Answered(1, Stage::kRefused);
  AcknowledgeAll();
  ASSERT_EQ(Purge(kBefore).messages, 1u);
  const ReceiveReport report = Receive(2, Effect(Id(1), Stage::kAnswered));
  EXPECT_EQ(report.delivered, 1u);
  EXPECT_EQ(StageOf(Id(1)), Stage::kAnswered);
  EXPECT_TRUE(Meta(Id(1)).purged());
  EXPECT_THAT(EventsOf(Id(1)), ElementsAre(EventKind::kAccepted, EventKind::kAnswer));
  EXPECT_EQ(Items(), 1u);
  NewMessage other = Message(2, "beta");
  other.claims = {Invoice(1)};
  EXPECT_EQ(Accept(other).outcome, Outcome::kInvoiceClaimed) << "the answer took the invoice again";
  ExpectCountersEqualARecount();
}

TEST_P(StoreContract, AnAnswerToSeveralStaysUntilTheLastHasAcknowledged) {
  IncomingAnswer answer = Answer(1, "p1");
  answer.deliveries = {DeliveryTo("alpha", {}), DeliveryTo("beta", {})};
  Receive(answer);
  AcknowledgeAll();
  EXPECT_EQ(Purge(kBefore).items, 1u);
  EXPECT_TRUE(store().LoadAnswer("answer-1").ok());
  EXPECT_EQ(Items("beta"), 1u);
  AcknowledgeAll("beta");
  const PurgeReport last = Purge(kBefore);
  EXPECT_EQ(last.items, 1u);
  EXPECT_EQ(last.answers, 1u);
  EXPECT_EQ(store().LoadAnswer("answer-1").status().reason(), "store.unknown_answer"_reason);
}

TEST_P(StoreContract, AnAnswerThatWasDeliveredTwiceStaysUntilBothItemsGo) {
  IncomingAnswer answer = Answer(1, "p1");
  answer.undecided = Undecided::kEverything;
  answer.deliveries = {DeliveryTo("alpha", {})};
  Receive(answer);
  answer.undecided = Undecided::kNothing;
  Receive(answer);
  ASSERT_TRUE(store().Acknowledge(kOwner, "main", 1).ok());
  EXPECT_EQ(Purge(kBefore).items, 1u);
  EXPECT_TRUE(store().LoadAnswer("answer-1").ok());
  AcknowledgeAll();
  EXPECT_EQ(Purge(kBefore).answers, 1u);
}

TEST_P(StoreContract, OfAnUndecidedAnswerThatIsPurgedNothingIsLeft) {
  Accept(1);
  Send(Id(1));
  IncomingAnswer answer = Answer(1, "p1");
  answer.undecided = Undecided::kRange;
  answer.effects = {Effect(Id(1), Stage::kAnswered)};
  answer.deliveries = {DeliveryTo("alpha", Id(1))};
  Receive(answer);
  AcknowledgeAll();
  EXPECT_EQ(Purge(kBefore).answers, 1u);
  KillAndReopen();
  EXPECT_EQ(store().UndecidedAnswers(0, 10)->next_after, 0u) << "not even an entry";
}

TEST_P(StoreContract, ParkedAnswersStay) {
  Accept(1);
  IncomingAnswer answer = Answer(1, "p1");
  answer.parked_reason = "feedback.no_mandate";
  Receive(answer);
  Purge(kBefore);
  EXPECT_EQ(store().Parked(10)->size(), 1u);
}

TEST_P(StoreContract, ACrashBetweenChunksLosesNothingElse) {
  for (int n = 1; n <= 10; ++n) Answered(n);
  Accept(11);
  AcknowledgeAll();
  const auto chunk = store().Purge(fence_, {.before = kBefore, .at = At(100000), .provider = {}, .limit = 4});
  ASSERT_TRUE(chunk.ok());
  EXPECT_EQ(chunk->messages, 4u);
  EXPECT_TRUE(chunk->more);
  KillAndReopen();
  ExpectCountersEqualARecount();
  for (int n = 1; n <= 11; ++n) EXPECT_EQ(Meta(Id(n)).purged(), n <= 4) << n;
  for (int n = 5; n <= 11; ++n) EXPECT_EQ(**store().LoadPayload(Id(n)), *Message(n).payload) << n;
  const PurgeReport rest = Purge(kBefore, 4);
  EXPECT_EQ(rest.messages, 6u);
  EXPECT_EQ(Items(), 0u);
  EXPECT_TRUE(store().LoadPayload(Id(11)).ok());
  ExpectCountersEqualARecount();
}

TEST_P(StoreContract, AnotherOwnerAndTheFutureAreRefused) {
  Answered(1);
  AcknowledgeAll();
  const Fence old = fence_;
  fence_ = store().TakeOwnership();
  const PurgeRequest request{.before = kBefore, .at = At(100000), .provider = {}};
  EXPECT_EQ(store().Purge(old, request).status().reason(), "store.fenced"_reason);
  PurgeRequest future = request;
  future.at = future.before;
  EXPECT_EQ(store().Purge(fence_, future).status().reason(), "store.argument"_reason);
  EXPECT_TRUE(store().LoadPayload(Id(1)).ok());
  EXPECT_EQ(store().Purge(fence_, request)->messages, 1u);
}

Rejection RejectionOf(const ProviderId& provider, int n) {
  Rejection r;
  r.provider = provider;
  r.at = At(n);
  r.provider_id = "M" + std::to_string(n);
  r.mltdiep = 203;
  r.findings = {"header.version at TTChung/PBan: no", "second"};
  return r;
}

TEST_P(StoreContract, TheNewestRejectionsOfEachProviderAreKept) {
  ASSERT_TRUE(store().NoteRejections({RejectionOf(kOwner, 1), RejectionOf(kOther, 2), RejectionOf(kOwner, 3)}).ok());
  KillAndReopen();
  const auto kept = store().Rejections(kOwner, 10).value();
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept[0].provider_id, "M3");
  EXPECT_EQ(kept[0].number, 2u);
  EXPECT_EQ(kept[0].at, At(3));
  EXPECT_EQ(kept[0].mltdiep, 203);
  EXPECT_THAT(kept[0].findings, ElementsAre("header.version at TTChung/PBan: no", "second"));
  EXPECT_EQ(store().Rejections(kOwner, 1)->size(), 1u);
  EXPECT_TRUE(store().Rejections(ProviderId::Trusted("alph"), 10)->empty());
}

TEST_P(StoreContract, TheRingOfRejectionsIsBounded) {
  std::vector<Rejection> many;
  for (int n = 1; n <= static_cast<int>(kRejectionsKept) + 5; ++n) many.push_back(RejectionOf(kOwner, n));
  ASSERT_TRUE(store().NoteRejections(many).ok());
  const auto kept = store().Rejections(kOwner, 100000).value();
  ASSERT_EQ(kept.size(), kRejectionsKept);
  EXPECT_EQ(kept.front().number, kRejectionsKept + 5);
  EXPECT_EQ(kept.back().number, 6u);
}

}  // namespace

}  // namespace tvan
