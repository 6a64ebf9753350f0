#include "tests/unit/intake/intake_world.h"
#include "tests/support/profiles.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

#include "adapters/signature/pki.h"

namespace tvan {
namespace {

const Time kNow = *ParseTime("2026-11-21T10:00:00+07:00");

template <class T>
T Take(Result<T> result) {
  if (!result.ok()) std::fprintf(stderr, "%s\n", result.status().ToString().c_str());
  TVAN_CHECK(result.ok());
  return *std::move(result);
}

}  // namespace

// Made once per process: two sellers, one verifier, one seal key.
struct IntakeWorld::Keys {
  std::unique_ptr<TestClock> clock = MakeTestClock(kNow);
  std::unique_ptr<Digester> digester = MakeDigester();
  std::unique_ptr<XmlParser> parser = MakeXmlParser(XmlLimits());
  std::unique_ptr<SignatureVerifier> verifier;
  std::unique_ptr<XmlSigner> seller, nameless;
  std::string folder, nameless_print;

  Keys() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tvan-intake-XXXXXX").string();
    folder = mkdtemp(pattern.data());
    const PkiValidity wide{*ParseTime("2026-01-01T00:00:00Z"), *ParseTime("2030-01-01T00:00:00Z")};
    const auto ca = Take(SandboxCa::Create("Sandbox CA", PkiKey::kEcP256, wide));
    CertificateSpec spec;
    spec.common_name = "Seller";
    spec.tax_code = "0101234567";
    spec.validity = wide;
    const KeyAndCertificate issued = Take(ca->Issue(spec));
    TVAN_CHECK(WritePem(folder + "/ca.pem", ca->pem().certificate_pem, PemKind::kPublic).ok());
    TVAN_CHECK(WritePem(folder + "/seller.pem", issued.certificate_pem, PemKind::kPublic).ok());
    TVAN_CHECK(WritePem(folder + "/seller.key", issued.key_pem, PemKind::kSecret).ok());
    TVAN_CHECK(WritePem(folder + "/seal.key", Take(MakeEd25519KeyPem()), PemKind::kSecret).ok());
    TrustOptions trust;
    trust.trust_files = {folder + "/ca.pem"};
    verifier = Take(MakeSignatureVerifier(trust, *clock));
    seller = Take(MakeXmlSigner(folder + "/seller.key", folder + "/seller.pem"));
    spec.tax_code = "";
    const KeyAndCertificate unnamed = Take(ca->Issue(spec));
    TVAN_CHECK(WritePem(folder + "/nameless.pem", unnamed.certificate_pem, PemKind::kPublic).ok());
    TVAN_CHECK(WritePem(folder + "/nameless.key", unnamed.key_pem, PemKind::kSecret).ok());
    nameless_print = Take(CertificateSha256(unnamed.certificate_pem));
    nameless = Take(MakeXmlSigner(folder + "/nameless.key", folder + "/nameless.pem"));
  }
  ~Keys() { std::filesystem::remove_all(folder); }
};

const IntakeWorld::Keys& IntakeWorld::SharedKeys() {
  static const Keys keys;
  return keys;
}

IntakeWorld::IntakeWorld() : clock(MakeTestClock(kNow)) {
  const Keys& keys = SharedKeys();
  MemoryStoreOptions options;
  options.manual_flush = true;
  store = MakeMemoryStore(options, *clock);
  contracts = Take(ContractBook::Load(*store));
  PutContract("acme", kAcmeCertificate, ContractStatus::kActive, {Time{}, kForever});
  PutContract("beta", kBetaCertificate, ContractStatus::kActive, {Time{}, kForever});
  sealer = Take(Sealer::Load(keys.folder + "/seal.key"));
  MakePipeline([](Pipeline::Options&) {});
  queries = std::make_unique<Queries>(*store, *clock);
}

IntakeWorld::~IntakeWorld() = default;

