// Who signed, by certificate, mandate and invoice; and what a contract lets pass.
#include "gateway/validate/signers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "adapters/signature/pki.h"
#include "tests/support/held_signature.h"
#include "tests/unit/validate/signing_world.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

SigningWorld& W() { return SigningWorld::Get(); }

std::string PrintOf(const std::string& name) {
  std::ifstream in(W().folder + "/" + name + ".pem", std::ios::binary);
  const auto print = CertificateSha256(std::string{std::istreambuf_iterator<char>(in), {}});
  EXPECT_TRUE(print.ok()) << name;
  return print.ok() ? *print : "";
}

// Of a mandate that registers these certificates and delegates, where an unknown signer is refused.
CheckContext With(std::vector<std::string> certificates, const std::vector<std::string>& delegates = {}) {
  CheckContext context = W().context();
  context.unknown_signer = Leniency::kRefuse;
  context.registered_certificates = std::move(certificates);
  for (const std::string& code : delegates) context.delegates.push_back(TaxCode::Trusted(code));
  return context;
}

SigningWorld::Outcome Judge(MessageSpec spec, const XmlSigner& signer, const CheckContext& context) {
  spec.signing_time = W().now;
  return W().Run({MakeTDiep(spec, &signer), 0, {}}, context);
}

// An invoice that says itself that this one issues it.
MessageSpec Naming(const std::string& delegate) {
  MessageSpec spec = Spec203(1);
  spec.invoices[0].related = "<MSTDVNUNLHDon>" + delegate +
                             "</MSTDVNUNLHDon><TDVNUNLHDon>Công ty Nhận Ủy Nhiệm</TDVNUNLHDon>"
                             "<DCDVNUNLHDon>Hà Nội</DCDVNUNLHDon>";
  return spec;
}

TEST(Signers, ARegisteredCertificateIsTheTaxpayersWhateverItNames) {
  for (const MessageSpec& spec : {Spec203(2), Spec206(1), Spec300(1)}) {
    const auto other = Judge(spec, *W().delegate, With({PrintOf("delegate")}));
    EXPECT_THAT(other.errors(), IsEmpty()) << spec.type;
    EXPECT_THAT(other.warnings(), IsEmpty()) << spec.type;
    const auto nameless = Judge(spec, *W().nameless, With({PrintOf("seller"), PrintOf("nameless")}));
    EXPECT_THAT(nameless.errors(), IsEmpty()) << spec.type;
    EXPECT_THAT(nameless.warnings(), IsEmpty()) << spec.type;
  }
}

TEST(Signers, AnotherRegisteredCertificateSpeaksForNobody) {
  EXPECT_THAT(Judge(Spec203(1), *W().delegate, With({PrintOf("nameless")})).errors(),
              ElementsAre("signature.signer_mismatch"));
  EXPECT_THAT(Judge(Spec203(1), *W().nameless, With({PrintOf("delegate")})).errors(),
              ElementsAre("signature.signer_unknown"));
  EXPECT_THAT(Judge(Spec203(1), *W().seller, With({PrintOf("delegate")})).errors(), IsEmpty())
      << "by its tax code, as ever";
}

TEST(Signers, ARegisteredCertificateMustBeTrustedAllTheSame) {
  EXPECT_THAT(Judge(Spec203(1), *W().untrusted, With({PrintOf("untrusted")})).errors(),
              ElementsAre("signature.untrusted"));
}

TEST(Signers, ADelegateOfTheMandateSignsInvoicesWithoutAWarning) {
  for (const MessageSpec& spec : {Spec203(1), Naming("0107777777")}) {
    const auto outcome = Judge(spec, *W().delegate, With({}, {"0108888888", "0107777777"}));
    EXPECT_THAT(outcome.errors(), IsEmpty());
    EXPECT_THAT(outcome.warnings(), IsEmpty());
  }
  EXPECT_THAT(Judge(Spec203(1), *W().delegate, With({}, {"0108888888"})).errors(),
              ElementsAre("signature.signer_mismatch"));
}

// Whoever has a trusted certificate could write itself into the invoices of anybody.
TEST(Signers, ADelegateThatTheInvoiceAloneNamesIsRefusedInProductionAndAWarningInTheSandbox) {
  const CheckContext production = With({}, {"0108888888"});
  CheckContext sandbox = production;
  sandbox.unknown_signer = Leniency::kWarn;
  const auto refused = Judge(Naming("0107777777"), *W().delegate, production);
  EXPECT_THAT(refused.errors(), ElementsAre("signature.delegate_unregistered"));
  EXPECT_THAT(refused.warnings(), IsEmpty());
  const auto warned = Judge(Naming("0107777777"), *W().delegate, sandbox);
  EXPECT_THAT(warned.errors(), IsEmpty());
  EXPECT_THAT(warned.warnings(), ElementsAre("signature.delegate_unregistered"));
  EXPECT_THAT(Judge(Naming("0107777777"), *W().delegate, With({}, {"0107777777"})).errors(), IsEmpty())
      << "once it is registered";
  EXPECT_THAT(Judge(Naming("0107777777"), *W().seller, production).errors(), IsEmpty()) << "the seller itself";
}

