// The two engines: whatever the policy passes, what the fast engine accepts xmlsec1 accepts. Each signature is judged
// as it stands (with our certificate), then with its values computed anew by xmlsec1 (then the fast engine must not
// refuse what xmlsec1 accepts, and the whole verifier must say the same with either), then with a place in what it
// covers, or in itself, changed.

#include "adapters/signature/ids.h"
#include "adapters/signature/policy.h"
#include "tests/fuzz/counter.h"
#include "tests/fuzz/elements.h"
#include "tests/fuzz/signing_kit.h"

namespace tvan::fuzz {
namespace {

using What = EngineVerdict::What;

Counter refused_by_policy("signatures that the policy refuses");
Counter bad_as_they_stand("signatures that are invalid as they stand");
Counter valid_by_fast("signed anew: valid by the fast engine, and by xmlsec1");
Counter valid_by_xmlsec("signed anew: valid by xmlsec1, to which the fast engine leaves it");
Counter accepted_by_verifier("signed anew: accepted by the whole verifier, with either engine");
Counter spoilt_and_refused("spoilt: refused by the fast engine");
Counter spoilt_and_valid("spoilt: still valid by the fast engine, and by xmlsec1");

// One signature as the policy reads it, and what the engines say.
struct Judged {
  SignatureShape shape;
  SignatureAllowances allowed;
  EngineVerdict fast, oracle;
};

SignatureDemand DemandOf(const XmlNode& signature) {
  SignatureDemand demand;
  demand.role = "NBan";
  demand.signature = signature;
  demand.expected_path = signature.path();
  demand.must_cover_signing_time = false;  // whatever shape can be computed, however little it covers
  demand.target_demanded = false;
  return demand;
}

// Empty: no policy passes it. That of every day comes first, then with the allowances.
std::optional<Judged> Judge(const XmlDocument& document, const XmlNode& signature) {
  const IdIndex ids(document);
  if (!ids.faults().empty()) return std::nullopt;
  for (const bool lenient : {false, true}) {
    Judged judged;
    judged.allowed = {lenient, lenient};
    std::vector<Fault> faults;
    judged.shape = ReadSignature(DemandOf(signature), ids, {judged.allowed, {}}, &faults);
    if (!faults.empty()) continue;
    const SigningKit::Signer& signer = SigningKit::Get().For(signature);
    judged.fast = VerifyFast(judged.shape, *signer.certificate);
    judged.oracle = VerifyWithXmlsec(judged.shape, signature, signer.key.get(), judged.allowed);
    return judged;
  }
  return std::nullopt;
}

// xmlsec1 cannot express what this allowance lets pass.
bool HasQuirk(const Judged& judged) {
  for (const std::string& mark : judged.shape.marks)
    if (mark == kMarkEnvelopedOnObject) return true;
  return false;
}

void RequireSound(const Judged& judged) {
  Require(judged.fast.what != What::kValid || judged.oracle.what == What::kValid || HasQuirk(judged),
          "the fast engine accepts what xmlsec1 refuses");
}

std::optional<Judged> JudgeNth(const XmlDocument& document, size_t n) {
  const std::vector<XmlNode> signatures = SignaturesOf(document);
  if (n >= signatures.size()) return std::nullopt;
  auto judged = Judge(document, signatures[n]);
  if (judged) RequireSound(*judged);
  return judged;
}

// The values as xmlsec1 computes them, in a document of its own, written into the bytes. Empty: it cannot.
std::optional<std::string> SignedAnew(const std::string& bytes, const SignatureShape& shape) {
  const auto copy = Parser().Parse(bytes);
  const IdIndex ids(**copy);
  for (const XmlNode& signature : SignaturesOf(**copy)) {
    if (signature.range() != shape.signature.range()) continue;
    if (!SignWithXmlsec(signature, SigningKit::Get().For(signature).key.get())) return std::nullopt;
    std::vector<Fault> none;
    const SignatureShape filled = ReadSignature(DemandOf(signature), ids, {{true, true}, {}}, &none);
    if (!none.empty() || filled.references.size() != shape.references.size()) return std::nullopt;
    std::vector<Edit> edits = {ContentEdit(shape.value, filled.value.Text())};
    for (size_t i = 0; i < shape.references.size(); ++i)
      edits.push_back(ContentEdit(shape.references[i].digest_value, filled.references[i].digest_value.Text()));
    return Edited(bytes, std::move(edits));
  }
  return std::nullopt;
}

bool SameFaults(const std::vector<Fault>& a, const std::vector<Fault>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i)
    if (a[i].rule.text() != b[i].rule.text() || a[i].path != b[i].path) return false;
  return true;
}

// The whole verifier, as shipped and with xmlsec1 alone.
void CompareVerifiers(const XmlDocument& document, const XmlNode& signature, const SignatureAllowances& allowed) {
  VerifyContext context(*ParseLocal("2026-11-21T10:01:00"));
  context.allowed = allowed;
  const SigningKit& kit = SigningKit::Get();
  const SignatureCheck shipped = kit.shipped().Verify(document, {DemandOf(signature)}, context);
  const SignatureCheck oracle = kit.oracle().Verify(document, {DemandOf(signature)}, context);
  Require(SameFaults(shipped.faults, oracle.faults), "the verifiers find different faults");
  const SignatureReport &a = shipped.reports.at(0), &b = oracle.reports.at(0);
  Require(a.valid == b.valid && a.marks == b.marks && a.covered == b.covered && a.subject == b.subject,
          "the verifiers report different things");
  if (a.valid) ++accepted_by_verifier;
}

void CountAnew(const Judged& judged) {
  if (judged.fast.what == What::kValid) ++valid_by_fast;
  if (judged.fast.what == What::kNotMine && judged.oracle.what == What::kValid) ++valid_by_xmlsec;
  Require(judged.oracle.what != What::kValid || judged.fast.what == What::kValid || judged.fast.what == What::kNotMine,
          "the fast engine refuses what xmlsec1 accepts");
}

void SpoilAndJudge(const std::string& bytes, size_t n, const SignatureShape& shape, Dice* dice) {
  std::vector<ByteRange> ranges = {shape.signature.range(), shape.signed_info.range(), shape.value.range()};
  for (const SignedReference& reference : shape.references) ranges.push_back(reference.target.range());
  for (int i = 0; i < 12; ++i) {
    const auto document = Parser().Parse(Spoilt(bytes, ranges[dice->Below(ranges.size())], dice));
    if (!document.ok()) continue;
    const auto judged = JudgeNth(**document, n);
    if (!judged || judged->fast.what == What::kNotMine) continue;
    ++(judged->fast.what == What::kValid ? spoilt_and_valid : spoilt_and_refused);
  }
}

void CheckNth(const std::string& bytes, size_t n, Dice* dice) {
  const auto document = Parser().Parse(bytes);
  const auto judged = JudgeNth(**document, n);
  if (!judged) {
    ++refused_by_policy;
    return;
  }
  if (judged->fast.what != What::kValid) ++bad_as_they_stand;
  const auto anew = HasQuirk(*judged) ? std::nullopt : SignedAnew(bytes, judged->shape);
  if (!anew) return;
  const auto signed_document = Parser().Parse(*anew);
  Require(signed_document.ok(), "a signed document cannot be read");
  const auto valid = JudgeNth(**signed_document, n);
  if (!valid) return;
  CountAnew(*valid);
  CompareVerifiers(**signed_document, valid->shape.signature, valid->allowed);
  if (valid->oracle.what == What::kValid) SpoilAndJudge(*anew, n, valid->shape, dice);
}

}  // namespace
}  // namespace tvan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tvan::fuzz;
  const std::string input(reinterpret_cast<const char*>(data), size);
  const auto document = Parser().Parse(input);
  if (!document.ok()) return 0;
  const std::string bytes = SigningKit::Get().WithOurs(**document);
  Dice dice(input);
  const size_t count = SignaturesOf(**document).size();
  for (size_t n = 0; n < count; ++n) CheckNth(bytes, n, &dice);
  return 0;
}
