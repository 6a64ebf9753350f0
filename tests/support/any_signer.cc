#include "tests/support/any_signer.h"

#include <libxml/tree.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include "adapters/signature/openssl.h"
#include "adapters/xml_document.h"
#include "gateway/core/json.h"
#include "tests/support/libxml_canonical.h"

namespace tvan {
namespace {

constexpr std::string_view kDsig = "http://www.w3.org/2000/09/xmldsig#";

bool Has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string AlgorithmOf(const XmlNode& node) { return node.Attribute("Algorithm").value_or(""); }

// By the URI of a canonicalisation; anything unknown is inclusive C14N 1.0. What libxml2 refuses is empty.
std::string Canonical(const XmlNode& node, const XmlNode& left_out, const XmlNode& method, bool comments) {
  const std::string algorithm = AlgorithmOf(method);
  C14nRequest request{static_cast<xmlNode*>(node.native()), static_cast<xmlNode*>(left_out.native())};
  if (Has(algorithm, "exc-c14n")) request.mode = C14nMode::kExclusive;
  if (Has(algorithm, "c14n11")) request.mode = C14nMode::kInclusive11;
  request.comments = comments && Has(algorithm, "WithComments");
  if (method) request.inclusive_prefix = method.first_child().Attribute("PrefixList").value_or("");
  return CanonicalByLibxml(request).value_or("");
}

const EVP_MD* HashOf(const std::string& algorithm) {
  for (const char* name : {"sha1", "sha224", "sha384", "sha512", "md5", "ripemd160"})
    if (Has(algorithm, name)) return EVP_get_digestbyname(name);
  return EVP_sha256();
}

std::string Hash(const EVP_MD* method, const std::string& text) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  TVAN_CHECK(EVP_Digest(text.data(), text.size(), out, &size, method, nullptr) == 1);
  return {reinterpret_cast<char*>(out), size};
}

XmlNode Find(const XmlNode& node, const auto& fits) {
  if (fits(node)) return node;
  for (XmlNode c = node.first_child(); c; c = c.next_sibling())
    if (XmlNode found = Find(c, fits)) return found;
  return {};
}

XmlNode FirstSignature(const XmlNode& root) {
  return Find(root, [](const XmlNode& n) { return n.name() == "Signature" && n.namespace_uri() == kDsig; });
}

// In any namespace.
bool BearsId(const XmlNode& node, const std::string& id) {
  for (const xmlAttr* a = static_cast<xmlNode*>(node.native())->properties; a != nullptr; a = a->next) {
    const std::string name(reinterpret_cast<const char*>(a->name));
    if (name != "Id" && name != "ID" && name != "id") continue;
    xmlChar* value = xmlNodeGetContent(reinterpret_cast<const xmlNode*>(a));
    const bool same = id == reinterpret_cast<const char*>(value);
    xmlFree(value);
    if (same) return true;
  }
  return false;
}

// "", "#id", "#xpointer(/)", "#xpointer(id('id'))".
XmlNode TargetOf(const XmlNode& root, const XmlNode& reference) {
  std::string uri = reference.Attribute("URI").value_or("");
  if (uri.empty() || uri == "#xpointer(/)") return root;
  if (const size_t quote = uri.find('\''); quote != std::string::npos)
    uri = "#" + uri.substr(quote + 1, uri.rfind('\'') - quote - 1);
  return Find(root, [&](const XmlNode& n) { return BearsId(n, uri.substr(1)); });
}

std::string DigestOf(const XmlNode& signature, const XmlNode& reference) {
  const XmlNode target = TargetOf(signature.document()->root(), reference);
  XmlNode canonical, enveloped;
  for (XmlNode t = reference.Child("Transforms", kDsig).first_child(); t; t = t.next_sibling())
    (Has(AlgorithmOf(t), "enveloped") ? enveloped : canonical) = t;
  // A target within the Signature would be emptied: signers take it as it is.
  const bool inside = static_cast<bool>(Find(signature, [&](const XmlNode& n) { return n == target; }));
  const XmlNode left_out = enveloped && !inside ? signature : XmlNode();
  const std::string text = target ? Canonical(target, left_out, canonical, false) : "";
  return Hash(HashOf(AlgorithmOf(reference.Child("DigestMethod", kDsig))), text);
}

// r and s beside each other, as XML Signature has them.
std::string RawEcdsa(const std::string& der, int key_bits) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  const int size = (key_bits + 7) / 8;
  std::string out(static_cast<size_t>(2 * size), '\0');
  auto* bytes = reinterpret_cast<unsigned char*>(out.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(signature), bytes, size);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature), bytes + size, size);
  ECDSA_SIG_free(signature);
  return out;
}