TEST(Signers, ADelegateOfTheMandateDoesNotSignWhereTheInvoiceNamesAnother) {
  EXPECT_THAT(Judge(Naming("0108888888"), *W().delegate, With({}, {"0107777777"})).errors(),
              ElementsAre("signature.signer_mismatch"));
  EXPECT_THAT(Judge(Naming("0108888888"), *W().seller, With({}, {"0107777777"})).errors(), IsEmpty())
      << "the seller may always";
}

TEST(Signers, ADelegateSignsInvoicesAlone) {
  for (const MessageSpec& spec : {Spec206(1), Spec300(1)})
    EXPECT_THAT(Judge(spec, *W().delegate, With({}, {"0107777777"})).errors(), ElementsAre("signature.signer_mismatch"))
        << spec.type;
}

// Accepts by the allowances it is given, and says for whom it was asked.
class Lenient final : public SignatureVerifier {
 public:
  SignatureCheck Verify(const XmlDocument&, const std::vector<SignatureDemand>& demands,
                        const VerifyContext& context) const override {
    asked.push_back(context);
    SignatureCheck check;
    for (const SignatureDemand& demand : demands) {
      SignatureReport report = HeldReport(demand);
      report.valid = context.allowed.legacy_sha1;
      report.marks = {"legacy_sha1"};
      if (context.allowed.enveloped_on_object) report.marks.emplace_back("enveloped_on_object");
      if (!report.valid) check.faults.push_back({"signature.sha1"_reason, demand.signature.path()});
      check.reports.push_back(std::move(report));
    }
    return check;
  }
  mutable std::vector<VerifyContext> asked;
};

class AllowancesTest : public ::testing::Test {
 protected:
  // As the provider's contract has it; two invoices, each signed.
  CheckedMessage Check(SignatureAllowances allowed) {
    CheckContext context = W().context();
    context.allowed = allowed;
    context.signing_time_behind = std::chrono::hours(7);
    MessageSpec spec = Spec203(2);
    spec.signing_time = W().now;
    const ReadResult read = validator_->Read({MakeTDiep(spec, W().seller.get()), 0, {}});
    EXPECT_TRUE(read.message);
    return validator_->Check(*read.message, context);
  }
  static std::vector<std::string> Rules(const CheckedMessage& checked) {
    std::vector<std::string> rules;
    for (const Finding& finding : checked.findings) {
      EXPECT_EQ(finding.severity == Severity::kError, finding.rule == "signature.sha1"_reason);
      rules.emplace_back(finding.rule.text());
    }
    return rules;
  }
  Lenient verifier_;
  const std::unique_ptr<Validator> validator_ =
      Validator::Make({.profiles = TestProfiles()}, *W().parser, verifier_, *W().digester);
};

TEST_F(AllowancesTest, ThatWereUsedAreSaidOnceAndMarked) {
  const CheckedMessage checked = Check({.legacy_sha1 = true, .enveloped_on_object = true});
  EXPECT_THAT(Rules(checked), ElementsAre("signature.accepted_legacy_sha1", "signature.accepted_enveloped_on_object"));
  EXPECT_EQ(checked.findings[0].path, "/TDiep/DLieu/HDon[1]/DSCKS/NBan/Signature") << "the first of the two";
  EXPECT_THAT(checked.signature_marks, ElementsAre("enveloped_on_object", "legacy_sha1"));
}

TEST_F(AllowancesTest, ThatWereNotUsedAreNotSaid) {
  const CheckedMessage checked = Check({.legacy_sha1 = true});
  EXPECT_THAT(Rules(checked), ElementsAre("signature.accepted_legacy_sha1"));
  EXPECT_THAT(checked.signature_marks, ElementsAre("legacy_sha1"));
}

TEST_F(AllowancesTest, AreNoneWithoutAContractThatGivesThem) {
  const CheckedMessage checked = Check({});
  EXPECT_THAT(Rules(checked), ElementsAre("signature.sha1", "signature.sha1"));
  EXPECT_THAT(checked.signature_marks, IsEmpty()) << "what is refused has no marks";
}

TEST_F(AllowancesTest, ReachTheVerifierWithTheTimeAndTheBoundOfTheClass) {
  Check({.legacy_sha1 = true});
  ASSERT_EQ(verifier_.asked.size(), 1u);
  EXPECT_EQ(verifier_.asked[0].at, W().now);
  EXPECT_EQ(verifier_.asked[0].signing_time_behind, Span(std::chrono::hours(7)));
  EXPECT_TRUE(verifier_.asked[0].allowed.legacy_sha1);
  EXPECT_FALSE(verifier_.asked[0].allowed.enveloped_on_object);
}

}  // namespace
}  // namespace tvan
