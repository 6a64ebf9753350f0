// Accept: what makes a message durable once, and only once.
#include <atomic>
#include <thread>

#include "tests/contract/store_contract.h"

namespace tvan {
namespace {

using Outcome = AcceptAnswer::Outcome;
using testing::ElementsAre;

TEST_P(StoreContract, AcceptedMessageIsFoundWithAllItsFacts) {
  const NewMessage sent = Message(1);
  const AcceptAnswer answer = Accept(sent);
  EXPECT_EQ(answer.outcome, Outcome::kAccepted);
  EXPECT_EQ(answer.receipt, sent.receipt);
  EXPECT_EQ(answer.position.incarnation, store().position().incarnation);
  const MessageView view = View(sent.gateway_id);
  EXPECT_EQ(view.meta.key, sent.key);
  EXPECT_EQ(view.meta.provider_mtdiep, sent.provider_mtdiep);
  EXPECT_EQ(view.meta.provider_mngui, sent.provider_mngui);
  EXPECT_EQ(view.meta.digest, sent.digest);
  EXPECT_EQ(view.meta.sent_digest, sent.sent_digest);
  EXPECT_EQ(view.meta.cls, sent.cls);
  EXPECT_EQ(view.meta.mltdiep, sent.mltdiep);
  EXPECT_EQ(view.meta.mst, sent.mst);
  EXPECT_EQ(view.meta.plan, sent.plan);
  EXPECT_EQ(view.meta.claims, sent.claims);
  EXPECT_EQ(view.meta.accepted_at, sent.accepted_at);
  EXPECT_EQ(view.meta.contract_version, sent.contract_version);
  EXPECT_EQ(view.meta.signature_marks, sent.signature_marks);
  EXPECT_EQ(view.meta.payload_size, sent.payload->size());
  EXPECT_EQ(view.meta.stage, Stage::kQueued);
  EXPECT_EQ(view.receipt, sent.receipt);
  EXPECT_EQ(view.ack999, sent.ack999);
  EXPECT_EQ(*store().LoadPayload(sent.gateway_id).value(), *sent.payload);
  ASSERT_EQ(view.events.size(), 1u);
  EXPECT_EQ(view.events[0].kind, EventKind::kAccepted);
  EXPECT_EQ(view.events[0].at, sent.accepted_at);
  EXPECT_EQ(view.events[0].sequence, answer.position.sequence);
}

TEST_P(StoreContract, SameKeyAndBytesGiveTheFirstReceiptAgain) {
  Accept(1);
  NewMessage again = Message(1);
  again.receipt = "another receipt";
  again.ack999 = "another 999";
  const AcceptAnswer answer = Accept(again);
  EXPECT_EQ(answer.outcome, Outcome::kAlreadyAccepted);
  EXPECT_EQ(answer.receipt, Message(1).receipt);
  EXPECT_EQ(answer.ack999, Message(1).ack999);
  EXPECT_EQ(answer.acceptance, 1u);
  EXPECT_EQ(store().Measure()->accepted_total, 1u);
}

TEST_P(StoreContract, SameKeyAndOtherBytesAreRefusedWithTheFirstDigest) {
  Accept(1);
  NewMessage other = Message(2);
  other.key = Message(1).key;
  const AcceptAnswer answer = Accept(other);
  EXPECT_EQ(answer.outcome, Outcome::kOtherBytes);
  EXPECT_EQ(answer.first_digest, Message(1).digest);
  EXPECT_EQ(store().Measure()->accepted_total, 1u);
}

TEST_P(StoreContract, TheOtherKindOfIdIsAnotherKey) {
  Accept(1);
  NewMessage other = Message(2);
  other.key = Message(1).key;
  other.key.kind = SubmitIdKind::kClientReference;
  EXPECT_EQ(Accept(other).outcome, Outcome::kAccepted);
}

TEST_P(StoreContract, OneGatewayIdForTwoSubmissionsIsRefused) {
  Accept(1);
  NewMessage other = Message(2);
  other.gateway_id = Id(1);
  EXPECT_EQ(Accept(other).outcome, Outcome::kGatewayIdTaken);
  EXPECT_TRUE(store().Find({.kind = FindBy::Kind::kProviderKey, .provider_key = other.key})->messages.empty());
}

TEST_P(StoreContract, AnInvoiceKeyIsExclusiveAcrossProviders) {
  Accept(1);
  NewMessage other = Message(2, "beta");
  other.claims = {Invoice(7), Invoice(1)};
  const AcceptAnswer answer = Accept(other);
  EXPECT_EQ(answer.outcome, Outcome::kInvoiceClaimed);
  ASSERT_EQ(answer.conflicts.size(), 1u);
  EXPECT_EQ(answer.conflicts[0].rule, "intake.invoice_claimed"_reason);
  EXPECT_EQ(answer.conflicts[0].invoice, Invoice(1));
  EXPECT_EQ(answer.conflicts[0].with->gateway_id, Id(1));
  // Nothing was consumed: neither the free key nor the id.
  NewMessage corrected = Message(2, "beta");
  corrected.claims = {Invoice(7)};
  EXPECT_EQ(Accept(corrected).outcome, Outcome::kAccepted);
}

TEST_P(StoreContract, AReferredInvoiceIsNotClaimed) {
  NewMessage notice = Message(1);
  notice.refers = notice.claims;
  notice.claims.clear();
  Accept(notice);
  NewMessage other = Message(2, "beta");
  other.claims = {Invoice(1)};
  EXPECT_EQ(Accept(other).outcome, Outcome::kAccepted);
}

TEST_P(StoreContract, AnInvoiceNamedTwiceInOneMessageIsOneClaim) {
  NewMessage message = Message(1);
  message.claims = {Invoice(1), Invoice(1)};
  EXPECT_EQ(Accept(message).outcome, Outcome::kAccepted);
  EXPECT_EQ(store().Find({.kind = FindBy::Kind::kInvoiceKey, .invoice = Invoice(1)})->messages.size(), 1u);
}

TEST_P(StoreContract, EightThreadsWithOneKeyGiveOneAcceptance) {
  std::atomic<int> accepted{0}, repeated{0}, other{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int n = 0; n < 20; ++n) {
        const Outcome outcome = Accept(n).outcome;
        ++(outcome == Outcome::kAccepted ? accepted : outcome == Outcome::kAlreadyAccepted ? repeated : other);
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(accepted, 20);
  EXPECT_EQ(repeated, 140);
  EXPECT_EQ(other, 0);
  EXPECT_EQ(store().Measure()->accepted_total, 20u);
}

TEST_P(StoreContract, EightProvidersRacingForOneInvoiceGiveOneHolder) {
  std::atomic<int> accepted{0}, claimed{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      const Outcome outcome = Accept(Message(1, "p" + std::to_string(t))).outcome;
      accepted += outcome == Outcome::kAccepted;
      claimed += outcome == Outcome::kInvoiceClaimed;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(accepted, 1);
  EXPECT_EQ(claimed, 7);
}

TEST_P(StoreContract, AcceptanceIsDenseAndThePositionMovesForward) {
  StorePosition last = store().position();
  for (int n = 1; n <= 5; ++n) {
    const AcceptAnswer answer = Accept(n);
    EXPECT_EQ(answer.acceptance, static_cast<uint64_t>(n));
    EXPECT_GT(answer.position.sequence, last.sequence);
    EXPECT_GE(store().position().sequence, answer.position.sequence);
    last = answer.position;
  }
}

TEST_P(StoreContract, FindAnswersByEveryNameAndAsOfWhen) {
  const AcceptAnswer answer = Accept(1);
  const NewMessage sent = Message(1);
  using Kind = FindBy::Kind;
  EXPECT_EQ(store().Find({.kind = Kind::kProviderKey, .provider_key = sent.key})->messages.size(), 1u);
  EXPECT_EQ(store().Find({.kind = Kind::kInvoiceKey, .invoice = Invoice(1)})->messages.size(), 1u);
  EXPECT_EQ(store().Find({.kind = Kind::kDigest, .digest = sent.digest})->messages.size(), 1u);
  EXPECT_EQ(store().Find({.kind = Kind::kSentDigest, .digest = sent.sent_digest})->messages.size(), 1u);
  EXPECT_TRUE(store().Find({.kind = Kind::kSentDigest, .digest = sent.digest})->messages.empty());
  const Found none = store().Find({.kind = Kind::kDigest, .digest = Message(2).digest}).value();
  EXPECT_TRUE(none.messages.empty());
  EXPECT_EQ(none.as_of.sequence, answer.position.sequence);
  EXPECT_EQ(none.as_of.incarnation, answer.position.incarnation);
}

TEST_P(StoreContract, FindByDigestAnswersTheNewestFirst) {
  for (int n = 1; n <= 3; ++n) {
    NewMessage same = Message(n);
    same.digest = Message(1).digest;
    Accept(same);
  }
  const Found found = store().Find({.kind = FindBy::Kind::kDigest, .digest = Message(1).digest}).value();
  ASSERT_EQ(found.messages.size(), 3u);
  EXPECT_EQ(found.messages[0].meta.gateway_id, Id(3));
  EXPECT_EQ(found.messages[2].meta.gateway_id, Id(1));
}

TEST_P(StoreContract, AFullBufferRefusesAndRoomMadeAcceptsAgain) {
  const size_t size = Message(1).payload->size();
  Make({.buffer_limit_bytes = 2 * size + 10});
  Accept(1);
  Accept(2);
  auto full = TryAccept(Message(3));
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.status().reason(), "store.full"_reason);
  EXPECT_TRUE(full.status().is_transient());
  EXPECT_EQ(Accept(1).outcome, Outcome::kAlreadyAccepted);  // a repeated submit needs no room
  Send(Id(1));
  EXPECT_EQ(Accept(3).outcome, Outcome::kAccepted);
}

TEST_P(StoreContract, AMessageWithoutPayloadOrWithAnOversizedKeyIsRefused) {
  NewMessage empty = Message(1);
  empty.payload = nullptr;
  EXPECT_EQ(TryAccept(empty).status().reason(), "store.argument"_reason);
  NewMessage huge = Message(1);
  huge.claims = {{TaxCode::Trusted("1"), std::string(70000, '1'), "a", "1"}};
  EXPECT_EQ(TryAccept(huge).status().reason(), "store.argument"_reason);
  EXPECT_EQ(Accept(1).outcome, Outcome::kAccepted);
}

TEST_P(StoreContract, AfterCloseEveryCallAnswersClosed) {
  Accept(1);
  ASSERT_TRUE(store().Close().ok());
  EXPECT_EQ(TryAccept(Message(2)).status().reason(), "store.closed"_reason);
  EXPECT_EQ(Attempt(Id(1)).reason(), "store.closed"_reason);
  EXPECT_EQ(store().LoadPayload(Id(1)).status().reason(), "store.closed"_reason);
  EXPECT_TRUE(store().Close().ok());
}

TEST_P(StoreContract, ALostReceiptComesBackWithTheSameBytesAndThenStays) {
  NewMessage lost = Message(1);
  const NewMessage whole = lost;
  lost.receipt.clear();
  lost.ack999.clear();
  lost.payload = std::make_shared<const std::string>(whole.payload->size(), '?');
  Accept(lost);
  NewMessage other = whole;
  other.digest = Message(2).digest;
  EXPECT_EQ(Accept(other).outcome, AcceptAnswer::Outcome::kOtherBytes);
  for (const char* later : {"", "-2"}) {
    NewMessage again = whole;
    again.receipt += later;
    const AcceptAnswer answer = Accept(again);
    EXPECT_EQ(answer.outcome, AcceptAnswer::Outcome::kAlreadyAccepted);
    EXPECT_EQ(answer.receipt, whole.receipt);
    EXPECT_EQ(answer.ack999, whole.ack999);
  }
  KillAndReopen();
  EXPECT_EQ(View(Id(1)).receipt, whole.receipt);
  EXPECT_EQ(**store().LoadPayload(Id(1)), *whole.payload);
}

}  // namespace
}  // namespace tvan