void IntakeWorld::PutContract(const std::string& provider, const std::string& certificate, ContractStatus status,
                              Dates dates, uint32_t max_in_flight) {
  ProviderContract contract;
  contract.provider = ProviderId::Trusted(provider);
  contract.name = provider;
  contract.status = status;
  contract.dates = dates;
  contract.tax_codes = {TaxCode::Trusted("0109999999")};
  contract.certificates = {BoundCertificate(certificate)};
  contract.max_in_flight = max_in_flight;
  Take(contracts->Put(contract, {"test", "test", clock->Now()}));
  Mandate mandate;
  mandate.provider = contract.provider;
  mandate.mst = TaxCode::Trusted("0101234567");
  Take(contracts->Put(mandate, {"test", "test", clock->Now()}));
}

std::string IntakeWorld::CertificateWithoutTaxCode() { return SharedKeys().nameless_print; }

void IntakeWorld::MakePipeline(const std::function<void(Pipeline::Options&)>& change, const XmlParser* parser,
                               const SignatureVerifier* verifier) {
  const Keys& keys = SharedKeys();
  Pipeline::Options options;
  options.our_mst = TaxCode::Trusted("0309478306");
  options.message_id_key = "a key of at least thirty-two bytes";
  change(options);
  own_validator = Validator::Make({.profiles = TestProfiles()}, parser != nullptr ? *parser : *keys.parser,
                                  verifier != nullptr ? *verifier : *keys.verifier, *digester);
  pipeline = Pipeline::Make(
      options, {*contracts, *own_validator, *sealer, *digester, *store, compute, *clock, *metrics,
                [this](const Status& outcome) { store_outcomes.push_back(outcome); },
                [this](Rejection rejection) { rejections.push_back(std::move(rejection)); },
                [this](MessageClass cls, Time now) { return refused_for ? refused_for(cls, now) : std::nullopt; }});
}

SubmitInput IntakeWorld::Bare(int message_type, const std::string& client_reference) const {
  static const std::string hdon = MakeBareHDon(InvoiceSpec(), SharedKeys().seller.get(), kNow);
  SubmitInput input = Input(hdon);
  input.form = WrappingPlan::Form::kBareHDon;
  input.submission.message_type = message_type;
  input.submission.client_reference = client_reference;
  return input;
}

SubmitInput IntakeWorld::Input(std::string bytes, const std::string& certificate) const {
  SubmitInput input;
  input.certificate = certificate;
  input.submission.bytes = std::move(bytes);
  return input;
}

std::string IntakeWorld::SignedBytes(MessageSpec spec, SignedWith with) const {
  spec.signing_time = kNow;
  const Keys& keys = SharedKeys();
  return MakeTDiep(spec, with == SignedWith::kTaxCode ? keys.seller.get() : keys.nameless.get());
}

SubmitInput IntakeWorld::Signed(const MessageSpec& spec, const std::string& certificate) const {
  return Input(SignedBytes(spec), certificate);
}

SubmitOutcome IntakeWorld::Submit(SubmitInput input) {
  std::vector<SubmitOutcome> outcomes;
  pipeline->Submit(std::move(input), [&](SubmitOutcome outcome) { outcomes.push_back(std::move(outcome)); });
  store->Flush();
  EXPECT_EQ(outcomes.size(), 1u) << "exactly one answer";
  return outcomes.at(0);
}

CheckOutcome IntakeWorld::Check(SubmitInput input) {
  std::vector<CheckOutcome> outcomes;
  pipeline->Check(std::move(input), [&](CheckOutcome outcome) { outcomes.push_back(std::move(outcome)); });
  EXPECT_EQ(outcomes.size(), 1u) << "exactly one answer";
  return outcomes.at(0);
}

std::vector<std::string> Rules(const std::vector<Finding>& findings) {
  std::vector<std::string> rules;
  for (const Finding& finding : findings) {
    rules.emplace_back(finding.rule.text());
    for (const std::string& text : {finding.text_vi, finding.text_en})
      EXPECT_THAT(text, testing::Not(testing::HasSubstr("{"))) << "a value is missing";
  }
  return rules;
}

}  // namespace tvan
