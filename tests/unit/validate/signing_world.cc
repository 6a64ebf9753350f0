#include "tests/unit/validate/signing_world.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "adapters/signature/pki.h"

namespace tvan {
namespace {

template <class T>
T Must(Result<T> result) {
  if (!result.ok()) {
    std::fprintf(stderr, "signing_world: %s\n", result.status().ToString().c_str());
    std::abort();
  }
  return std::move(*result);
}

void Must(const Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "signing_world: %s\n", status.ToString().c_str());
  std::abort();
}

PkiValidity Years() { return {*ParseTime("2025-01-01T00:00:00+07:00"), *ParseTime("2030-01-01T00:00:00+07:00")}; }

std::map<std::string, std::unique_ptr<SandboxCa>>& Authorities() {
  static std::map<std::string, std::unique_ptr<SandboxCa>> made;
  return made;
}

}  // namespace

SigningWorld& SigningWorld::Get() {
  static SigningWorld world;
  return world;
}

SigningWorld::SigningWorld() {
  std::string name = (std::filesystem::temp_directory_path() / "tvan_validate_XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) std::abort();
  folder = name;
  trust_file = folder + "/ca.pem";
  clock = MakeSystemClock();
  parser = MakeXmlParser(XmlLimits());
  digester = MakeDigester();
  for (const char* ca : {"ca", "strange"}) Authorities()[ca] = Must(SandboxCa::Create(ca, PkiKey::kEcP256, Years()));
  Must(WritePem(trust_file, Authorities()["ca"]->pem().certificate_pem, PemKind::kPublic));
  seller = MakeSigner("seller", "0101234567", "ca");
  delegate = MakeSigner("delegate", "0107777777", "ca");
  nameless = MakeSigner("nameless", "", "ca");
  untrusted = MakeSigner("untrusted", "0101234567", "strange");
  authority = MakeSigner("authority", "", "ca");
  TrustOptions trust;
  trust.trust_files = {trust_file};
  verifier = Must(MakeSignatureVerifier(trust, *clock));
  validator = Validator::Make({.profiles = TestProfiles()}, *parser, *verifier, *digester);
  reader = AnswerReader::Make(*parser, *verifier, TestProfiles());
}

SigningWorld::~SigningWorld() { std::filesystem::remove_all(folder); }

std::unique_ptr<XmlSigner> SigningWorld::MakeSigner(const std::string& name, const std::string& tax_code,
                                                    const std::string& ca) {
  CertificateSpec spec;
  spec.common_name = name;
  spec.tax_code = tax_code;
  spec.validity = Years();
  const KeyAndCertificate made = Must(Authorities()[ca]->Issue(spec));
  const std::string key = folder + "/" + name + ".key", certificate = folder + "/" + name + ".pem";
  Must(WritePem(key, made.key_pem, PemKind::kSecret));
  Must(WritePem(certificate, made.certificate_pem, PemKind::kPublic));
  return Must(MakeXmlSigner(key, certificate));
}

CheckContext SigningWorld::context() const {
  CheckContext context;
  context.our_mst = our_mst;
  context.provider_tax_codes = {provider_mst};
  context.accepted_at = now;
  context.gateway_id = gateway_id();
  return context;
}

std::vector<std::string> SigningWorld::Outcome::rules(Severity severity) const {
  std::vector<std::string> rules;
  for (const auto* findings : {&read.findings, &checked.findings})
    for (const Finding& f : *findings) {
      EXPECT_FALSE(f.text_vi.empty()) << f.rule.text();
      EXPECT_FALSE(f.text_en.empty()) << f.rule.text();
      EXPECT_EQ((f.text_vi + f.text_en).find('{'), std::string::npos) << f.rule.text() << ": a value is missing";
      EXPECT_LT(f.text_vi.size() + f.text_en.size(), 2000u) << "an echo without bounds";
      if (f.severity == severity) rules.emplace_back(f.rule.text());
    }
  return rules;
}

const Finding* SigningWorld::Outcome::Find(const std::string& rule) const {
  for (const auto* findings : {&read.findings, &checked.findings})
    for (const Finding& f : *findings)
      if (f.rule.text() == rule) return &f;
  return nullptr;
}

SigningWorld::Outcome SigningWorld::Run(Submission submission, const CheckContext& context) const {
  Outcome outcome;
  outcome.read = validator->Read(std::move(submission));
  if (outcome.read.message) outcome.checked = validator->Check(*outcome.read.message, context);
  return outcome;
}

SigningWorld::Outcome SigningWorld::RunSigned(MessageSpec spec, const CheckContext& context) const {
  if (spec.signing_time == Time()) spec.signing_time = now;
  return Run(Submission{MakeTDiep(spec, seller.get()), 0, {}}, context);
}

}  // namespace tvan
