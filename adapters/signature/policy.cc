#include "adapters/signature/policy.h"

#include <algorithm>
#include <iterator>

namespace tvan {
namespace {

template <class T>
struct Named {
  std::string_view uri;
  T value;
};

constexpr std::string_view kEnveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
constexpr std::string_view kExclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
constexpr Named<CanonicalForm> kForms[] = {
    {"http://www.w3.org/TR/2001/REC-xml-c14n-20010315", CanonicalForm::kInclusive},
    {"http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments", CanonicalForm::kInclusiveWithComments},
    {kExclusive, CanonicalForm::kExclusive}};
constexpr Named<DigestMethod> kDigests[] = {{"http://www.w3.org/2001/04/xmlenc#sha256", DigestMethod::kSha256},
                                            {"http://www.w3.org/2001/04/xmldsig-more#sha384", DigestMethod::kSha384},
                                            {"http://www.w3.org/2001/04/xmlenc#sha512", DigestMethod::kSha512},
                                            {"http://www.w3.org/2000/09/xmldsig#sha1", DigestMethod::kSha1}};
constexpr Named<DigestMethod> kMethods[] = {
    {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", DigestMethod::kSha256},
    {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", DigestMethod::kSha384},
    {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", DigestMethod::kSha512},
    {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", DigestMethod::kSha256},
    {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", DigestMethod::kSha384},
    {"http://www.w3.org/2000/09/xmldsig#rsa-sha1", DigestMethod::kSha1},
    {"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1", DigestMethod::kSha1}};
constexpr size_t kMaxReferences = 4;
constexpr size_t kMaxTransforms = 2;
constexpr size_t kMaxPrefixList = 256;  // bytes; each prefix is looked up for each element

template <class T, size_t N>
T ValueOf(std::string_view uri, const Named<T> (&list)[N]) {
  for (const Named<T>& entry : list)
    if (entry.uri == uri) return entry.value;
  return T::kOther;
}

bool Is(const XmlNode& node, std::string_view name) { return node.name() == name && node.namespace_uri() == kDsigNs; }

std::string AlgorithmOf(const XmlNode& node) { return node.Attribute("Algorithm").value_or(""); }

// The engine reads attributes by local name, whatever their namespace: a second "URI" or "Algorithm" in a namespace
// would mean one thing to us and another to it. So below SignedInfo only these, in no namespace.
bool HasForeignAttributes(const XmlNode& node) {
  if (HasAttributeBeside(node, {"Id", "URI", "Type", "Algorithm", "PrefixList"})) return true;
  for (XmlNode c = node.first_child(); c; c = c.next_sibling())
    if (HasForeignAttributes(c)) return true;
  return false;
}

// No parameters; exclusive C14N alone may name inclusive prefixes.
bool ParametersFit(const XmlNode& node, CanonicalForm form) {
  const XmlNode child = node.first_child();
  if (!child) return true;
  return form == CanonicalForm::kExclusive && child.name() == "InclusiveNamespaces" &&
         child.namespace_uri() == kExclusive && !child.next_sibling() && !child.has_child_elements() &&
         child.Attribute("PrefixList").value_or("").size() <= kMaxPrefixList;
}

class Reader {
 public:
  Reader(const SignatureDemand& demand, const IdIndex& ids, const Policy& policy, std::vector<Fault>* faults)
      : demand_(demand), ids_(ids), policy_(policy), faults_(*faults) {}

  SignatureShape Read() {
    shape_.signature = demand_.signature;
    if (!Parts()) return std::move(shape_);
    SignedInfo();
    ReadKeyInfo(policy_, &shape_, &faults_);
    if (faults_.empty()) CheckCoverage(demand_, policy_, &shape_, &faults_);
    return std::move(shape_);
  }

 private:
  // Refuses, unless that switch is off.
  void Refuse(PolicySwitch by, Reason rule, const XmlNode& at, const std::string& detail = {}) {
    if (policy_.switches.on(by)) faults_.push_back({rule, at.path(), {detail}});
  }
  void Malformed(const XmlNode& at) { faults_.push_back({"signature.format"_reason, at.path(), {""}}); }

  // Signature := SignedInfo SignatureValue KeyInfo Object*, each of the first three once. Of several the first is read.
  bool Parts() {
    const XmlNode& signature = shape_.signature;
    if (!Is(signature, "Signature")) return Malformed(signature), false;
    size_t parts = 0;
    for (XmlNode c = signature.first_child(); c; c = c.next_sibling()) {
      XmlNode* part = Is(c, "SignedInfo")       ? &shape_.signed_info
                      : Is(c, "SignatureValue") ? &shape_.value
                      : Is(c, "KeyInfo")        ? &shape_.key_info
                                                : nullptr;
      if (part == nullptr && !Is(c, "Object")) return Malformed(c), false;
      if (part == nullptr) continue;
      ++parts;
      if (!*part) *part = c;
    }
    const bool all = shape_.signed_info && shape_.value && shape_.key_info;
    if (!all || parts != 3) Refuse(PolicySwitch::kSinglePart, "signature.not_single"_reason, signature);
    if (!all || !faults_.empty()) return false;
    const bool ordered = shape_.signed_info == signature.first_child() &&
                         shape_.signed_info.next_sibling() == shape_.value &&
                         shape_.value.next_sibling() == shape_.key_info;
    if (!ordered && policy_.switches.on(PolicySwitch::kSinglePart)) return Malformed(signature), false;
    return !shape_.value.has_child_elements() || (Malformed(shape_.value), false);
  }

  // SignedInfo := CanonicalizationMethod SignatureMethod Reference+
  void SignedInfo() {
    const XmlNode& info = shape_.signed_info;
    const XmlNode c14n = info.first_child(), method = c14n.next_sibling();
    if (!Is(c14n, "CanonicalizationMethod") || !Is(method, "SignatureMethod")) return Malformed(info);
    if (HasForeignAttributes(info)) Refuse(PolicySwitch::kForeignAttribute, "signature.format"_reason, info);
    Canonicalization(c14n);
    Method(method);
    for (XmlNode r = method.next_sibling(); r; r = r.next_sibling()) {
      if (!Is(r, "Reference")) return Malformed(r);
      if (shape_.references.size() == kMaxReferences && policy_.switches.on(PolicySwitch::kReferenceCount))
        return Refuse(PolicySwitch::kReferenceCount, "signature.too_many_references"_reason, info);
      Reference(r);
    }
    if (shape_.references.empty()) Malformed(info);
  }

  void Canonicalization(const XmlNode& node) {
    const std::string algorithm = AlgorithmOf(node);
    shape_.form = ValueOf(algorithm, kForms);
    if (shape_.form == CanonicalForm::kOther)
      return Refuse(PolicySwitch::kCanonicalization, "signature.canonicalization"_reason, node, algorithm);
    if (ParametersFit(node, shape_.form)) return;
    shape_.form = CanonicalForm::kOther;
    Refuse(PolicySwitch::kCanonicalization, "signature.canonicalization"_reason, node, "InclusiveNamespaces");
  }

  void Method(const XmlNode& node) {
    shape_.method = AlgorithmOf(node);
    shape_.method_digest = ValueOf(shape_.method, kMethods);
    if (shape_.method_digest == DigestMethod::kSha1) Sha1(node);
    if (shape_.method_digest == DigestMethod::kOther)
      Refuse(PolicySwitch::kMethod, "signature.method"_reason, node, shape_.method);
    if (!node.has_child_elements()) return;
    shape_.method_digest = DigestMethod::kOther;
    Refuse(PolicySwitch::kMethod, "signature.method"_reason, node, std::string(node.first_child().name()));
  }

  void Sha1(const XmlNode& node) {
    if (policy_.allowed.legacy_sha1) return AddMark(&shape_, kMarkLegacySha1);
    Refuse(PolicySwitch::kSha1, "signature.sha1"_reason, node);
  }

  // Reference := Transforms? DigestMethod DigestValue
  void Reference(const XmlNode& node) {
    SignedReference reference;
    reference.node = node;
    XmlNode part = node.first_child();
    if (Is(part, "Transforms")) {
      Transforms(part, &reference);
      part = part.next_sibling();
    }
    const XmlNode value = part.next_sibling();
    if (!Is(part, "DigestMethod") || !Is(value, "DigestValue") || value.next_sibling() || value.has_child_elements())
      return Malformed(node);
    reference.digest_value = value;
    Digest(part, &reference);
    Target(&reference);
    shape_.references.push_back(reference);
  }

  // At most enveloped-signature and then one canonicalisation; any other order would need a second parse.
  void Transforms(const XmlNode& list, SignedReference* reference) {
    size_t count = 0;
    bool canonicalised = false;
    for (XmlNode t = list.first_child(); t; t = t.next_sibling()) {
      const std::string algorithm = AlgorithmOf(t);
      if (!Is(t, "Transform")) return Malformed(t);
      if (++count > kMaxTransforms && policy_.switches.on(PolicySwitch::kTransformCount))
        return Refuse(PolicySwitch::kTransformCount, "signature.too_many_transforms"_reason, list);
      const CanonicalForm form = ValueOf(algorithm, kForms);
      const bool enveloped = algorithm == kEnveloped && count == 1 && !t.has_child_elements();
      const bool c14n = !canonicalised && form != CanonicalForm::kOther && ParametersFit(t, form);
      reference->enveloped = reference->enveloped || enveloped;
      if (!enveloped) reference->form = c14n ? form : CanonicalForm::kOther;
      if (!enveloped && !c14n) Refuse(PolicySwitch::kTransform, "signature.transform"_reason, t, algorithm);
      canonicalised = canonicalised || c14n;
    }
    if (count == 0) Malformed(list);
  }

  void Digest(const XmlNode& node, SignedReference* reference) {
    const std::string algorithm = AlgorithmOf(node);
    reference->digest = ValueOf(algorithm, kDigests);
    if (reference->digest == DigestMethod::kSha1) Sha1(node);
    if (reference->digest == DigestMethod::kOther)
      Refuse(PolicySwitch::kDigest, "signature.digest_method"_reason, node, algorithm);
    if (node.has_child_elements()) Malformed(node);
  }

  void Target(SignedReference* reference) {
    const XmlNode& node = reference->node;
    const auto uri = node.Attribute("URI");
    if (uri && uri->empty()) return WholeDocument(reference);
    if (!uri || uri->front() != '#' || !IsPlainId(std::string_view(*uri).substr(1)))
      return Refuse(PolicySwitch::kReferenceUri, "signature.reference_uri"_reason, node, uri.value_or(""));
    reference->target = ids_.First(std::string_view(*uri).substr(1));
    if (!reference->target) {
      faults_.push_back({"signature.id_unknown"_reason, node.path(), {*uri}});
      return;
    }
    reference->inside_signature = IsInside(reference->target, shape_.signature);
  }

  void WholeDocument(SignedReference* reference) {
    const XmlNode& node = reference->node;
    reference->whole_document = true;
    reference->target = node.document()->root();
    if (!reference->enveloped) Refuse(PolicySwitch::kWholeTransform, "signature.whole_document_transform"_reason, node);
    if (demand_.whole_document_breaks) Refuse(PolicySwitch::kWholeDocument, "signature.breaks_on_forward"_reason, node);
  }

  const SignatureDemand& demand_;
  const IdIndex& ids_;
  const Policy& policy_;
  std::vector<Fault>& faults_;
  SignatureShape shape_;
};

}  // namespace

SignatureShape ReadSignature(const SignatureDemand& demand, const IdIndex& ids, const Policy& policy,
                             std::vector<Fault>* faults) {
  std::vector<Fault> found;
  SignatureShape shape = Reader(demand, ids, policy, &found).Read();
  shape.plain_namespaces = ids.plain_namespaces();
  faults->insert(faults->end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  return shape;
}

}  // namespace tvan