// An HMAC is keyed by what everybody has: the certificate.
std::string Hmac(const std::string& algorithm, const std::string& text, const Signatory& by) {
  const std::string key = Base64Decode(by.certificates.front()).value();
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(HashOf(algorithm), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), out, &size);
  return {reinterpret_cast<char*>(out), size};
}

std::string ValueOf(const std::string& algorithm, const std::string& text, const Signatory& by) {
  if (Has(algorithm, "hmac")) return Hmac(algorithm, text, by);
  const EvpDigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;
  TVAN_CHECK(EVP_DigestSignInit(context.get(), &options, HashOf(algorithm), nullptr, by.key.get()) == 1);
  if (Has(algorithm, "rsa-MGF1")) EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
  std::string value(static_cast<size_t>(EVP_PKEY_get_size(by.key.get())), '\0');
  size_t size = value.size();
  TVAN_CHECK(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(value.data()), &size,
                            reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1);
  value.resize(size);
  return EVP_PKEY_get_base_id(by.key.get()) == EVP_PKEY_EC ? RawEcdsa(value, EVP_PKEY_get_bits(by.key.get())) : value;
}

// Empty: not even a parser takes it.
std::unique_ptr<XmlDocument> Parsed(const std::string& bytes) {
  auto document = MakeXmlParser({})->Parse(bytes);
  return document.ok() ? std::move(*document) : nullptr;
}

// The text between the tags of `node`.
void Fill(const XmlNode& node, const std::string& text, std::string* bytes) {
  const ByteRange tag = node.start_tag(), whole = node.range();
  const size_t begin = tag.offset + tag.size;
  bytes->replace(begin, bytes->rfind("</", whole.offset + whole.size - 1) - begin, text);
}

}  // namespace

std::string SignAsItStands(const std::string& document, const Signatory& by) {
  const auto parsed = Parsed(document);
  if (parsed == nullptr) return document;
  const XmlNode signature = FirstSignature(parsed->root());
  const XmlNode info = signature.Child("SignedInfo", kDsig);
  TVAN_CHECK(static_cast<bool>(info));
  const std::string text = Canonical(info, {}, info.Child("CanonicalizationMethod", kDsig), true);
  const std::string value = ValueOf(AlgorithmOf(info.Child("SignatureMethod", kDsig)), text, by);
  std::string bytes = document;
  Fill(signature.Child("SignatureValue", kDsig), Base64Encode(value), &bytes);
  return bytes;
}

std::string SignAnything(const std::string& document, const Signatory& by) {
  std::string bytes = document;
  const auto parsed = Parsed(bytes);
  if (parsed == nullptr) return document;
  const XmlNode signature = FirstSignature(parsed->root());
  std::vector<std::pair<XmlNode, std::string>> digests;
  for (XmlNode r = signature.Child("SignedInfo", kDsig).first_child(); r; r = r.next_sibling())
    if (const XmlNode value = r.Child("DigestValue", kDsig))
      digests.emplace_back(value, Base64Encode(DigestOf(signature, r)));
  for (auto d = digests.rbegin(); d != digests.rend(); ++d) Fill(d->first, d->second, &bytes);  // ranges stay right
  return SignAsItStands(bytes, by);
}

}  // namespace tvan
