#include "adapters/signature/verifier.h"

#include <algorithm>
#include <iterator>
#include <mutex>

#include "adapters/signature/engine.h"
#include "adapters/signature/ids.h"
#include "adapters/signature/projection.h"
#include "adapters/signature/trust.h"

namespace tvan {
namespace {

// All signatures of a document together may canonicalise this many times its bytes: three signatures of four References
// over all of it, and some more. Without a bound a hostile package costs the square of its size.
constexpr size_t kWorkFactor = 24;
constexpr size_t kWorkFloor = 1024 * 1024;
// In force at one element. Each is looked up for each declaration below it; real messages have fewer than ten.
constexpr size_t kMaxDeclarations = 64;

// One call of Verify.
struct Round {
  const IdIndex& ids;
  const VerifyContext& context;
  const Policy policy;
  const std::shared_ptr<Trust> trust;
  size_t work_left;  // bytes
};

class Verifier final : public SignatureVerifier {
 public:
  Verifier(const VerifierParts& parts, const TrustOptions& options, const Clock& clock, std::shared_ptr<Trust> trust)
      : parts_(parts), options_(options), clock_(clock), trust_(std::move(trust)) {}

  SignatureCheck Verify(const XmlDocument& document, const std::vector<SignatureDemand>& demands,
                        const VerifyContext& context) const override {
    const QuietErrors quiet;
    SignatureCheck check;
    const IdIndex ids(document);
    if (On(PolicySwitch::kIdUnique)) check.faults = ids.faults();
    if (ids.most_declarations() > kMaxDeclarations && On(PolicySwitch::kNamespaces))
      check.faults.push_back({"signature.too_much_work"_reason, document.root().path()});
    const bool readable = check.faults.empty();
    const SignatureAllowances allowed{options_.allowed.legacy_sha1 || context.allowed.legacy_sha1,
                                      options_.allowed.enveloped_on_object || context.allowed.enveloped_on_object};
    Round round{
        ids, context, {allowed, parts_.switches}, trust(), std::max(kWorkFloor, kWorkFactor * document.bytes().size())};
    for (const SignatureDemand& demand : demands) {
      SignatureReport report;
      report.role = demand.role;
      std::vector<Fault> faults;
      // An id that is not unique may mean one node to us and another to an engine: nothing further is looked at.
      if (!demand.signature)
        faults.push_back({"signature.missing"_reason, demand.expected_path});
      else if (readable)
        faults = One(demand, &round, &report);
      report.valid = faults.empty() && readable;
      check.reports.push_back(std::move(report));
      std::move(faults.begin(), faults.end(), std::back_inserter(check.faults));
    }
    return check;
  }

  Result<bool> Reload() override {
    auto fresh = Trust::Load(options_, clock_, parts_.switches);
    if (!fresh.ok()) return fresh.status();
    const std::lock_guard<std::mutex> lock(mutex_);
    if ((*fresh)->facts().sha256 == trust_->facts().sha256) return false;
    trust_ = std::move(fresh).value();
    return true;
  }

  TrustFacts Loaded() const override { return trust()->facts(); }

 private:
  std::shared_ptr<Trust> trust() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return trust_;
  }
  bool On(PolicySwitch s) const { return parts_.switches.on(s); }

  std::vector<Fault> One(const SignatureDemand& demand, Round* round, SignatureReport* report) const {
    std::vector<Fault> faults;
    SignatureShape shape = ReadSignature(demand, round->ids, round->policy, &faults);
    if (!faults.empty()) return faults;
    const auto party = round->trust->Find(shape.certificates);
    if (party == nullptr) {
      faults.push_back({"signature.certificate"_reason, shape.key_info.path()});
      return faults;
    }
    const SignerCertificate& signer = Trust::SignerOf(*party);
    CheckSignerKey(signer, round->policy, &shape, &faults);
    Describe(shape, signer, report);
    if (!faults.empty()) return faults;
    Crypto(shape, signer, round, &faults);
    When(shape, *party, *round, report, &faults);
    report->marks = shape.marks;
    return faults;
  }

  static void Describe(const SignatureShape& shape, const SignerCertificate& signer, SignatureReport* report) {
    for (const SignedReference& r : shape.references)
      if (r.target) report->covered.push_back(r.target.range());
    report->certificate_sha256 = signer.sha256;
    report->subject = signer.subject;
    report->signer_tax_code = signer.tax_code;
  }

  void Crypto(const SignatureShape& shape, const SignerCertificate& signer, Round* round,
              std::vector<Fault>* faults) const {
    // What xmlsec1 cannot express is the fast engine's alone, whatever was chosen.
    const bool quirk = HasQuirk(shape);
    EngineVerdict verdict{EngineVerdict::What::kNotMine, 0};
    if (quirk || parts_.engine != EngineChoice::kXmlsec) verdict = Fast(shape, signer, round);
    if (verdict.what == EngineVerdict::What::kNotMine && !quirk && parts_.engine != EngineChoice::kFast)
      verdict = Oracle(shape, signer, round);
    Say(verdict, shape, faults);
  }

