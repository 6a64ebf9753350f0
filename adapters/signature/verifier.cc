#include <algorithm>

#include "adapters/signature.h"
#include "adapters/signature/engine.h"
#include "adapters/signature/ids.h"
#include "adapters/signature/policy.h"
#include "adapters/signature/projection.h"
#include "adapters/signature/trust.h"

namespace tvan {
namespace {

// All signatures of a document together may canonicalise this many times its bytes: three signatures of four References
// over all of it, and some more. Without a bound a hostile package costs the square of its size.
constexpr size_t kWorkFactor = 24;
constexpr size_t kWorkFloor = 1024 * 1024;

// One call of Verify.
struct Round {
  const IdIndex& ids;
  Time at;
  size_t work_left;  // bytes
};

class Verifier final : public SignatureVerifier {
 public:
  Verifier(const TrustOptions& options, std::unique_ptr<Trust> trust)
      : options_(options),
        legacy_(options.allow_sha1 ? LegacySha1::kAccept : LegacySha1::kRefuse),
        trust_(std::move(trust)) {}

  SignatureCheck Verify(const XmlDocument& document, const std::vector<SignatureDemand>& demands,
                        Time at) const override {
    const QuietErrors quiet;
    SignatureCheck check;
    const IdIndex ids(document);
    check.faults = ids.faults();
    Round round{ids, at, std::max(kWorkFloor, kWorkFactor * document.bytes().size())};
    for (const SignatureDemand& demand : demands) {
      SignatureReport report;
      report.role = demand.role;
      auto faults = One(demand, &round, &report);
      report.valid = faults.empty() && ids.faults().empty();
      check.reports.push_back(std::move(report));
      std::move(faults.begin(), faults.end(), std::back_inserter(check.faults));
    }
    return check;
  }

 private:
  std::vector<Fault> One(const SignatureDemand& demand, Round* round, SignatureReport* report) const {
    std::vector<Fault> faults;
    if (!demand.signature) {
      faults.push_back({"signature.missing"_reason, demand.expected_path});
      return faults;
    }
    // An id that is not unique may mean one node to us and another to the engine: nothing further is looked at.
    if (!round->ids.faults().empty()) return faults;
    const SignatureShape shape = ReadSignature(demand, round->ids, legacy_, &faults);
    if (!faults.empty()) return faults;
    for (const SignedReference& r : shape.references) report->covered.push_back(r.target.range());
    const auto signer = trust_->Identify(shape.certificates);
    if (signer == nullptr) {
      faults.push_back({"signature.certificate"_reason, shape.key_info.path()});
      return faults;
    }
    report->certificate_sha256 = signer->sha256;
    report->subject = signer->subject;
    report->signer_tax_code = signer->tax_code;
    CheckSignerKey(*signer, shape, legacy_, &faults);
    if (!faults.empty()) return faults;
    Crypto(shape, *signer, round, &faults);
    When(shape, *signer, round->at, report, &faults);
    return faults;
  }

  void Crypto(const SignatureShape& shape, const SignerCertificate& signer, Round* round,
              std::vector<Fault>* faults) const {
    const Projection projection = ProjectSignature(shape, *parser_);
    const size_t work = projection.size * (shape.references.size() + 1);
    if (work > round->work_left) {
      faults->push_back({"signature.too_much_work"_reason, shape.signature.path()});
      return;
    }
    round->work_left -= work;
    const EngineVerdict verdict = VerifyWithXmlsec(shape, projection.signature, signer.key.get(), legacy_);
    switch (verdict.what) {
      case EngineVerdict::What::kValid:
        return;
      case EngineVerdict::What::kBadDigest: {
        const bool known = verdict.reference < shape.references.size();
        const XmlNode at = known ? shape.references[verdict.reference].target : shape.signature;
        faults->push_back({"signature.digest"_reason, at.path()});
        return;
      }
      case EngineVerdict::What::kBadValue:
        faults->push_back({"signature.value"_reason, shape.value.path()});
        return;
      case EngineVerdict::What::kFailed:
        faults->push_back({"signature.engine"_reason, shape.signature.path()});
    }
  }

  // The certificate is judged at SigningTime, or at `at` when there is none or the switch says so.
  void When(const SignatureShape& shape, const SignerCertificate& signer, Time at, SignatureReport* report,
            std::vector<Fault>* faults) const {
    Time valid_at = at;
    if (shape.signing_time) {
      const auto signed_at = ParseTime(shape.signing_time.Text());
      if (!signed_at.ok()) {
        faults->push_back({"signature.signing_time_format"_reason, shape.signing_time.path()});
        return;
      }
      report->signing_time = *signed_at;
      if (options_.check_signing_time) {
        valid_at = *signed_at;
        if (*signed_at > at + options_.signing_time_ahead || *signed_at < at - options_.signing_time_behind) {
          faults->push_back({"signature.time"_reason, shape.signing_time.path()});
        }
      }
    }
    const Status trusted = trust_->Check(signer, shape.certificates, valid_at, at);
    if (!trusted.ok()) {
      faults->push_back({trusted.reason(), shape.key_info.path(), {trusted.message()}});
    }
  }

  const TrustOptions options_;
  const LegacySha1 legacy_;
  std::unique_ptr<Trust> trust_;
  std::unique_ptr<XmlParser> parser_ = MakeXmlParser(XmlLimits());  // for projections
};

}  // namespace

Result<std::unique_ptr<SignatureVerifier>> MakeSignatureVerifier(const TrustOptions& options, const Clock& clock) {
  auto trust = Trust::Load(options, clock);
  if (!trust.ok()) return trust.status();
  return std::unique_ptr<SignatureVerifier>(std::make_unique<Verifier>(options, std::move(trust).value()));
}

}  // namespace tvan
