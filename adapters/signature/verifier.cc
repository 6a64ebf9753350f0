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
// What one element may inherit: declarations and xml:* attributes, of which real messages have fewer than ten. Each is
// compared with each, and each Reference writes them all.
constexpr IdIndex::Context kMaxContext = {64, 16 * 1024};
// Faults of one document; signatures after that are not judged, and count as not valid.
constexpr size_t kMostFaults = 50;

// One call of Verify.
struct Round {
  const IdIndex& ids;
  const VerifyContext& context;
  const Policy policy;
  const std::shared_ptr<Trust> trust;
  size_t work_left;  // bytes
};

// White space around it does not count (xs:dateTime); elements in it make it something else.
Result<Time> ReadSigningTime(const XmlNode& node) {
  std::string pieces;
  std::string_view text = node.has_child_elements() ? std::string_view() : node.TextView(&pieces);
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return ParseTime("");
  return ParseTime(text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin));
}

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
    const IdIndex::Context& inherited = ids.most_context();
    if ((inherited.count > kMaxContext.count || inherited.bytes > kMaxContext.bytes) && On(PolicySwitch::kNamespaces))
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
      const bool judged = demand.signature && readable && check.faults.size() < kMostFaults;
      if (judged) faults = One(demand, &round, &report);
      if (!demand.signature) faults.push_back({"signature.missing"_reason, demand.expected_path});
      report.valid = judged && faults.empty();
      check.reports.push_back(std::move(report));
      std::move(faults.begin(), faults.end(), std::back_inserter(check.faults));
    }
    return check;
  }

  Result<bool> Reload() override {
    const std::lock_guard<std::mutex> one_at_a_time(reload_mutex_);
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
    if (!faults.empty()) return faults;  // its chain is not worth the work
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
    if (!Afford(WorkOf(shape, round->ids), round)) return {EngineVerdict::What::kTooMuch, 0};
    return VerifyFast(shape, signer);
  }

  // Canonicalisation by xmlsec1 walks a whole document for each Reference.
  EngineVerdict Oracle(const SignatureShape& shape, const SignerCertificate& signer, Round* round) const {
    const size_t walks = shape.references.size() + 1;
    if (!Afford(ProjectedSize(shape) * walks, round)) return {EngineVerdict::What::kTooMuch, 0};
    const Projection projection = ProjectSignature(shape, *parser_);
    return VerifyWithXmlsec(shape, projection.signature, signer.key.get(), round->policy.allowed);
  }

  static size_t WorkOf(const SignatureShape& shape, const IdIndex& ids) {
    const size_t inherited = ids.most_context().bytes;
    size_t work = shape.signed_info.range().size + inherited;
    for (const SignedReference& r : shape.references)
      if (r.target) work += r.target.range().size + inherited;
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
      const auto signed_at = ReadSigningTime(shape.signing_time);
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
  std::mutex reload_mutex_;
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
