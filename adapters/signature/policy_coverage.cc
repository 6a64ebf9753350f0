#include "adapters/signature/policy.h"

namespace tvan {
namespace {

constexpr size_t kMaxSigningTimes = 4;
constexpr std::string_view kXades = "http://uri.etsi.org/01903/";

bool IsXades(const XmlNode& node, std::string_view name) {
  return node.name() == name && node.namespace_uri().substr(0, kXades.size()) == kXades;
}

// Some signers write SignatureProperties with xmlns="" (protocol.md 10.4 c).
bool IsDsigOrBare(const XmlNode& node, std::string_view name) {
  return node.name() == name && (node.namespace_uri() == kDsigNs || node.namespace_uri().empty());
}

bool HoldsOnlyProperties(const XmlNode& object) {
  if (!object.has_child_elements()) return false;
  for (XmlNode c = object.first_child(); c; c = c.next_sibling()) {
    if (IsXades(c, "QualifyingProperties")) continue;
    if (!IsDsigOrBare(c, "SignatureProperties")) return false;
    for (XmlNode p = c.first_child(); p; p = p.next_sibling()) {
      if (!IsDsigOrBare(p, "SignatureProperty")) return false;
    }
  }
  return true;
}

// Signed properties: the Object that holds nothing else, its SignatureProperties, or XAdES SignedProperties.
bool IsSignedProperties(const XmlNode& target, const XmlNode& signature) {
  for (XmlNode object = target; object; object = object.parent()) {
    if (!(object.parent() == signature)) continue;
    if (object.name() != "Object" || object.namespace_uri() != kDsigNs || !HoldsOnlyProperties(object)) return false;
    return target == object || IsDsigOrBare(target, "SignatureProperties") ||
           IsDsigOrBare(target, "SignatureProperty") || IsXades(target, "SignedProperties");
  }
  return false;
}

// Stops one above the limit, which refuses the signature.
void CollectSigningTimes(const XmlNode& node, std::vector<XmlNode>* found) {
  for (XmlNode c = node.first_child(); c && found->size() <= kMaxSigningTimes; c = c.next_sibling()) {
    if (c.name() == "SigningTime") found->push_back(c);
    CollectSigningTimes(c, found);  // depth is bounded by the parser
  }
}

bool IsCoveredBySignedProperties(const XmlNode& node, const SignatureShape& shape) {
  for (const SignedReference& r : shape.references) {
    if (r.inside_signature && IsInside(node, r.target)) return true;
  }
  return false;
}

class Coverage {
 public:
  Coverage(const SignatureDemand& demand, const Policy& policy, SignatureShape* shape, std::vector<Fault>* faults)
      : demand_(demand), policy_(policy), shape_(*shape), faults_(*faults) {}

  void References() {
    // Also where nothing refers to it: who reads the first element of a name would read it.
    for (XmlNode c = shape_.signature.first_child(); c; c = c.next_sibling())
      if (c.name() == "Object" && c.has_child_elements() && !HoldsOnlyProperties(c))
        return Refuse(PolicySwitch::kInsideSignature, "signature.inside_signature"_reason, c);
    for (const SignedReference& r : shape_.references) {
      if (!r.inside_signature) continue;
      if (!IsSignedProperties(r.target, shape_.signature))
        Refuse(PolicySwitch::kInsideSignature, "signature.inside_signature"_reason, r.node);
      if (!r.enveloped) continue;
      if (policy_.allowed.enveloped_on_object)
        AddMark(&shape_, kMarkEnvelopedOnObject);
      else
        Refuse(PolicySwitch::kEnvelopedOnObject, "signature.enveloped_on_object"_reason, r.node);
    }
  }

  void Demanded() {
    for (const XmlNode& node : demand_.must_cover) {
      if (!node || !Covers(node))
        Refuse(PolicySwitch::kCoverage, "signature.not_covered"_reason, node ? node : shape_.signature);
    }
  }

  void SigningTime() {
    std::vector<XmlNode> times;
    CollectSigningTimes(shape_.signature, &times);
    if (times.size() > kMaxSigningTimes)
      return Refuse(PolicySwitch::kOneSigningTime, "signature.signing_time_ambiguous"_reason, shape_.signature);
    std::vector<XmlNode> covered;
    for (const XmlNode& time : times) {
      if (IsCoveredBySignedProperties(time, shape_)) {
        covered.push_back(time);
      } else if (demand_.must_cover_signing_time) {
        Refuse(PolicySwitch::kSigningTime, "signature.signing_time_unsigned"_reason, time);
      }
    }
    if (covered.size() > 1)
      Refuse(PolicySwitch::kOneSigningTime, "signature.signing_time_ambiguous"_reason, covered[1]);
    if (times.empty() && demand_.must_cover_signing_time)
      Refuse(PolicySwitch::kSigningTime, "signature.signing_time_missing"_reason, shape_.signature);
    if (covered.empty()) return;
    shape_.signing_time = covered[0];
    const XmlNode property = covered[0].parent();
    const bool has_target = IsDsigOrBare(property, "SignatureProperty") && property.Attribute("Target");
    if (demand_.target_demanded && !has_target && !IsXades(property, "SignedSignatureProperties"))
      Refuse(PolicySwitch::kTarget, "signature.target_missing"_reason, property);
  }

 private:
  void Refuse(PolicySwitch by, Reason rule, const XmlNode& at) {
    if (policy_.switches.on(by)) faults_.push_back({rule, at.path()});
  }

  // What stands inside the Signature is taken out by enveloped-signature and can never be the payload.
  bool Covers(const XmlNode& node) const {
    if (IsInside(node, shape_.signature)) return false;
    for (const SignedReference& r : shape_.references) {
      if (!r.inside_signature && IsInside(node, r.target)) return true;
    }
    return false;
  }

  const SignatureDemand& demand_;
  const Policy& policy_;
  SignatureShape& shape_;
  std::vector<Fault>& faults_;
};

}  // namespace

void CheckCoverage(const SignatureDemand& demand, const Policy& policy, SignatureShape* shape,
                   std::vector<Fault>* faults) {
  Coverage coverage(demand, policy, shape, faults);
  coverage.References();
  coverage.Demanded();
  coverage.SigningTime();
}

}  // namespace tvan
