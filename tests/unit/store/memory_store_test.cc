// The MemoryStore's crash semantics, and through it the committer: batches, refusals, failed flushes, damage.
#include "tests/support/memory_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/core/clock.h"
#include "store/keys.h"
#include "tests/unit/store/small_message.h"

namespace tvan {
namespace {

InvoiceKey Invoice(int n) { return {TaxCode::Trusted("0101234567"), "1", "C26TAA", std::to_string(n)}; }

class MemoryStoreTest : public testing::Test {
 protected:
  MemoryStoreTest() {
    MemoryStoreOptions options;
    options.manual_flush = true;
    options.queue_limit = 3;
    store_ = MakeMemoryStore(options, *clock_);
  }
  void Accept(int n) {
    store_->Accept(SmallMessage(n), [this](Result<AcceptAnswer> answer) { answers_.push_back(std::move(answer)); });
  }
  uint64_t Stored() { return store_->Measure()->accepted_total; }

  std::unique_ptr<Clock> clock_ = MakeSystemClock();
  std::vector<Result<AcceptAnswer>> answers_;
  std::unique_ptr<MemoryStore> store_;
};

TEST_F(MemoryStoreTest, NothingIsAnsweredOrVisibleBeforeTheFlush) {
  Accept(1);
  Accept(2);
  EXPECT_TRUE(answers_.empty());
  EXPECT_EQ(Stored(), 0u);
  store_->Flush();
  ASSERT_EQ(answers_.size(), 2u);
  EXPECT_EQ(answers_[0]->acceptance, 1u);
  EXPECT_EQ(answers_[1]->acceptance, 2u);
  EXPECT_EQ(answers_[0]->position.sequence, answers_[1]->position.sequence);  // one durable act
  EXPECT_EQ(Stored(), 2u);
}

// Both were good when they were checked: the committer looks at its own batch.
TEST_F(MemoryStoreTest, OfTwoReplacementsInOneActTheSecondIsRefused) {
  for (const int n : {1, 2, 3}) {
    NewMessage message = SmallMessage(n);
    message.claims = {Invoice(n)};
    if (n > 1) message.relations = {{RelationKind::kReplaces, Invoice(1), Invoice(n)}};
    message.key.provider = ProviderId::Trusted("provider" + std::to_string(n));
    EXPECT_TRUE(store_->AskHistory(message)->empty());
    store_->Accept(message, [this](Result<AcceptAnswer> answer) { answers_.push_back(std::move(answer)); });
    if (n == 1) store_->Flush();
  }
  store_->Flush();
  ASSERT_EQ(answers_.size(), 3u);
  EXPECT_EQ(answers_[1]->outcome, AcceptAnswer::Outcome::kAccepted);
  ASSERT_EQ(answers_[2]->outcome, AcceptAnswer::Outcome::kContradicted);
  EXPECT_EQ(answers_[2]->conflicts.at(0).rule, "guard.replaced_twice"_reason);
  EXPECT_EQ(answers_[1]->position.sequence, answers_[2]->position.sequence + 1) << "one act";
}

TEST_F(MemoryStoreTest, OfTwoMessagesWithOneCodeInOneActTheSecondIsRefused) {
  for (const int n : {1, 2}) {
    NewMessage message = SmallMessage(n);
    message.claims = {Invoice(n)};
    message.codes = {{"M1-26-A1B2C-00000000001", Invoice(n)}};
    store_->Accept(message, [this](Result<AcceptAnswer> answer) { answers_.push_back(std::move(answer)); });
  }
  store_->Flush();
  EXPECT_EQ(answers_.at(0)->outcome, AcceptAnswer::Outcome::kAccepted);
  ASSERT_EQ(answers_.at(1)->outcome, AcceptAnswer::Outcome::kContradicted);
  EXPECT_EQ(answers_[1]->conflicts.at(0).rule, "invoice.code_taken"_reason);
}

TEST_F(MemoryStoreTest, ACrashDropsWhatWasNotFlushedAndKeepsTheRest) {
  Accept(1);
  store_->Flush();
  Accept(2);
  store_->Crash();
  ASSERT_EQ(answers_.size(), 2u);
  EXPECT_TRUE(answers_[1].status().is_in_doubt());
  EXPECT_EQ(answers_[1].status().reason(), "store.io"_reason);
  Accept(3);
  EXPECT_EQ(answers_[2].status().reason(), "store.closed"_reason);
  store_ = store_->Reopen();
  EXPECT_EQ(Stored(), 1u);
  Accept(2);
  store_->Flush();
  EXPECT_EQ(answers_.back()->outcome, AcceptAnswer::Outcome::kAccepted);
}

TEST_F(MemoryStoreTest, AFullQueueRefusesAtOnceAndTakesAgainAfterTheFlush) {
  for (int n = 1; n <= 4; ++n) Accept(n);
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_EQ(answers_[0].status().reason(), "store.busy"_reason) << "the buffer is not full: this passes";
  EXPECT_TRUE(answers_[0].status().is_transient());
  store_->Flush();
  EXPECT_EQ(Stored(), 3u);
  Accept(4);
  store_->Flush();
  EXPECT_EQ(Stored(), 4u);
}

TEST_F(MemoryStoreTest, ABlockingWriteFlushesWhatWaitsBeforeIt) {
  Accept(1);
  const Fence fence = store_->TakeOwnership();
  EXPECT_EQ(answers_.size(), 1u);
  auto attempts = store_->RecordAttempts(fence, {{.gateway_id = MessageId::Trusted("V1")}});
  ASSERT_TRUE(attempts.ok());
  EXPECT_TRUE(attempts->front().ok());
}

class FailedFlushTest : public MemoryStoreTest, public testing::WithParamInterface<MemoryStore::FailedFlush> {};

TEST_P(FailedFlushTest, AnswersInDoubtThenRefusesUntilReopened) {
  const bool written = GetParam() == MemoryStore::FailedFlush::kWritten;
  store_->FailNextFlush(GetParam());
  Accept(1);
  store_->Flush();
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_TRUE(answers_[0].status().is_in_doubt());
  Accept(2);
  ASSERT_EQ(answers_.size(), 2u);
  EXPECT_EQ(answers_[1].status().reason(), "store.failed"_reason);
  EXPECT_TRUE(answers_[1].status().is_transient());
  EXPECT_EQ(store_->TakeOwnership().counter, 0u);
  store_ = store_->Reopen();
  EXPECT_EQ(Stored(), written ? 1u : 0u);
  Accept(1);
  store_->Flush();
  using Outcome = AcceptAnswer::Outcome;
  EXPECT_EQ(answers_.back()->outcome, written ? Outcome::kAlreadyAccepted : Outcome::kAccepted);
  EXPECT_EQ(answers_.back()->receipt, "receipt 1");
}

INSTANTIATE_TEST_SUITE_P(Both, FailedFlushTest,
                         testing::Values(MemoryStore::FailedFlush::kLost, MemoryStore::FailedFlush::kWritten));

TEST_F(MemoryStoreTest, OneBadOperationDoesNotTakeItsBatchWithIt) {
  const Fence fence = store_->TakeOwnership();
  Accept(1);
  IncomingAnswer nameless;  // no id, no bytes: refused as a whole
  EXPECT_EQ(store_->ReceiveAnswers(fence, LineId::Trusted("main"), {nameless}, "p9").status().reason(),
            "store.argument"_reason);
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_TRUE(answers_[0].ok());
  EXPECT_EQ(Stored(), 1u);
  EXPECT_EQ(store_->LinePosition(LineId::Trusted("main")).value(), "");
}

TEST_F(MemoryStoreTest, CloseFlushesWhatWaits) {
  Accept(1);
  ASSERT_TRUE(store_->Close().ok());
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_TRUE(answers_[0].ok());
  store_ = store_->Reopen();
  EXPECT_EQ(Stored(), 1u);
}

using Kind = FindBy::Kind;

std::vector<FindBy> EveryWayTo(int n) {
  const NewMessage m = SmallMessage(n);
  return {{.kind = Kind::kGatewayId, .gateway_id = m.gateway_id},
          {.kind = Kind::kProviderKey, .provider_key = m.key},
          {.kind = Kind::kDigest, .digest = m.digest}};
}

TEST_F(MemoryStoreTest, WhatCannotBeReadIsAnErrorAndNeverNotThere) {
  Accept(1);
  store_->Flush();
  const ProviderId alpha = ProviderId::Trusted("alpha");
  store_->SetReads(MemoryStore::Reads::kFail);
  for (const FindBy& by : EveryWayTo(1)) EXPECT_EQ(store_->Find(by).status().reason(), "store.io"_reason);
  EXPECT_EQ(store_->List({}).status().reason(), "store.io"_reason);
  EXPECT_EQ(store_->List({.provider = alpha}).status().reason(), "store.io"_reason);
  EXPECT_EQ(store_->ClaimHolder({}).status().reason(), "store.io"_reason);
  EXPECT_EQ(store_->LinePosition(LineId::Trusted("main")).status().reason(), "store.io"_reason);
  EXPECT_EQ(store_->LoadAnswer("a").status().reason(), "store.io"_reason);
  EXPECT_EQ(store_->ReadQueue({alpha, MessageClass::kCoded}, 0, 10).status().reason(), "store.io"_reason);
  for (const Stage stage : {Stage::kQueued, Stage::kSending, Stage::kAnswered})
    EXPECT_EQ(store_->InStage(stage, 0, 10).status().reason(), "store.io"_reason);
  EXPECT_EQ(store_->ListRecords("window").status().reason(), "store.io"_reason);
  EXPECT_EQ(store_->ReadMailbox(alpha, "main", 0, 10).status().reason(), "store.io"_reason);
  store_->SetReads(MemoryStore::Reads::kGood);
  for (const FindBy& by : EveryWayTo(1)) EXPECT_EQ(store_->Find(by)->messages.size(), 1u);
  EXPECT_EQ(store_->LoadAnswer("a").status().reason(), "store.unknown_answer"_reason);
}

TEST_F(MemoryStoreTest, ADamagedMessageIsAnErrorToWhoeverAsksForIt) {
  Accept(1);
  Accept(2);
  store_->Flush();
  ASSERT_TRUE(store_->Damage(Family::kMeta, "V1"));
  for (const FindBy& by : EveryWayTo(1)) EXPECT_EQ(store_->Find(by).status().reason(), "store.damaged"_reason);
  for (const FindBy& by : EveryWayTo(2)) EXPECT_EQ(store_->Find(by)->messages.size(), 1u);
}

TEST_F(MemoryStoreTest, AStoreThatIsClosedSaysSoAndNotNothing) {
  Accept(1);
  ASSERT_TRUE(store_->Close().ok());
  for (const FindBy& by : EveryWayTo(1)) EXPECT_EQ(store_->Find(by).status().reason(), "store.closed"_reason);
}

TEST_F(MemoryStoreTest, AMailboxIsReadUpToItsDamageAndThenIsAnError) {
  const Fence fence = store_->TakeOwnership();
  const ProviderId alpha = ProviderId::Trusted("alpha");
  for (int n = 1; n <= 2; ++n) {
    IncomingAnswer answer;
    answer.answer_id = "answer-" + std::to_string(n);
    answer.bytes = std::make_shared<const std::string>("bytes");
    answer.deliveries = {{alpha, "M", {}, "rewrapped"}};
    ASSERT_TRUE(store_->ReceiveAnswers(fence, LineId::Trusted("main"), {answer}, "p").ok());
  }
  ASSERT_TRUE(store_->Damage(Family::kMailbox, keys::MailboxEntry(alpha, "main", 2)));
  EXPECT_EQ(store_->ReadMailbox(alpha, "main", 0, 10)->size(), 1u);
  EXPECT_EQ(store_->ReadMailbox(alpha, "main", 1, 10).status().reason(), "store.damaged"_reason);
}

TEST(Keys, AnOverlongStringIsNoCrashAndMixesWithNoOther) {
  const std::string longest(0xfffe, 'a'), longer(0xffff, 'a'), over(70'000, 'a');
  EXPECT_NE(keys::ListOf(ProviderId::Trusted(longer)), keys::ListOf(ProviderId::Trusted(over)));
  std::string key;
  AppendString(key, over);
  std::string_view rest = key;
  EXPECT_EQ(TakeString(rest), std::nullopt);
  key.clear();
  AppendString(key, longest);
  rest = key;
  EXPECT_EQ(TakeString(rest), longest);
}

}  // namespace
}  // namespace tvan
