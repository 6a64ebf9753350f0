// What contract, mandate and configuration say of signatures reaches the check, and what was let pass the receipt.
#include <gmock/gmock.h>

#include "tests/support/held_signature.h"
#include "tests/unit/intake/intake_world.h"

namespace tvan {
namespace {

using std::chrono::hours;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Kind = SubmitOutcome::Kind;

const ProviderId kAcme = ProviderId::Trusted("acme");

void Put(IntakeWorld& world, const std::function<void(ProviderContract&)>& change) {
  ProviderContract contract = *world.contracts->snapshot()->Find(kAcme);
  change(contract);
  ASSERT_TRUE(world.contracts->Put(contract, {"test", "test", world.clock->Now()}).ok());
}

void Put(IntakeWorld& world, const std::function<void(Mandate&)>& change) {
  Mandate mandate = *world.contracts->snapshot()->FindMandate(kAcme, TaxCode::Trusted("0101234567"));
  change(mandate);
  ASSERT_TRUE(world.contracts->Put(mandate, {"test", "test", world.clock->Now()}).ok());
}

// Every signature is of SHA-1, and has the quirk as well.
class OldStack final : public SignatureVerifier {
 public:
  SignatureCheck Verify(const XmlDocument&, const std::vector<SignatureDemand>& demands,
                        const VerifyContext& context) const override {
    SignatureCheck check;
    for (const SignatureDemand& demand : demands) {
      SignatureReport report = HeldReport(demand);
      report.marks = {"legacy_sha1", "enveloped_on_object"};
      report.valid = context.allowed.legacy_sha1 && context.allowed.enveloped_on_object;
      if (!context.allowed.legacy_sha1) check.faults.push_back({"signature.sha1"_reason, ""});
      if (!context.allowed.enveloped_on_object) check.faults.push_back({"signature.enveloped_on_object"_reason, ""});
      check.reports.push_back(std::move(report));
    }
    return check;
  }
};

TEST(PipelineSigners, WhatTheContractAllowsIsWarnedOfAndMarkedOnTheReceipt) {
  IntakeWorld world;
  const OldStack verifier;
  const std::string bytes = world.SignedBytes(Spec203(1));
  world.MakePipeline([](Pipeline::Options&) {}, nullptr, &verifier);
  EXPECT_THAT(Rules(world.Submit(world.Input(bytes)).findings),
              ElementsAre("signature.sha1", "signature.enveloped_on_object"));
  Put(world, [](ProviderContract& c) { c.allow_legacy_sha1 = true; });
  EXPECT_THAT(Rules(world.Submit(world.Input(bytes)).findings), ElementsAre("signature.enveloped_on_object"));
  Put(world, [](ProviderContract& c) { c.allow_enveloped_on_object = true; });
  const SubmitOutcome passed = world.Submit(world.Input(bytes));
  ASSERT_EQ(passed.kind, Kind::kReceipt) << testing::PrintToString(Rules(passed.findings));
  EXPECT_THAT(Rules(passed.findings),
              ElementsAre("signature.accepted_legacy_sha1", "signature.accepted_enveloped_on_object"));
  EXPECT_THAT(*Unseal(passed.receipt.jws, kReceiptType, world.sealer->KeySetJson()),
              HasSubstr(R"("signature_marks":["enveloped_on_object","legacy_sha1"])"));
  EXPECT_THAT(passed.receipt.signature_marks, ElementsAre("enveloped_on_object", "legacy_sha1"));
  const SubmitOutcome again = world.Submit(world.Input(bytes));
  EXPECT_EQ(again.receipt.jws, passed.receipt.jws);
  EXPECT_EQ(again.receipt.signature_marks, passed.receipt.signature_marks);
  EXPECT_THAT(Rules(world.Submit(world.Signed(Spec203(1, 2), IntakeWorld::kBetaCertificate)).findings),
              ElementsAre("signature.sha1", "signature.enveloped_on_object"))
      << "another provider's contract allows nothing";
}

TEST(PipelineSigners, AReceiptWithoutAllowancesHasNoMarks) {
  IntakeWorld world;
  Put(world, [](ProviderContract& c) { c.allow_legacy_sha1 = c.allow_enveloped_on_object = true; });
  const SubmitOutcome outcome = world.Submit(world.Signed(Spec203(1)));
  ASSERT_EQ(outcome.kind, Kind::kReceipt);
  EXPECT_THAT(outcome.findings, IsEmpty());
  EXPECT_THAT(*Unseal(outcome.receipt.jws, kReceiptType, world.sealer->KeySetJson()),
              Not(HasSubstr("signature_marks")));
}

TEST(PipelineSigners, ACertificateThatTheMandateRegistersIsTheTaxpayers) {
  IntakeWorld world;
  world.MakePipeline([](Pipeline::Options& options) { options.unknown_signer = Leniency::kRefuse; });
  const std::string bytes = world.SignedBytes(Spec203(1), IntakeWorld::SignedWith::kNoTaxCode);
  EXPECT_THAT(Rules(world.Submit(world.Input(bytes)).findings), ElementsAre("signature.signer_unknown"));
  Put(world, [](Mandate& m) { m.signer_certificates = {IntakeWorld::CertificateWithoutTaxCode()}; });
  const SubmitOutcome accepted = world.Submit(world.Input(bytes));
  ASSERT_EQ(accepted.kind, Kind::kReceipt) << testing::PrintToString(Rules(accepted.findings));
  EXPECT_THAT(accepted.findings, IsEmpty());
  const MessageView stored = world.store->Find({.gateway_id = accepted.receipt.gateway_id})->messages.front();
  EXPECT_THAT(stored.meta.contract_version, HasSubstr("mandate/acme/0101234567@2")) << "which mandate decided";
  EXPECT_THAT(Rules(world
                        .Submit(world.Input(world.SignedBytes(Spec203(1, 2), IntakeWorld::SignedWith::kNoTaxCode),
                                            IntakeWorld::kBetaCertificate))
                        .findings),
              Contains("signature.signer_unknown"))
      << "the mandate with another provider says nothing";
}

// The seller's certificate names 0101234567; this message is of another taxpayer.
TEST(PipelineSigners, ADelegateThatTheMandateNamesMaySignInvoices) {
  IntakeWorld world;
  const TaxCode other = TaxCode::Trusted("0102222222");
  Mandate mandate = *world.contracts->snapshot()->FindMandate(kAcme, TaxCode::Trusted("0101234567"));
  mandate.mst = other;
  ASSERT_TRUE(world.contracts->Put(mandate, {"test", "test", world.clock->Now()}).ok());
  const auto submit = [&] {
    MessageSpec spec = Spec203(1);
    spec.mst = other.value();
    for (InvoiceSpec& invoice : spec.invoices) invoice.mst = other.value();
    return world.Submit(world.Signed(spec));
  };
  EXPECT_THAT(Rules(submit().findings), ElementsAre("signature.signer_mismatch"));
  mandate.delegates = {TaxCode::Trusted("0101234567")};
  ASSERT_TRUE(world.contracts->Put(mandate, {"test", "test", world.clock->Now()}).ok());
  const SubmitOutcome accepted = submit();
  EXPECT_EQ(accepted.kind, Kind::kReceipt) << testing::PrintToString(Rules(accepted.findings));
  EXPECT_THAT(accepted.findings, IsEmpty());
}

TEST(PipelineSigners, SigningTimeMayLieBehindAsFarAsItsClassAllows) {
  IntakeWorld world;
  world.MakePipeline(
      [](Pipeline::Options& options) { options.signing_time_behind[MessageClass::kUncoded] = hours(2); });
  const SubmitInput uncoded = world.Signed(Spec203(1)), late = world.Signed(Spec203(1, 2)),
                    coded = world.Signed(Spec200());
  world.clock->AdvanceBy(hours(1));
  EXPECT_EQ(world.Submit(uncoded).kind, Kind::kReceipt);
  world.clock->AdvanceBy(hours(2));
  EXPECT_THAT(Rules(world.Submit(late).findings), ElementsAre("signature.time"));
  EXPECT_EQ(world.Submit(coded).kind, Kind::kReceipt) << "its class has no bound of its own";
}

}  // namespace
}  // namespace tvan
