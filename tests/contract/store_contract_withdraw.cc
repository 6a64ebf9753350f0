// Void and Withdraw: what a provider gave up never goes up, and what went up is never given up.
#include <atomic>
#include <thread>

#include "store/keys.h"
#include "tests/contract/store_contract.h"

namespace tvan {
namespace {

using Accepted = AcceptAnswer::Outcome;
using Kind = EventKind;
using testing::ElementsAre;
using VoidOutcome = VoidAnswer::Outcome;
using Withdrawal = WithdrawAnswer::Outcome;

VoidRequest Voiding(const IdempotencyKey& key, const std::string& proof = "void-proof") {
  return {.key = key, .at = At(9000), .proof = proof};
}

WithdrawRequest Taking(const MessageId& id, const std::string& provider = "alpha",
                       const std::string& proof = "withdrawal-proof") {
  return {ProviderId::Trusted(provider), id, At(9100), proof};
}

TEST_P(StoreContract, AVoidedKeyAcceptsNothingAnyMore) {
  const NewMessage sent = Message(1);
  const VoidAnswer voided = store().Void(Voiding(sent.key)).value();
  EXPECT_EQ(voided.outcome, VoidOutcome::kVoided);
  EXPECT_EQ(voided.voided.proof, "void-proof");
  EXPECT_EQ(voided.voided.position.sequence, store().position().sequence);
  NewMessage other = Message(2);
  other.key = sent.key;
  for (const NewMessage& message : {sent, other}) {  // whatever the bytes
    const AcceptAnswer refused = Accept(message);
    EXPECT_EQ(refused.outcome, Accepted::kVoided);
    EXPECT_EQ(refused.proof, "void-proof");
    EXPECT_EQ(refused.proof_at, At(9000));
    EXPECT_EQ(refused.position.sequence, voided.voided.position.sequence);
    EXPECT_TRUE(refused.receipt.empty());
  }
  EXPECT_EQ(store().Measure()->accepted_total, 0u);
  EXPECT_EQ(Accept(2).outcome, Accepted::kAccepted) << "another key is not touched";
}

TEST_P(StoreContract, AVoidedKeyIsFoundAsSuchAndNotAsAMessage) {
  const NewMessage sent = Message(1);
  ASSERT_TRUE(store().Void(Voiding(sent.key)).ok());
  const FindBy by{.kind = FindBy::Kind::kProviderKey, .provider_key = sent.key};
  const Found found = store().Find(by).value();
  EXPECT_TRUE(found.messages.empty());
  ASSERT_TRUE(found.voided.has_value());
  EXPECT_EQ(found.voided->proof, "void-proof");
  EXPECT_EQ(found.voided->at, At(9000));
  EXPECT_FALSE(store().Find({.kind = by.kind, .provider_key = Message(2).key})->voided.has_value());
}

TEST_P(StoreContract, ARepeatedVoidAnswersTheFirstProof) {
  const IdempotencyKey key = Message(1).key;
  const VoidAnswer first = store().Void(Voiding(key)).value();
  VoidRequest later = Voiding(key, "another proof");
  later.at = At(9999);
  const VoidAnswer second = store().Void(later).value();
  EXPECT_EQ(second.outcome, VoidOutcome::kAlreadyVoided);
  EXPECT_EQ(second.voided.proof, "void-proof");
  EXPECT_EQ(second.voided.at, At(9000));
  EXPECT_EQ(second.voided.position.sequence, first.voided.position.sequence);
  EXPECT_EQ(store().position().sequence, first.voided.position.sequence) << "nothing was written";
}

TEST_P(StoreContract, ASeenKeyIsNotVoidedAndNothingIsWritten) {
  Accept(1);
  const StorePosition before = store().position();
  const VoidAnswer answer = store().Void(Voiding(Message(1).key)).value();
  EXPECT_EQ(answer.outcome, VoidOutcome::kSeen);
  ASSERT_TRUE(answer.message.has_value());
  EXPECT_EQ(answer.message->gateway_id, Id(1));
  EXPECT_EQ(answer.message->stage, Stage::kQueued);
  EXPECT_TRUE(answer.voided.proof.empty());
  EXPECT_EQ(store().position().sequence, before.sequence);
  EXPECT_EQ(Accept(1).outcome, Accepted::kAlreadyAccepted);
}

TEST_P(StoreContract, VoidingIsPerProviderKindAndId) {
  ASSERT_TRUE(store().Void(Voiding(Message(1).key)).ok());
  NewMessage reference = Message(2);
  reference.key = Message(1).key;
  reference.key.kind = SubmitIdKind::kClientReference;
  EXPECT_EQ(Accept(reference).outcome, Accepted::kAccepted);
  EXPECT_EQ(Accept(Message(1, "beta")).outcome, Accepted::kAccepted);
  NewMessage renamed = Message(3);  // the same bytes and invoice under another id are another submission
  renamed.digest = Message(1).digest;
  EXPECT_EQ(Accept(renamed).outcome, Accepted::kAccepted);
}

TEST_P(StoreContract, AVoidingOutlivesAKill) {
  ASSERT_TRUE(store().Void(Voiding(Message(1).key)).ok());
  Accept(2);
  ASSERT_EQ(store().Withdraw(Taking(Id(2)))->outcome, Withdrawal::kWithdrawn);
  KillAndReopen();
  EXPECT_EQ(Accept(1).outcome, Accepted::kVoided);
  EXPECT_EQ(Accept(2).outcome, Accepted::kWithdrawn);
  EXPECT_EQ(store().Void(Voiding(Message(1).key, "new"))->voided.proof, "void-proof");
  EXPECT_EQ(store().Withdraw(Taking(Id(2), "alpha", "new"))->proof, "withdrawal-proof");
  EXPECT_EQ(store().Void(Voiding(Message(2).key))->outcome, VoidOutcome::kSeen) << "withdrawn is seen all the same";
  ExpectCountersEqualARecount();
}

TEST_P(StoreContract, AVoidingOrWithdrawalWithoutProofIsRefused) {
  Accept(2);
  EXPECT_EQ(store().Void(Voiding(Message(1).key, "")).status().reason(), "store.argument"_reason);
  IdempotencyKey huge = Message(1).key;
  huge.value.assign(2000, 'x');
  EXPECT_EQ(store().Void(Voiding(huge)).status().reason(), "store.argument"_reason);
  EXPECT_EQ(store().Withdraw(Taking(Id(2), "alpha", "")).status().reason(), "store.argument"_reason);
  EXPECT_EQ(StageOf(Id(2)), Stage::kQueued);
  EXPECT_EQ(Accept(1).outcome, Accepted::kAccepted);
}

TEST_P(StoreContract, AWithdrawnMessageLeavesItsQueueAndFreesItsInvoice) {
  Accept(1);
  Accept(2);
  const WithdrawAnswer answer = store().Withdraw(Taking(Id(1))).value();
  EXPECT_EQ(answer.outcome, Withdrawal::kWithdrawn);
  EXPECT_EQ(answer.proof, "withdrawal-proof");
  ASSERT_TRUE(answer.message.has_value());
  EXPECT_EQ(answer.message->stage, Stage::kWithdrawn);
  const MessageView view = View(Id(1));
  ASSERT_EQ(view.events.size(), 2u);
  EXPECT_EQ(view.events[1].kind, Kind::kWithdrawn);
  EXPECT_EQ(view.events[1].at, At(9100));
  EXPECT_EQ(view.events[1].proof, "withdrawal-proof");
  EXPECT_EQ(view.events[1].sequence, answer.position.sequence);
  const auto queue = store().ReadQueue({ProviderId::Trusted("alpha"), MessageClass::kUncoded}, 0, 10).value();
  ASSERT_EQ(queue.size(), 1u);
  EXPECT_EQ(queue[0].gateway_id, Id(2));
  EXPECT_EQ(Attempt(Id(1)).reason(), "store.stage"_reason);
  NewMessage again = Message(3, "beta");
  again.claims = {Invoice(1)};
  EXPECT_EQ(Accept(again).outcome, Accepted::kAccepted);
  EXPECT_EQ(store().ClaimHolder(Invoice(1)).value()->gateway_id, again.gateway_id);
  EXPECT_EQ(store().ClaimHolder(Invoice(2)).value()->gateway_id, Id(2));
  EXPECT_FALSE(store().ClaimHolder(Invoice(99))->has_value());
  ExpectCountersEqualARecount();
}

TEST_P(StoreContract, AHeldMessageIsWithdrawnAndStaysSo) {
  Accept(1);
  ASSERT_TRUE(Change(Id(1), {.event = Kind::kHeld, .to = Stage::kHeld}).ok());
  EXPECT_EQ(store().Withdraw(Taking(Id(1)))->outcome, Withdrawal::kWithdrawn);
  EXPECT_EQ(Change(Id(1), {.event = Kind::kReleased, .from = Stage::kHeld, .to = Stage::kQueued}).reason(),
            "store.stage"_reason);
  EXPECT_EQ(Change(Id(1), {.event = Kind::kResolved, .to = Stage::kQueued}).reason(), "store.stage"_reason);
  EXPECT_EQ(StageOf(Id(1)), Stage::kWithdrawn);
  ExpectCountersEqualARecount();
}

TEST_P(StoreContract, AfterAnAttemptItIsTooLateAlsoWhenTheLineNeverTookIt) {
  Accept(1);
  ASSERT_TRUE(Attempt(Id(1)).ok());
  WithdrawAnswer answer = store().Withdraw(Taking(Id(1))).value();
  EXPECT_EQ(answer.outcome, Withdrawal::kTooLate);
  EXPECT_TRUE(answer.proof.empty());
  EXPECT_EQ(answer.message->stage, Stage::kSending);
  ASSERT_TRUE(Settle(Id(1), Settlement::Outcome::kNotSent).ok());
  answer = store().Withdraw(Taking(Id(1))).value();
  EXPECT_EQ(answer.outcome, Withdrawal::kTooLate) << "queued again, but after an attempt";
  EXPECT_EQ(answer.message->stage, Stage::kQueued);
  EXPECT_THAT(EventsOf(Id(1)), ElementsAre(Kind::kAccepted, Kind::kAttempt, Kind::kNotSent));
  NewMessage again = Message(2, "beta");
  again.claims = {Invoice(1)};
  EXPECT_EQ(Accept(again).outcome, Accepted::kInvoiceClaimed) << "it still holds its invoice";
}

TEST_P(StoreContract, OnlyAWithdrawalWithdraws) {
  Accept(1);
  EXPECT_EQ(Change(Id(1), {.event = Kind::kWithdrawn, .to = Stage::kWithdrawn}).reason(), "store.stage"_reason);
  EXPECT_EQ(StageOf(Id(1)), Stage::kQueued);
}

TEST_P(StoreContract, ARepeatedWithdrawalAnswersTheFirstProofAlsoAfterLaterEvents) {
  Accept(1);
  const WithdrawAnswer first = store().Withdraw(Taking(Id(1))).value();
  Receive(1, Effect(Id(1), Stage::kAnswered));  // from nowhere: appended, moves nothing
  EXPECT_EQ(StageOf(Id(1)), Stage::kWithdrawn);
  WithdrawRequest later = Taking(Id(1), "alpha", "another proof");
  later.at = At(9999);
  const WithdrawAnswer second = store().Withdraw(later).value();
  EXPECT_EQ(second.outcome, Withdrawal::kAlreadyWithdrawn);
  EXPECT_EQ(second.proof, "withdrawal-proof");
  EXPECT_EQ(second.at, At(9100));
  EXPECT_EQ(second.position.sequence, first.position.sequence);
  EXPECT_THAT(EventsOf(Id(1)), ElementsAre(Kind::kAccepted, Kind::kWithdrawn, Kind::kAnswer));
}

TEST_P(StoreContract, ASubmitAgainOfAWithdrawnMessageGetsTheProofAndNoReceipt) {
  Accept(1);
  ASSERT_TRUE(store().Withdraw(Taking(Id(1))).ok());
  const AcceptAnswer again = Accept(1);
  EXPECT_EQ(again.outcome, Accepted::kWithdrawn);
  EXPECT_EQ(again.proof, "withdrawal-proof");
  EXPECT_EQ(again.proof_at, At(9100));
  EXPECT_TRUE(again.receipt.empty());
  NewMessage other = Message(2);
  other.key = Message(1).key;
  EXPECT_EQ(Accept(other).outcome, Accepted::kOtherBytes);
  NewMessage renamed = Message(3);
  renamed.claims = {Invoice(1)};
  EXPECT_EQ(Accept(renamed).outcome, Accepted::kAccepted) << "the invoice may be filed under another id";
}

TEST_P(StoreContract, AForeignOrUnknownMessageIsNotSeen) {
  Accept(1);
  EXPECT_EQ(store().Withdraw(Taking(Id(1), "beta"))->outcome, Withdrawal::kNotSeen);
  EXPECT_FALSE(store().Withdraw(Taking(Id(1), "beta"))->message.has_value());
  EXPECT_EQ(store().Withdraw(Taking(Id(7)))->outcome, Withdrawal::kNotSeen);
  EXPECT_EQ(StageOf(Id(1)), Stage::kQueued);
  ASSERT_EQ(store().Withdraw(Taking(Id(1)))->outcome, Withdrawal::kWithdrawn);
  EXPECT_EQ(store().Withdraw(Taking(Id(1), "beta"))->outcome, Withdrawal::kNotSeen) << "nor its proof";
}

TEST_P(StoreContract, WhatCannotBeReadIsNeitherVoidedNorUnseen) {
  const IdempotencyKey key = Message(1).key;
  ASSERT_TRUE(store().Void(Voiding(key)).ok());
  Accept(2);
  ASSERT_TRUE(store().Withdraw(Taking(Id(2))).ok());
  Damage(Family::kIndex, keys::Idempotency(key));
  EXPECT_FALSE(store().Void(Voiding(key)).ok());
  EXPECT_FALSE(TryAccept(Message(1)).ok());
  EXPECT_FALSE(store().Find({.kind = FindBy::Kind::kProviderKey, .provider_key = key}).ok());
  Damage(Family::kEvent, keys::EventOf(1, 1));
  EXPECT_EQ(store().Withdraw(Taking(Id(2))).status().reason(), "store.damaged"_reason);
  EXPECT_EQ(TryAccept(Message(2)).status().reason(), "store.damaged"_reason);
  Damage(Family::kMeta, Id(2).value());
  EXPECT_EQ(store().Withdraw(Taking(Id(2))).status().reason(), "store.damaged"_reason);
  EXPECT_EQ(store().Void(Voiding(Message(2).key)).status().reason(), "store.damaged"_reason);
  ASSERT_TRUE(store().Close().ok());
  EXPECT_EQ(store().Void(Voiding(Message(3).key)).status().reason(), "store.closed"_reason);
  EXPECT_EQ(store().Withdraw(Taking(Id(3))).status().reason(), "store.closed"_reason);
}

TEST_P(StoreContract, ThreadsThatSubmitAndVoidOneKeyNeverGetBoth) {
  constexpr int kKeys = 40;
  std::vector<std::atomic<int>> receipts(kKeys), proofs(kKeys);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int n = 0; n < kKeys; ++n) {
        if (t % 2 == 0) {
          receipts[n] += !Accept(n).receipt.empty();
        } else {
          proofs[n] += !store().Void(Voiding(Message(n).key)).value().voided.proof.empty();
        }
      }
    });
  for (std::thread& thread : threads) thread.join();
  for (int n = 0; n < kKeys; ++n)
    EXPECT_TRUE((receipts[n] == 2) != (proofs[n] == 2)) << receipts[n] << " receipts, " << proofs[n] << " proofs";
}

TEST_P(StoreContract, ThreadsThatWithdrawAndSendOneMessageNeverDoBoth) {
  constexpr int kMessages = 40;
  for (int n = 0; n < kMessages; ++n) Accept(n);
  std::vector<std::atomic<int>> attempts(kMessages), proofs(kMessages);
  std::thread sender([&] {
    for (int n = 0; n < kMessages; ++n) attempts[n] += Attempt(Id(n)).ok();
  });
  std::thread provider([&] {
    for (int n = 0; n < kMessages; ++n) proofs[n] += store().Withdraw(Taking(Id(n)))->outcome == Withdrawal::kWithdrawn;
  });
  sender.join();
  provider.join();
  for (int n = 0; n < kMessages; ++n) EXPECT_EQ(attempts[n] + proofs[n], 1);
  ExpectCountersEqualARecount();
}

}  // namespace
}  // namespace tvan
