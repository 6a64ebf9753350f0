#include "tests/bench/floor.h"

#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include <initializer_list>
#include <map>
#include <string>

#include "gateway/core/json.h"

namespace tvan::bench {
namespace {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
using Doc = std::unique_ptr<xmlDoc, Freer<xmlFreeDoc>>;
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;

xmlNode* Child(xmlNode* node, const char* name) {
  if (node == nullptr) return nullptr;
  for (xmlNode* c = node->children; c != nullptr; c = c->next)
    if (c->type == XML_ELEMENT_NODE && xmlStrEqual(c->name, reinterpret_cast<const xmlChar*>(name)) != 0) return c;
  return nullptr;
}

xmlNode* Descend(xmlNode* node, std::initializer_list<const char*> path) {
  for (const char* name : path) node = Child(node, name);
  return node;
}

std::string Text(const xmlNode* node) {
  if (node == nullptr || node->children == nullptr || node->children->content == nullptr) return "";
  return reinterpret_cast<const char*>(node->children->content);
}

// Inside of `apex`, or apex itself; of attributes and namespaces the element decides.
int IsInside(void* apex, xmlNode* node, xmlNode* parent) {
  const bool element = node != nullptr && node->type != XML_NAMESPACE_DECL && node->type != XML_ATTRIBUTE_NODE;
  for (const xmlNode* n = element ? node : parent; n != nullptr; n = n->parent)
    if (n == apex) return 1;
  return 0;
}

// `apex` nullptr: the whole document.
std::string Canonical(xmlDoc* doc, xmlNode* apex) {
  xmlOutputBuffer* const buffer = xmlAllocOutputBuffer(nullptr);
  std::string out;
  if (xmlC14NExecute(doc, apex == nullptr ? nullptr : IsInside, apex, XML_C14N_1_0, nullptr, 0, buffer) >= 0)
    out.assign(reinterpret_cast<const char*>(xmlOutputBufferGetContent(buffer)), xmlOutputBufferGetSize(buffer));
  xmlOutputBufferClose(buffer);
  return out;
}

std::string Canonical(xmlDoc* doc, xmlNode* apex, C14nOf how) {
  if (apex == nullptr) return "";
  if (how == C14nOf::kInPlace) return Canonical(doc, apex);
  const Doc alone(xmlNewDoc(nullptr));
  xmlDocSetRootElement(alone.get(), xmlDocCopyNode(apex, alone.get(), 1));
  return Canonical(alone.get(), nullptr);
}

bool DigestFits(const std::string& canonical, const xmlNode* value) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(canonical.data()), canonical.size(), digest);
  return Text(value) == Base64Encode({reinterpret_cast<const char*>(digest), sizeof digest});
}

Key KeyOf(const std::string& certificate) {
  const auto der = Base64Decode(certificate);
  if (!der.ok()) return nullptr;
  const auto* p = reinterpret_cast<const unsigned char*>(der->data());
  const std::unique_ptr<X509, Freer<X509_free>> x509(d2i_X509(nullptr, &p, static_cast<long>(der->size())));
  return Key(x509 == nullptr ? nullptr : X509_get_pubkey(x509.get()));
}

bool ValueFits(EVP_PKEY* key, const std::string& signed_info, const std::string& value) {
  const auto bytes = Base64Decode(value);
  if (!bytes.ok() || key == nullptr) return false;
  const std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(bytes->data()), bytes->size(),
                          reinterpret_cast<const unsigned char*>(signed_info.data()), signed_info.size()) == 1;
}

}  // namespace

struct Floor::Keys {
  std::map<std::string, Key> by_certificate;
};

Floor::Floor(C14nOf how) : how_(how), keys_(std::make_unique<Keys>()) {}
Floor::~Floor() = default;

bool Floor::Verify(std::string_view message) {
  const Doc doc(xmlReadMemory(message.data(), static_cast<int>(message.size()), nullptr, nullptr, XML_PARSE_NONET));
  return doc != nullptr && VerifyParsed(doc.get());
}

bool Floor::VerifyParsed(_xmlDoc* doc) {
  xmlNode* const invoice = Descend(xmlDocGetRootElement(doc), {"DLieu", "HDon"});
  xmlNode* const signature = Descend(invoice, {"DSCKS", "NBan", "Signature"});
  xmlNode* const info = Child(signature, "SignedInfo");
  xmlNode* const data = Child(info, "Reference");
  if (data == nullptr || data->next == nullptr) return false;
  const std::string certificate = Text(Descend(signature, {"KeyInfo", "X509Data", "X509Certificate"}));
  Key& key = keys_->by_certificate[certificate];
  if (key == nullptr) key = KeyOf(certificate);
  return DigestFits(Canonical(doc, Child(invoice, "DLHDon"), how_), Child(data, "DigestValue")) &&
         DigestFits(Canonical(doc, Child(signature, "Object"), how_), Child(data->next, "DigestValue")) &&
         ValueFits(key.get(), Canonical(doc, info, how_), Text(Child(signature, "SignatureValue")));
}

}  // namespace tvan::bench
