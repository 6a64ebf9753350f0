#include <openssl/ecdsa.h>

#include <array>

#include "adapters/signature/canonical.h"
#include "adapters/signature/digests.h"
#include "adapters/signature/engine.h"
#include "gateway/core/json.h"

namespace tvan {
namespace {

using What = EngineVerdict::What;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, FreeBy<ECDSA_SIG_free>>;

const xmlNode* Native(const XmlNode& node) { return static_cast<const xmlNode*>(node.native()); }

// References drop comments (XML Signature 4.3.3.3: '#id' and '' select none), so that their form with comments is the
// one without. In SignedInfo comments would count; such shapes are left to xmlsec1.
bool IsInclusive(CanonicalForm form) {
  return form == CanonicalForm::kInclusive || form == CanonicalForm::kInclusiveWithComments;
}

bool IsMine(const SignatureShape& shape) {
  if (!shape.plain_namespaces || !IsInclusive(shape.form) || shape.method_digest == DigestMethod::kOther) return false;
  for (const SignedReference& r : shape.references)
    if (!r.target || !IsInclusive(r.form) || r.digest == DigestMethod::kOther) return false;
  return !HoldsComment(Native(shape.signed_info)) && !HoldsComment(Native(shape.value));
}

std::optional<std::string> Decoded(const XmlNode& node) {
  std::string pieces;
  auto bytes = Base64Decode(node.TextView(&pieces));
  if (!bytes.ok()) return std::nullopt;
  return std::move(bytes).value();
}

// What every call writes into; kept by the thread unless it grew large.
class Buffer {
 public:
  Buffer() { Text().clear(); }
  ~Buffer() {
    if (Text().capacity() > kKept) std::string().swap(Text());
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  std::string& Text() {
    thread_local std::string text;
    return text;
  }

 private:
  static constexpr size_t kKept = 256 * 1024;
};

// kValid: the digest is the one that stands there.
What CheckReference(const SignedReference& reference, const XmlNode& signature) {
  // The Signature is taken out of what it stands in. By the allowance enveloped_on_object a Reference to a signed
  // Object may say so too; its signer digested the Object as it is (protocol.md 10.4 a).
  const bool take_out = reference.enveloped && !reference.inside_signature;
  Buffer buffer;
  if (!AppendCanonical(Native(reference.target), take_out ? Native(signature) : nullptr, &buffer.Text()))
    return What::kNotMine;
  const auto expected = Decoded(reference.digest_value);
  if (!expected) return What::kNotMine;
  unsigned char out[EVP_MAX_MD_SIZE];
  const std::string_view digest = DigestOf(reference.digest, buffer.Text(), out);
  if (digest.empty()) return What::kFailed;
  return digest == *expected ? What::kValid : What::kBadDigest;
}

// XML Signature writes r and s beside each other, OpenSSL wants them in DER. Empty: another length than the curve's.
std::string EcdsaDer(std::string_view raw, size_t size) {
  if (raw.size() != 2 * size) return {};
  const auto number = [&](size_t at) {
    return BN_bin2bn(reinterpret_cast<const unsigned char*>(raw.data()) + at, static_cast<int>(size), nullptr);
  };
  const EcdsaSignature signature(ECDSA_SIG_new());
  if (signature == nullptr || ECDSA_SIG_set0(signature.get(), number(0), number(size)) != 1) return {};
  unsigned char* der = nullptr;
  const int length = i2d_ECDSA_SIG(signature.get(), &der);
  std::string out = length > 0 ? std::string(reinterpret_cast<char*>(der), static_cast<size_t>(length)) : "";
  OPENSSL_free(der);
  return out;
}

std::optional<std::string> SignatureValue(const SignatureShape& shape, const SignerCertificate& signer) {
  auto value = Decoded(shape.value);
  if (!value || signer.kind == SignerCertificate::KeyKind::kRsa) return value;
  *value = EcdsaDer(*value, signer.kind == SignerCertificate::KeyKind::kP256 ? 32 : 48);
  if (value->empty()) return std::nullopt;
  return value;
}

What CheckValue(const SignatureShape& shape, const SignerCertificate& signer) {
  const auto value = SignatureValue(shape, signer);
  Buffer buffer;
  if (!value || !AppendCanonical(Native(shape.signed_info), nullptr, &buffer.Text())) return What::kNotMine;
  unsigned char out[EVP_MAX_MD_SIZE];
  const std::string_view digest = DigestOf(shape.method_digest, buffer.Text(), out);
  EvpKeyContext context = signer.contexts.Take(signer.key.get(), shape.method_digest);
  if (context == nullptr || digest.empty()) return What::kNotMine;
  const auto bytes = [](std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); };
  const int verdict = EVP_PKEY_verify(context.get(), bytes(*value), value->size(), bytes(digest), digest.size());
  signer.contexts.GiveBack(shape.method_digest, std::move(context));
  return verdict == 1 ? What::kValid : What::kBadValue;
}

}  // namespace

EngineVerdict VerifyFast(const SignatureShape& shape, const SignerCertificate& signer) {
  if (!IsMine(shape) || signer.kind == SignerCertificate::KeyKind::kOther) return {What::kNotMine, 0};
  for (size_t i = 0; i < shape.references.size(); ++i) {
    const What what = CheckReference(shape.references[i], shape.signature);
    if (what != What::kValid) return {what, i};
  }
  return {CheckValue(shape, signer), 0};
}

}  // namespace tvan