  EngineVerdict Fast(const SignatureShape& shape, const SignerCertificate& signer, Round* round) const {
    if (!Afford(WorkOf(shape), round)) return {EngineVerdict::What::kTooMuch, 0};
    return VerifyFast(shape, signer);
  }

  // Canonicalisation by xmlsec1 walks a whole document for each Reference.
  EngineVerdict Oracle(const SignatureShape& shape, const SignerCertificate& signer, Round* round) const {
    const Projection projection = ProjectSignature(shape, *parser_);
    if (!Afford(projection.size * (shape.references.size() + 1), round)) return {EngineVerdict::What::kTooMuch, 0};
    return VerifyWithXmlsec(shape, projection.signature, signer.key.get(), round->policy.allowed);
  }

  static size_t WorkOf(const SignatureShape& shape) {
    size_t work = shape.signed_info.range().size;
    for (const SignedReference& r : shape.references)
      if (r.target) work += r.target.range().size;
    return work;
  }
  bool Afford(size_t work, Round* round) const {
    if (!On(PolicySwitch::kWork)) return true;
    if (work > round->work_left) return false;
    round->work_left -= work;
    return true;
  }

  static bool HasQuirk(const SignatureShape& shape) {
    return std::find(shape.marks.begin(), shape.marks.end(), kMarkEnvelopedOnObject) != shape.marks.end();
  }

  static void Refuse(Reason rule, const XmlNode& at, std::vector<Fault>* faults) {
    faults->push_back({rule, at.path()});
  }

  static void Say(const EngineVerdict& verdict, const SignatureShape& shape, std::vector<Fault>* faults) {
    const bool known = verdict.reference < shape.references.size();
    switch (verdict.what) {
      case EngineVerdict::What::kValid:
        return;
      case EngineVerdict::What::kBadDigest:
        return Refuse("signature.digest"_reason, known ? shape.references[verdict.reference].target : shape.signature,
                      faults);
      case EngineVerdict::What::kBadValue:
        return Refuse("signature.value"_reason, shape.value, faults);
      case EngineVerdict::What::kTooMuch:
        return Refuse("signature.too_much_work"_reason, shape.signature, faults);
      case EngineVerdict::What::kFailed:
      case EngineVerdict::What::kNotMine:
        return Refuse("signature.engine"_reason, shape.signature, faults);
    }
  }

  // The certificate is judged at SigningTime, or at `at` when there is none or the switch says so.
  void When(SignatureShape& shape, Trust::Party& party, const Round& round, SignatureReport* report,
            std::vector<Fault>* faults) const {
    const Time at = round.context.at;
    Time valid_at = at;
    if (shape.signing_time) {
      const auto signed_at = ParseTime(shape.signing_time.Text());
      if (!signed_at.ok()) return Refuse("signature.signing_time_format"_reason, shape.signing_time, faults);
      report->signing_time = *signed_at;
      if (options_.check_signing_time) {
        valid_at = *signed_at;
        const Span behind = round.context.signing_time_behind.value_or(options_.signing_time_behind);
        const bool bound = *signed_at > at + options_.signing_time_ahead || *signed_at < at - behind;
        if (bound && On(PolicySwitch::kSigningTimeBounds)) Refuse("signature.time"_reason, shape.signing_time, faults);
      }
    }
    const auto chain = round.trust->Check(party, {valid_at, at}, round.policy.allowed);
    if (!chain.ok())
      faults->push_back({chain.status().reason(), shape.key_info.path(), {chain.status().message()}});
    else if (*chain == Trust::Chain::kLegacy)
      AddMark(&shape, kMarkLegacySha1);
  }

  const VerifierParts parts_;
  const TrustOptions options_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::shared_ptr<Trust> trust_;
  std::unique_ptr<XmlParser> parser_ = MakeXmlParser(XmlLimits());  // for projections
};

}  // namespace

Result<std::unique_ptr<SignatureVerifier>> MakeVerifierOf(const VerifierParts& parts, const TrustOptions& options,
                                                          const Clock& clock) {
  StartEngines();
  auto trust = Trust::Load(options, clock, parts.switches);
  if (!trust.ok()) return trust.status();
  return std::unique_ptr<SignatureVerifier>(
      std::make_unique<Verifier>(parts, options, clock, std::shared_ptr<Trust>(std::move(trust).value())));
}

Result<std::unique_ptr<SignatureVerifier>> MakeSignatureVerifier(const TrustOptions& options, const Clock& clock) {
  return MakeVerifierOf({}, options, clock);
}

}  // namespace tvan
