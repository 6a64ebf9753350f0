#include "tests/fuzz/signing_kit.h"

#include <unistd.h>

#include <filesystem>

#include "adapters/signature/verifier.h"
#include "gateway/core/json.h"
#include "tests/fuzz/elements.h"

namespace tvan::fuzz {
namespace {

PkiValidity Validity() { return {*ParseLocal("2020-01-01T00:00:00"), *ParseLocal("2045-01-01T00:00:00")}; }

template <class T>
T Take(Result<T> result) {
  Require(result.ok(), result.ok() ? "" : result.status().ToString());
  return std::move(result).value();
}

std::string NumberOf(EVP_PKEY* key, const char* name) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &raw) != 1) return {};
  const BigNumber number(raw);
  std::string bytes(static_cast<size_t>(BN_num_bytes(raw)), '\0');
  BN_bn2bin(raw, reinterpret_cast<unsigned char*>(bytes.data()));
  return Base64Encode(bytes);
}

bool Names(const XmlNode& node, std::string_view name) {
  return node.name() == name && node.namespace_uri() == kDsigNs && !node.has_child_elements();
}

}  // namespace

const SigningKit& SigningKit::Get() {
  static const SigningKit kit;
  return kit;
}

SigningKit::SigningKit() {
  const auto ca = Take(SandboxCa::Create("Fuzz CA", PkiKey::kEcP256, Validity()));
  rsa_ = Make(*ca, PkiKey::kRsa2048);
  ec_ = Make(*ca, PkiKey::kEcP256);
  std::string folder = (std::filesystem::temp_directory_path() / "tvan-fuzz-XXXXXX").string();
  Require(mkdtemp(folder.data()) != nullptr, "no temporary folder");
  TrustOptions options;
  options.trust_files = {folder + "/ca.pem"};
  Require(WritePem(options.trust_files[0], ca->pem().certificate_pem, PemKind::kPublic).ok(), "the CA is not written");
  shipped_ = Take(MakeVerifierOf({{}, EngineChoice::kBoth}, options, *clock_));
  oracle_ = Take(MakeVerifierOf({{}, EngineChoice::kXmlsec}, options, *clock_));
  std::filesystem::remove_all(folder);
}

SigningKit::Signer SigningKit::Make(const SandboxCa& ca, PkiKey kind) {
  CertificateSpec spec;
  spec.common_name = "Fuzz signer";
  spec.tax_code = "0101234567";
  spec.key = kind;
  spec.validity = Validity();
  const KeyAndCertificate pair = Take(ca.Issue(spec));
  const std::string der = DerOf(CertsFromPem(pair.certificate_pem).at(0).get());
  Signer signer{PrivateKeyFromPem(pair.key_pem), ReadSignerCertificate(der, {}), Base64Encode(der), "", ""};
  Require(signer.key != nullptr && signer.certificate != nullptr, "our own key cannot be read");
  signer.modulus = NumberOf(signer.key.get(), "n");
  signer.exponent = NumberOf(signer.key.get(), "e");
  return signer;
}

const SigningKit::Signer& SigningKit::For(const XmlNode& signature) const {
  const XmlNode method = signature.Child("SignedInfo", kDsigNs).Child("SignatureMethod", kDsigNs);
  const std::string uri = method ? method.Attribute("Algorithm").value_or("") : "";
  return uri.find("#ecdsa") != std::string::npos ? ec_ : rsa_;
}

std::string SigningKit::WithOurs(const XmlDocument& document) const {
  std::vector<Edit> edits;
  for (const XmlNode& signature : SignaturesOf(document)) {
    const Signer& signer = For(signature);
    for (XmlNode part = signature.first_child(); part; part = part.next_sibling()) {
      if (part.name() != "KeyInfo") continue;
      for (const XmlNode& node : ElementsOf(part)) {
        if (Names(node, "X509Certificate")) edits.push_back(ContentEdit(node, signer.base64));
        if (Names(node, "Modulus")) edits.push_back(ContentEdit(node, signer.modulus));
        if (Names(node, "Exponent")) edits.push_back(ContentEdit(node, signer.exponent));
      }
    }
  }
  return Edited(document.bytes(), std::move(edits));
}

std::vector<XmlNode> SignaturesOf(const XmlDocument& document) {
  std::vector<XmlNode> found;
  for (const XmlNode& node : ElementsOf(document.root()))
    if (node.name() == "Signature" && node.namespace_uri() == kDsigNs && found.size() < 4) found.push_back(node);
  return found;
}

std::string Spoilt(std::string bytes, const ByteRange& range, Dice* dice) {
  static const char* const kPieces[] = {"<!---->", " ",      "\n", "\r",     "&#13;",
                                        "<a/>",    "]]&gt;", "0",  "A=\"\"", " xmlns=\"\""};
  const size_t at = range.offset + dice->Below(range.size);
  switch (dice->Below(4)) {
    case 0:
      return bytes.erase(at, 1);
    case 1:
      return bytes.insert(at, kPieces[dice->Below(std::size(kPieces))]);
    case 2:
      return bytes.insert(at, 1, bytes[at]);
    default:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << dice->Below(7)));
      return bytes;
  }
}

}  // namespace tvan::fuzz
