#include "adapters/signature/policy.h"

#include <algorithm>
#include <iterator>

namespace tvan {
namespace {

constexpr std::string_view kEnveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
constexpr std::string_view kExclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
constexpr std::string_view kC14n[] = {"http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
                                      "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments", kExclusive};
constexpr std::string_view kDigests[] = {"http://www.w3.org/2001/04/xmlenc#sha256",
                                         "http://www.w3.org/2001/04/xmldsig-more#sha384",
                                         "http://www.w3.org/2001/04/xmlenc#sha512"};
constexpr std::string_view kMethods[] = {
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"};
constexpr std::string_view kSha1Digest = "http://www.w3.org/2000/09/xmldsig#sha1";
constexpr std::string_view kSha1Methods[] = {"http://www.w3.org/2000/09/xmldsig#rsa-sha1",
                                             "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1"};
constexpr size_t kMaxReferences = 4;
constexpr size_t kMaxTransforms = 2;
constexpr size_t kMaxPrefixList = 256;  // bytes; each prefix is looked up for each element

template <size_t N>
bool OneOf(std::string_view text, const std::string_view (&list)[N]) {
  return std::find(std::begin(list), std::end(list), text) != std::end(list);
}

bool Is(const XmlNode& node, std::string_view name) { return node.name() == name && node.namespace_uri() == kDsigNs; }

// The engine reads attributes by local name, whatever their namespace: a second "URI" or "Algorithm" in a namespace
// would mean one thing to us and another to it. So below SignedInfo only these, in no namespace.
bool HasForeignAttributes(const XmlNode& node) {
  constexpr std::string_view kKnown[] = {"Id", "URI", "Type", "Algorithm", "PrefixList"};
  for (const std::string& name : AttributeNames(node)) {
    if (!OneOf(name, kKnown)) return true;
  }
  for (XmlNode c = node.first_child(); c; c = c.next_sibling()) {
    if (HasForeignAttributes(c)) return true;
  }
  return false;
}

class Reader {
 public:
  Reader(const SignatureDemand& demand, const IdIndex& ids, LegacySha1 legacy, std::vector<Fault>* faults)
      : demand_(demand), ids_(ids), legacy_(legacy), faults_(faults) {}

  SignatureShape Read() {
    shape_.signature = demand_.signature;
    XmlNode signed_info;
    if (!Parts(&signed_info)) return std::move(shape_);
    SignedInfo(signed_info);
    ReadKeyInfo(&shape_, faults_);
    if (faults_->empty()) CheckCoverage(demand_, &shape_, faults_);
    return std::move(shape_);
  }

 private:
  void Add(Reason rule, const XmlNode& at, const std::string& detail = {}) {
    faults_->push_back({rule, at.path(), {detail}});
  }

  // Signature := SignedInfo SignatureValue KeyInfo Object*, each of the first three once.
  bool Parts(XmlNode* signed_info) {
    const XmlNode& signature = shape_.signature;
    if (!Is(signature, "Signature")) return Add("signature.format"_reason, signature), false;
    size_t counts[3] = {};
    for (XmlNode c = signature.first_child(); c; c = c.next_sibling()) {
      if (Is(c, "SignedInfo") && ++counts[0] == 1) *signed_info = c;
      if (Is(c, "SignatureValue") && ++counts[1] == 1) shape_.value = c;
      if (Is(c, "KeyInfo") && ++counts[2] == 1) shape_.key_info = c;
      if (!Is(c, "SignedInfo") && !Is(c, "SignatureValue") && !Is(c, "KeyInfo") && !Is(c, "Object")) {
        return Add("signature.format"_reason, c), false;
      }
    }
    if (counts[0] != 1 || counts[1] != 1 || counts[2] != 1) return Add("signature.not_single"_reason, signature), false;
    if (*signed_info == signature.first_child() && signed_info->next_sibling() == shape_.value &&
        !shape_.value.has_child_elements()) {
      return true;
    }
    return Add("signature.format"_reason, signature), false;
  }

  // SignedInfo := CanonicalizationMethod SignatureMethod Reference+
  void SignedInfo(const XmlNode& info) {
    const XmlNode c14n = info.first_child();
    const XmlNode method = c14n.next_sibling();
    if (!Is(c14n, "CanonicalizationMethod") || !Is(method, "SignatureMethod") || HasForeignAttributes(info)) {
      return Add("signature.format"_reason, info);
    }
    Canonicalization(c14n);
    Method(method);
    for (XmlNode r = method.next_sibling(); r; r = r.next_sibling()) {
      if (!Is(r, "Reference")) return Add("signature.format"_reason, r);
      if (shape_.references.size() == kMaxReferences) return Add("signature.too_many_references"_reason, info);
      Reference(r);
    }
    if (shape_.references.empty()) Add("signature.format"_reason, info);
  }

  void Canonicalization(const XmlNode& node) {
    const std::string algorithm = node.Attribute("Algorithm").value_or("");
    if (!OneOf(algorithm, kC14n)) return Add("signature.canonicalization"_reason, node, algorithm);
    if (!ParametersFit(node, algorithm)) Add("signature.canonicalization"_reason, node, "InclusiveNamespaces");
  }

  // No parameters; exclusive C14N alone may name inclusive prefixes.
  static bool ParametersFit(const XmlNode& node, std::string_view algorithm) {
    const XmlNode child = node.first_child();
    if (!child) return true;
    return algorithm == kExclusive && child.name() == "InclusiveNamespaces" && child.namespace_uri() == kExclusive &&
           !child.next_sibling() && !child.has_child_elements() &&
           child.Attribute("PrefixList").value_or("").size() <= kMaxPrefixList;
  }

  void Method(const XmlNode& node) {
    shape_.method = node.Attribute("Algorithm").value_or("");
    if (OneOf(shape_.method, kSha1Methods)) {
      if (legacy_ == LegacySha1::kRefuse) Add("signature.sha1"_reason, node);
    } else if (!OneOf(shape_.method, kMethods)) {
      Add("signature.method"_reason, node, shape_.method);
    }
    if (node.has_child_elements()) Add("signature.method"_reason, node, std::string(node.first_child().name()));
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
    if (!Is(part, "DigestMethod") || !Is(value, "DigestValue") || value.next_sibling() || value.has_child_elements()) {
      return Add("signature.format"_reason, node);
    }
    Digest(part);
    Target(&reference);
    shape_.references.push_back(reference);
  }

  // At most enveloped-signature and then one canonicalisation; any other order would need a second parse.
  void Transforms(const XmlNode& list, SignedReference* reference) {
    size_t count = 0;
    bool canonicalised = false;
    for (XmlNode t = list.first_child(); t; t = t.next_sibling()) {
      const std::string algorithm = t.Attribute("Algorithm").value_or("");
      if (!Is(t, "Transform")) return Add("signature.format"_reason, t);
      if (++count > kMaxTransforms) return Add("signature.too_many_transforms"_reason, list);
      const bool enveloped = algorithm == kEnveloped && count == 1 && !t.has_child_elements();
      const bool c14n = !canonicalised && OneOf(algorithm, kC14n) && ParametersFit(t, algorithm);
      if (!enveloped && !c14n) return Add("signature.transform"_reason, t, algorithm);
      reference->enveloped = reference->enveloped || enveloped;
      canonicalised = canonicalised || c14n;
    }
    if (count == 0) Add("signature.format"_reason, list);
  }

  void Digest(const XmlNode& node) {
    const std::string algorithm = node.Attribute("Algorithm").value_or("");
    if (algorithm == kSha1Digest) {
      if (legacy_ == LegacySha1::kRefuse) Add("signature.sha1"_reason, node);
    } else if (!OneOf(algorithm, kDigests)) {
      Add("signature.digest_method"_reason, node, algorithm);
    }
    if (node.has_child_elements()) Add("signature.format"_reason, node);
  }

  void Target(SignedReference* reference) {
    const XmlNode& node = reference->node;
    const auto uri = node.Attribute("URI");
    if (uri && uri->empty()) {
      reference->whole_document = true;
      reference->target = node.document()->root();
      if (!reference->enveloped) Add("signature.whole_document_transform"_reason, node);
      if (demand_.whole_document_breaks) Add("signature.breaks_on_forward"_reason, node);
      return;
    }
    if (!uri || uri->front() != '#' || !IsPlainId(std::string_view(*uri).substr(1))) {
      return Add("signature.reference_uri"_reason, node, uri.value_or(""));
    }
    reference->target = ids_.Find(uri->substr(1));
    if (!reference->target) return Add("signature.id_unknown"_reason, node, *uri);
    reference->inside_signature = IsInside(reference->target, shape_.signature);
  }

  const SignatureDemand& demand_;
  const IdIndex& ids_;
  const LegacySha1 legacy_;
  std::vector<Fault>* faults_;
  SignatureShape shape_;
};

}  // namespace

SignatureShape ReadSignature(const SignatureDemand& demand, const IdIndex& ids, LegacySha1 legacy,
                             std::vector<Fault>* faults) {
  std::vector<Fault> found;
  SignatureShape shape = Reader(demand, ids, legacy, &found).Read();
  faults->insert(faults->end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  return shape;
}

}  // namespace tvan
