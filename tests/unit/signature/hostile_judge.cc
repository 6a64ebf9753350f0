#include "tests/unit/signature/hostile_judge.h"

#include "gateway/core/catalogue.h"
#include "gateway/validate/answer.h"
#include "gateway/validate/signature_places.h"
#include "gateway/validate/validator.h"
#include "tests/support/profiles.h"

namespace tvan {
namespace {

const Clock& SystemClock() {
  static const auto clock = MakeSystemClock();
  return *clock;
}

const XmlParser& Parser() {
  static const auto parser = MakeXmlParser(XmlLimits());
  return *parser;
}

const SignatureVerifier& Production() {
  static const auto verifier = MakeSignatureVerifier(HostileKeys::Get().trust(), SystemClock());
  return **verifier;
}

Time Now() { return HostileKeys::Get().now; }

void AddErrors(const std::vector<Finding>& findings, Rules* out) {
  for (const Finding& f : findings)
    if (f.severity == Severity::kError) out->emplace(f.rule.text());
}

// Keeps what was found of the demands that the reader of answers made.
class Listener final : public SignatureVerifier {
 public:
  explicit Listener(const SignatureVerifier& verifier) : verifier_(verifier) {}
  SignatureCheck Verify(const XmlDocument& document, const std::vector<SignatureDemand>& demands,
                        const VerifyContext& context) const override {
    SignatureCheck check = verifier_.Verify(document, demands, context);
    for (const Fault& fault : check.faults) heard_.emplace(fault.rule.text());
    return check;
  }
  const Rules& heard() const { return heard_; }

 private:
  const SignatureVerifier& verifier_;
  mutable Rules heard_;
};

Rules OfAnswer(const std::string& bytes, const SignatureVerifier& verifier) {
  const Listener listener(verifier);
  AnswerReader::Make(Parser(), listener)->Read(bytes, Now());
  return listener.heard();
}

Rules OfSubmission(int type, const XmlDocument& document, const SignatureVerifier& verifier) {
  FindingList findings;
  const auto demands = FindDemands(document.root(), *FindMessageType(type), findings);
  Rules rules;
  AddErrors(findings.Take(), &rules);
  for (const Fault& fault : verifier.Verify(document, demands, Now()).faults) rules.emplace(fault.rule.text());
  return rules;
}

}  // namespace

std::string Joined(const Rules& rules) {
  std::string all;
  for (const std::string& rule : rules) all += (all.empty() ? "" : " ") + rule;
  return all.empty() ? "ok" : all;
}

bool Fits(const Rules& rules, const std::string& expected) {
  if (expected == kEither) return true;
  if (expected.empty()) return rules.empty();
  for (size_t at = 0; at < expected.size();) {
    const size_t end = std::min(expected.find('|', at), expected.size());
    if (rules.count(expected.substr(at, end - at)) != 0) return true;
    at = end + 1;
  }
  return false;
}

Rules SignatureRules(const SignedMessage& message, const std::string& bytes, const SignatureVerifier& verifier,
                     const XmlLimits& limits) {
  const auto document = MakeXmlParser(limits)->Parse(bytes);
  if (!document.ok()) return {std::string(document.status().reason().text())};
  return message.answer ? OfAnswer(bytes, verifier) : OfSubmission(message.type, **document, verifier);
}

Rules GatewayRules(const SignedMessage& message, const std::string& bytes) {
  if (message.answer) {
    const std::string annotation = AnswerReader::Make(Parser(), Production())->Read(bytes, Now()).annotation;
    return annotation == "VERIFIED" ? Rules() : Rules{"answer." + annotation};
  }
  static const auto digester = MakeDigester();
  static const auto validator = Validator::Make({.profiles = TestProfiles()}, Parser(), Production(), *digester);
  CheckContext context;
  context.our_mst = TaxCode::Trusted("0309478306");
  context.provider_tax_codes = {TaxCode::Trusted("0109999999")};
  context.accepted_at = Now();
  context.gateway_id = MessageId::Trusted("V030947830612345678123441238123123456789ABC");
  Rules rules;
  const ReadResult read = validator->Read({bytes, 0, {}});
  AddErrors(read.findings, &rules);
  if (read.message) AddErrors(validator->Check(*read.message, context).findings, &rules);
  return rules;
}

}  // namespace tvan
