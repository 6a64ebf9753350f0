#include "gateway/intake/pipeline.h"

#include <gmock/gmock.h>

#include "gateway/intake/verdicts.h"
#include "tests/unit/intake/intake_world.h"

namespace tvan {
namespace {

using Kind = SubmitOutcome::Kind;
using testing::Contains;
using testing::HasSubstr;

const Time kYesterday = *ParseDate("2026-11-20");
const Time kToday = *ParseDate("2026-11-21");

TEST(Pipeline, GivesAReceiptThatVerifiesForAGoodMessage) {
  IntakeWorld world;
  const std::string bytes = world.SignedBytes(Spec203(1));
  const SubmitOutcome outcome = world.Submit(world.Input(bytes));
  ASSERT_EQ(outcome.kind, Kind::kReceipt) << testing::PrintToString(Rules(outcome.findings));
  EXPECT_FALSE(outcome.already_accepted);
  EXPECT_EQ(outcome.receipt.digest, world.digester->Sha256Of(bytes));
  EXPECT_TRUE(IsAuthorityHopMessageId(outcome.receipt.gateway_id.value()));
  const auto facts = Unseal(outcome.receipt.jws, kReceiptType, world.sealer->KeySetJson());
  ASSERT_TRUE(facts.ok()) << facts.status().ToString();
  EXPECT_THAT(*facts, HasSubstr(outcome.receipt.gateway_id.value()));
  EXPECT_THAT(*facts, HasSubstr(outcome.receipt.digest.Hex()));
  EXPECT_EQ(DurabilityOf(outcome.receipt.jws), ToString(world.store->durability()));
  EXPECT_THAT(outcome.ack999, HasSubstr("<TTTNhan>0</TTTNhan>"));
  EXPECT_EQ(world.accepted_total(), 1u);
}

TEST(Pipeline, AnswersOnlyAfterTheFlush) {
  IntakeWorld world;
  int answers = 0;
  world.pipeline->Submit(world.Signed(Spec203(1)), [&](const SubmitOutcome&) { ++answers; });
  EXPECT_EQ(answers, 0);
  world.store->Flush();
  EXPECT_EQ(answers, 1);
}

TEST(Pipeline, StoresTheSubmittedBytesUnchanged) {
  IntakeWorld world;
  const std::string bytes = world.SignedBytes(Spec203(1));
  const SubmitOutcome outcome = world.Submit(world.Input(bytes));
  const auto payload = world.store->LoadPayload(outcome.receipt.gateway_id);
  ASSERT_TRUE(payload.ok());
  EXPECT_EQ(**payload, bytes);
}

TEST(Pipeline, AnswersARepeatedSubmitWithTheStoredReceipt) {
  IntakeWorld world;
  const std::string bytes = world.SignedBytes(Spec203(1));
  const SubmitOutcome first = world.Submit(world.Input(bytes));
  world.clock->AdvanceBy(std::chrono::hours(1));
  const SubmitOutcome second = world.Submit(world.Input(bytes));
  ASSERT_EQ(second.kind, Kind::kReceipt);
  EXPECT_TRUE(second.already_accepted);
  EXPECT_EQ(second.receipt.jws, first.receipt.jws);
  EXPECT_EQ(second.ack999, first.ack999);
  EXPECT_EQ(second.receipt.gateway_id, first.receipt.gateway_id);
  EXPECT_EQ(second.receipt.accepted_at, first.receipt.accepted_at);
  EXPECT_EQ(second.receipt.durability, first.receipt.durability);
  EXPECT_EQ(world.accepted_total(), 1u);
}

TEST(Pipeline, AnswersARepeatedSubmitThatRacesTheFirst) {
  IntakeWorld world;
  std::vector<SubmitOutcome> outcomes;
  const auto keep = [&](SubmitOutcome outcome) { outcomes.push_back(std::move(outcome)); };
  const std::string bytes = world.SignedBytes(Spec203(1));
  world.pipeline->Submit(world.Input(bytes), keep);
  world.pipeline->Submit(world.Input(bytes), keep);
  world.store->Flush();
  ASSERT_EQ(outcomes.size(), 2u);
  EXPECT_FALSE(outcomes[0].already_accepted);
  EXPECT_TRUE(outcomes[1].already_accepted);
  EXPECT_EQ(outcomes[0].receipt.jws, outcomes[1].receipt.jws);
  EXPECT_EQ(world.accepted_total(), 1u);
}

TEST(Pipeline, RefusesOtherBytesUnderAnAcceptedIdAndNamesBothDigests) {
  IntakeWorld world;
  const SubmitOutcome first = world.Submit(world.Signed(Spec203(1)));
  MessageSpec corrected = Spec203(1);
  corrected.invoices[0].nlap = "2026-11-19";
  const std::string bytes = world.SignedBytes(corrected);
  const SubmitOutcome second = world.Submit(world.Input(bytes));
  ASSERT_EQ(second.kind, Kind::kRejection);
  ASSERT_THAT(Rules(second.findings), Contains("intake.other_bytes"));
  const std::string text = second.findings.back().text_en;
  EXPECT_THAT(text, HasSubstr(first.receipt.digest.Hex()));
  EXPECT_THAT(text, HasSubstr(world.digester->Sha256Of(bytes).Hex()));
  EXPECT_THAT(text, HasSubstr("new MTDiep"));
  EXPECT_THAT(second.ack999, HasSubstr("<TTTNhan>1</TTTNhan>"));
  EXPECT_EQ(world.accepted_total(), 1u);
}

TEST(Pipeline, TheSameIdOfTwoProvidersAreTwoMessages) {
  IntakeWorld world;
  const SubmitOutcome acme = world.Submit(world.Signed(Spec203(1, 1)));
  MessageSpec other = Spec203(1, 2);
  const SubmitOutcome beta = world.Submit(world.Signed(other, IntakeWorld::kBetaCertificate));
  EXPECT_EQ(beta.kind, Kind::kReceipt) << testing::PrintToString(Rules(beta.findings));
  EXPECT_FALSE(beta.already_accepted);
  EXPECT_NE(acme.receipt.gateway_id, beta.receipt.gateway_id);
}

TEST(Pipeline, RefusesAnInvoiceThatAnotherMessageFilesAndNeverSaysWhose) {
  IntakeWorld world;
  ASSERT_EQ(world.Submit(world.Signed(Spec203(1))).kind, Kind::kReceipt);
  MessageSpec again = Spec203(1);
  again.number = 77;
  const SubmitOutcome outcome = world.Submit(world.Signed(again, IntakeWorld::kBetaCertificate));
  ASSERT_EQ(outcome.kind, Kind::kRejection);
  ASSERT_THAT(Rules(outcome.findings), Contains("intake.invoice_claimed"));
  EXPECT_THAT(outcome.findings.back().text_en, HasSubstr("0101234567;1;K26TAA;1"));
  EXPECT_THAT(outcome.findings.back().text_en + outcome.findings.back().text_vi, testing::Not(HasSubstr("acme")));
  EXPECT_THAT(outcome.ack999, HasSubstr("<TTTNhan>1</TTTNhan>"));
  EXPECT_EQ(world.accepted_total(), 1u);
}

TEST(Pipeline, ARejectionUsesUpNothing) {
  IntakeWorld world;
  MessageSpec wrong = Spec203(1);
  wrong.sluong = "2";
  const SubmitOutcome rejected = world.Submit(world.Signed(wrong));
  ASSERT_EQ(rejected.kind, Kind::kRejection);
  EXPECT_TRUE(HasError(rejected.findings));
  EXPECT_EQ(world.accepted_total(), 0u);
  const SubmitOutcome corrected = world.Submit(world.Signed(Spec203(1)));
  EXPECT_EQ(corrected.kind, Kind::kReceipt) << testing::PrintToString(Rules(corrected.findings));
}

TEST(Pipeline, AnUnreadableDocumentIsRejectedWithA999) {
  IntakeWorld world;
  for (const std::string bytes : {"", "<TDiep>", "no xml at all"}) {
    const SubmitOutcome outcome = world.Submit(world.Input(bytes));
    EXPECT_EQ(outcome.kind, Kind::kRejection) << bytes;
    EXPECT_TRUE(HasError(outcome.findings));
    EXPECT_THAT(outcome.ack999, HasSubstr("<TTTNhan>1</TTTNhan>"));
  }
}

TEST(Pipeline, KnowsNobodyByAnUnboundCertificate) {
  IntakeWorld world;
  const SubmitOutcome outcome = world.Submit(world.Signed(Spec203(1), std::string(64, 'c')));
  ASSERT_EQ(outcome.kind, Kind::kFailure);
  EXPECT_EQ(outcome.failure.reason(), "intake.unknown_certificate"_reason);
  EXPECT_EQ(world.accepted_total(), 0u);
  EXPECT_FALSE(world.pipeline->Identify(std::string(64, 'c')).ok());
  EXPECT_EQ(*world.pipeline->Identify(IntakeWorld::kBetaCertificate), ProviderId::Trusted("beta"));
}

TEST(Pipeline, ForgetsACertificateWithTheNextMessage) {
  IntakeWorld world;
  ASSERT_EQ(world.Submit(world.Signed(Spec203(1, 1))).kind, Kind::kReceipt);
  world.PutContract("acme", std::string(64, 'd'), ContractStatus::kActive, {Time{}, kForever});
  EXPECT_EQ(world.Submit(world.Signed(Spec203(1, 2))).kind, Kind::kFailure);
  EXPECT_EQ(world.Submit(world.Signed(Spec203(1, 2), std::string(64, 'd'))).kind, Kind::kReceipt);
}

TEST(Pipeline, RefusesUnderAnExpiredContractButStillKnowsWhatItAccepted) {
  IntakeWorld world;
  const std::string bytes = world.SignedBytes(Spec203(1, 1));
  const SubmitOutcome first = world.Submit(world.Input(bytes));
  world.PutContract("acme", IntakeWorld::kAcmeCertificate, ContractStatus::kActive, {kYesterday, kToday});
  MessageSpec fresh = Spec203(1, 2);
  fresh.number = 2;
  const SubmitOutcome refused = world.Submit(world.Signed(fresh));
  ASSERT_EQ(refused.kind, Kind::kRejection);
  EXPECT_THAT(Rules(refused.findings), Contains("contract.provider_expired"));
  const SubmitOutcome repeated = world.Submit(world.Input(bytes));
  ASSERT_EQ(repeated.kind, Kind::kReceipt);
  EXPECT_TRUE(repeated.already_accepted);
  EXPECT_EQ(repeated.receipt.jws, first.receipt.jws);
}

TEST(Pipeline, SaysThatTheDocumentCameInTheWrongField) {
  IntakeWorld world;
  SubmitInput input = world.Signed(Spec203(1));
  input.form = WrappingPlan::Form::kBareHDon;
  EXPECT_THAT(Rules(world.Submit(std::move(input)).findings), Contains("intake.document_form"));
}

TEST(Pipeline, AFailingStoreIsNoReceiptAndNoRejection) {
  IntakeWorld world;
  world.store->FailNextFlush(MemoryStore::FailedFlush::kLost);
  const SubmitOutcome outcome = world.Submit(world.Signed(Spec203(1)));
  ASSERT_EQ(outcome.kind, Kind::kFailure);
  EXPECT_TRUE(outcome.failure.is_in_doubt()) << outcome.failure.ToString();
  EXPECT_GT(outcome.retry_after.count(), 0);
  ASSERT_EQ(world.store_outcomes.size(), 1u);
  EXPECT_FALSE(world.store_outcomes[0].ok());
}

TEST(Pipeline, AFullPoolIsOverload) {
  IntakeWorld world;
  world.compute.full = true;
  const SubmitOutcome outcome = world.Submit(world.Signed(Spec203(1)));
  ASSERT_EQ(outcome.kind, Kind::kFailure);
  EXPECT_EQ(outcome.failure.reason(), "intake.overloaded"_reason);
  EXPECT_GT(outcome.retry_after.count(), 0);
  world.compute.full = false;
  EXPECT_EQ(world.Submit(world.Signed(Spec203(1))).kind, Kind::kReceipt);
}

TEST(Pipeline, BoundsWhatOneProviderHasInFlight) {
  IntakeWorld world;
  world.PutContract("acme", IntakeWorld::kAcmeCertificate, ContractStatus::kActive, {Time{}, kForever}, 1);
  std::vector<SubmitOutcome> outcomes;
  const auto keep = [&](SubmitOutcome outcome) { outcomes.push_back(std::move(outcome)); };
  MessageSpec second = Spec203(1, 2);
  second.number = 2;
  world.pipeline->Submit(world.Signed(Spec203(1, 1)), keep);
  world.pipeline->Submit(world.Signed(second), keep);
  MessageSpec third = Spec203(1, 3);
  third.number = 3;
  world.pipeline->Submit(world.Signed(third, IntakeWorld::kBetaCertificate), keep);
  ASSERT_EQ(outcomes.size(), 1u) << "the second of acme, at once; beta is not touched";
  EXPECT_EQ(outcomes[0].failure.reason(), "intake.provider_overloaded"_reason);
  EXPECT_EQ(outcomes[0].quota_subject, "provider:acme");
  world.store->Flush();
  EXPECT_EQ(outcomes.size(), 3u);
  outcomes.clear();
  EXPECT_EQ(world.Submit(world.Signed(second)).kind, Kind::kReceipt);
}

TEST(Pipeline, RefusesOnceItDrains) {
  IntakeWorld world;
  EXPECT_EQ(world.pipeline->Drain(std::chrono::seconds(1)), 0u);
  EXPECT_EQ(world.Submit(world.Signed(Spec203(1))).failure.reason(), "intake.shutting_down"_reason);
}

TEST(Pipeline, DrainsThoughNobodyReadsAnOutcome) {
  IntakeWorld world;
  std::vector<SubmitOutcome> unread;
  world.pipeline->Submit(world.Signed(Spec203(1)),
                         [&](SubmitOutcome outcome) { unread.push_back(std::move(outcome)); });
  EXPECT_EQ(world.pipeline->Drain({}), 1u) << "not durable yet";
  world.store->Flush();
  ASSERT_EQ(unread.size(), 1u);
  EXPECT_EQ(unread[0].kind, Kind::kReceipt);
  EXPECT_NE(unread[0].place, nullptr);
  EXPECT_EQ(world.pipeline->Drain({}), 0u);
  unread.clear();
}

TEST(Check, SaysWhatASubmitWouldAndStoresNothing) {
  IntakeWorld world;
  const CheckOutcome good = world.Check(world.Signed(Spec203(1)));
  EXPECT_TRUE(good.acceptable) << testing::PrintToString(Rules(good.findings));
  EXPECT_EQ(world.accepted_total(), 0u);
  MessageSpec wrong = Spec203(1);
  wrong.sluong = "2";
  const CheckOutcome bad = world.Check(world.Signed(wrong));
  EXPECT_FALSE(bad.acceptable);
  EXPECT_TRUE(HasError(bad.findings));
  EXPECT_EQ(world.Check(world.Signed(Spec203(1), std::string(64, 'c'))).failure.reason(),
            "intake.unknown_certificate"_reason);
}

TEST(Check, SeesAClaimedInvoice) {
  IntakeWorld world;
  const std::string bytes = world.SignedBytes(Spec203(1));
  ASSERT_EQ(world.Submit(world.Input(bytes)).kind, Kind::kReceipt);
  MessageSpec again = Spec203(1);
  again.number = 77;
  const CheckOutcome outcome = world.Check(world.Signed(again));
  EXPECT_FALSE(outcome.acceptable);
  EXPECT_THAT(Rules(outcome.findings), Contains("intake.invoice_claimed"));
  EXPECT_TRUE(world.Check(world.Input(bytes)).acceptable) << "a repeated submit gets its receipt";
}

}  // namespace
}  // namespace tvan
