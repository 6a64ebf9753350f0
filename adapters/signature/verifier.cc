#include <algorithm>

#include "adapters/signature.h"
#include "adapters/signature/engine.h"
#include "adapters/signature/ids.h"
#include "adapters/signature/policy.h"
#include "adapters/signature/texts.h"
#include "adapters/signature/trust.h"

namespace tvan {
namespace {

class Verifier final : public SignatureVerifier {
 public:
  Verifier(const TrustOptions& options, std::unique_ptr<Trust> trust)
      : options_(options),
        legacy_(options.allow_sha1 ? LegacySha1::kAccept : LegacySha1::kRefuse),
        trust_(std::move(trust)) {}

  SignatureCheck Verify(const XmlDocument& document, const std::vector<SignatureDemand>& demands,
                        Time at) const override {
    SignatureCheck check;
    const IdIndex ids(document);
    check.findings = ids.findings();
    for (const SignatureDemand& demand : demands) {
      SignatureReport report;
      report.role = demand.role;
      auto findings = One(demand, ids, at, &report);
      report.valid = findings.empty() && ids.findings().empty();
      check.reports.push_back(std::move(report));
      std::move(findings.begin(), findings.end(), std::back_inserter(check.findings));
    }
    return check;
  }

 private:
  std::vector<Finding> One(const SignatureDemand& demand, const IdIndex& ids, Time at, SignatureReport* report) const {
    std::vector<Finding> findings;
    if (!demand.signature) {
      findings.push_back(SignatureFinding("signature.missing"_reason, demand.expected_path));
      return findings;
    }
    const SignatureShape shape = ReadSignature(demand, ids, legacy_, &findings);
    // An id that is not unique may mean one node to us and another to the engine.
    if (!findings.empty() || !ids.findings().empty()) return findings;
    for (const SignedReference& r : shape.references) report->covered.push_back(r.target.range());
    const auto signer = trust_->Identify(shape.certificates);
    if (signer == nullptr) {
      findings.push_back(SignatureFinding("signature.certificate"_reason, shape.key_info.path()));
      return findings;
    }
    report->certificate_sha256 = signer->sha256;
    report->subject = signer->subject;
    report->signer_tax_code = signer->tax_code;
    CheckSignerKey(*signer, shape, legacy_, &findings);
    if (!findings.empty()) return findings;
    Crypto(shape, *signer, &findings);
    When(shape, *signer, at, report, &findings);
    return findings;
  }

  void Crypto(const SignatureShape& shape, const SignerCertificate& signer, std::vector<Finding>* findings) const {
    const EngineVerdict verdict = VerifyWithXmlsec(shape, signer.key.get(), legacy_);
    switch (verdict.what) {
      case EngineVerdict::What::kValid:
        return;
      case EngineVerdict::What::kBadDigest: {
        const bool known = verdict.reference < shape.references.size();
        const XmlNode at = known ? shape.references[verdict.reference].target : shape.signature;
        findings->push_back(SignatureFinding("signature.digest"_reason, at.path()));
        return;
      }
      case EngineVerdict::What::kBadValue:
        findings->push_back(SignatureFinding("signature.value"_reason, shape.value.path()));
        return;
      case EngineVerdict::What::kFailed:
        findings->push_back(SignatureFinding("signature.engine"_reason, shape.signature.path()));
    }
  }

  // The certificate is judged at SigningTime, or at `at` when there is none or the switch says so.
  void When(const SignatureShape& shape, const SignerCertificate& signer, Time at, SignatureReport* report,
            std::vector<Finding>* findings) const {
    Time valid_at = at;
    if (shape.signing_time) {
      const auto signed_at = ParseTime(shape.signing_time.Text());
      if (!signed_at.ok()) {
        findings->push_back(SignatureFinding("signature.signing_time_format"_reason, shape.signing_time.path()));
        return;
      }
      report->signing_time = *signed_at;
      if (options_.check_signing_time) {
        valid_at = *signed_at;
        if (*signed_at > at + options_.signing_time_ahead || *signed_at < at - options_.signing_time_behind) {
          findings->push_back(SignatureFinding("signature.time"_reason, shape.signing_time.path()));
        }
      }
    }
    const Status trusted = trust_->Check(signer, shape.certificates, valid_at, at);
    if (!trusted.ok()) {
      findings->push_back(SignatureFinding(trusted.reason(), shape.key_info.path(), trusted.message()));
    }
  }

  const TrustOptions options_;
  const LegacySha1 legacy_;
  std::unique_ptr<Trust> trust_;
};

}  // namespace

Result<std::unique_ptr<SignatureVerifier>> MakeSignatureVerifier(const TrustOptions& options, const Clock& clock) {
  auto trust = Trust::Load(options, clock);
  if (!trust.ok()) return trust.status();
  return std::unique_ptr<SignatureVerifier>(std::make_unique<Verifier>(options, std::move(trust).value()));
}

}  // namespace tvan
