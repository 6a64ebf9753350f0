#include "adapters/signature/signer_certificate.h"

#include <openssl/core_names.h>

#include <set>

#include "gateway/core/ids.h"

namespace tvan {
namespace {

constexpr int kMaxExponentBits = 64;

std::string EntryText(const X509_NAME_ENTRY* entry) {
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));
  if (size < 0) return {};
  std::string value(reinterpret_cast<char*>(text), static_cast<size_t>(size));
  OPENSSL_free(text);
  return value;
}

// All values of one attribute of the subject.
std::vector<std::string> ValuesOf(const X509* certificate, const char* oid) {
  std::vector<std::string> values;
  const std::unique_ptr<ASN1_OBJECT, FreeBy<ASN1_OBJECT_free>> wanted(OBJ_txt2obj(oid, 1));
  const X509_NAME* name = X509_get_subject_name(certificate);
  for (int at = -1; (at = X509_NAME_get_index_by_OBJ(name, wanted.get(), at)) >= 0;) {
    values.push_back(EntryText(X509_NAME_get_entry(name, at)));
  }
  return values;
}

// The tax code behind `prefix`, with blanks around it allowed.
std::string BehindPrefix(std::string_view value, std::string_view prefix) {
  if (value.substr(0, prefix.size()) != prefix) return {};
  value.remove_prefix(prefix.size());
  const size_t begin = value.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  value = value.substr(begin, value.find_last_not_of(' ') - begin + 1);
  const auto code = ParseTaxCode(value);
  return code.ok() ? code->value() : std::string();
}

// The one tax code among the words of `text`; two different ones are none. A full stop parts no words: a host name
// says nothing about a tax code.
std::string OnlyWord(std::string_view text) {
  constexpr std::string_view kBetweenWords = " ,:;/()[]{}<>";
  std::set<std::string> codes;
  while (!text.empty()) {
    const size_t begin = text.find_first_not_of(kBetweenWords);
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const size_t size = std::min(text.find_first_of(kBetweenWords), text.size());
    const auto code = ParseTaxCode(text.substr(0, size));
    if (code.ok()) codes.insert(code->value());
    text.remove_prefix(size);
  }
  return codes.size() == 1 ? *codes.begin() : std::string();
}

// Dotted; empty when OpenSSL does not know the name.
std::string OidOf(const std::string& name) {
  const std::unique_ptr<ASN1_OBJECT, FreeBy<ASN1_OBJECT_free>> object(OBJ_txt2obj(name.c_str(), 0));
  char text[128] = {};
  if (object == nullptr || OBJ_obj2txt(text, sizeof text, object.get(), 1) <= 0) return {};
  return text;
}

bool IsForMachines(const ASN1_OBJECT* purpose) {
  switch (OBJ_obj2nid(purpose)) {
    case NID_server_auth:
    case NID_ms_sgc:
    case NID_ns_sgc:
    case NID_time_stamp:
    case NID_OCSP_sign:
    case NID_code_sign:
      return true;
    default:
      return false;
  }
}

// Where purposes are stated, one of them suits a person or an organisation; we need not know it.
bool HasPurposeOfHolder(const X509* certificate) {
  if (X509_get_ext_by_NID(certificate, NID_ext_key_usage, -1) < 0) return true;
  const std::unique_ptr<EXTENDED_KEY_USAGE, FreeBy<EXTENDED_KEY_USAGE_free>> purposes(
      static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr)));
  for (int i = 0; i < sk_ASN1_OBJECT_num(purposes.get()); ++i)
    if (!IsForMachines(sk_ASN1_OBJECT_value(purposes.get(), i))) return true;
  return false;
}

bool IsForSigning(X509* certificate) {
  constexpr uint32_t kSigning = KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION;
  constexpr int kCa = 1;  // by basic constraints
  return (X509_get_key_usage(certificate) & kSigning) != 0 && X509_check_ca(certificate) != kCa &&
         HasPurposeOfHolder(certificate);
}

void ReadKey(SignerCertificate& signer) {
  const EVP_PKEY* key = signer.key.get();
  signer.bits = EVP_PKEY_get_bits(key);
  signer.sound_exponent = HasSoundExponent(key);
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
    signer.kind = SignerCertificate::KeyKind::kRsa;
  } else if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC) {
    char name[64] = {};
    size_t size = 0;
    if (EVP_PKEY_get_group_name(key, name, sizeof name, &size) != 1) return;
    const std::string_view curve(name, size);
    if (curve == "prime256v1" || curve == "P-256") signer.kind = SignerCertificate::KeyKind::kP256;
    if (curve == "secp384r1" || curve == "P-384") signer.kind = SignerCertificate::KeyKind::kP384;
  }
}

}  // namespace

bool HasSoundExponent(const EVP_PKEY* key) {
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) return true;
  BIGNUM* exponent = nullptr;
  const bool read = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent) == 1;
  const BigNumber owned(exponent);
  return read && BN_is_odd(exponent) == 1 && BN_is_one(exponent) == 0 && BN_num_bits(exponent) <= kMaxExponentBits;
}

std::vector<std::string> DefaultTaxCodeSources() {
  return {"UID=MST:",
          "UID=",
          "UID=CCCD:",
          "serialNumber=MST:",
          "serialNumber=",
          "serialNumber=CCCD:",
          "organizationIdentifier=VATVN-",
          "CN~"};
}

Result<std::vector<TaxCodeSource>> ReadTaxCodeSources(const std::vector<std::string>& texts) {
  std::vector<TaxCodeSource> sources;
  for (const std::string& text : texts.empty() ? DefaultTaxCodeSources() : texts) {
    const size_t end = text.find_first_of("=~");
    TaxCodeSource source;
    if (end != std::string::npos) source = {OidOf(text.substr(0, end)), text.substr(end + 1), text[end] == '~'};
    if (source.oid.empty() || (source.word && !source.prefix.empty()))
      return Status::Permanent("signature.trust"_reason, "no source of tax codes: " + text);
    sources.push_back(std::move(source));
  }
  return sources;
}

std::string TaxCodeOf(const X509* certificate, const std::vector<TaxCodeSource>& sources) {
  for (const TaxCodeSource& source : sources) {
    for (const std::string& value : ValuesOf(certificate, source.oid.c_str())) {
      std::string code = source.word ? OnlyWord(value) : BehindPrefix(value, source.prefix);
      if (!code.empty()) return code;
    }
  }
  return {};
}

std::shared_ptr<const SignerCertificate> ReadSignerCertificate(std::string_view der,
                                                               const std::vector<TaxCodeSource>& sources) {
  auto signer = std::make_shared<SignerCertificate>();
  signer->certificate = CertFromDer(der);
  if (signer->certificate == nullptr) return nullptr;
  signer->key.reset(X509_get_pubkey(signer->certificate.get()));
  if (signer->key == nullptr) return nullptr;
  ReadKey(*signer);
  signer->for_signing = IsForSigning(signer->certificate.get());
  signer->sha256 = Sha256HexOf(der);
  signer->subject = SubjectOf(signer->certificate.get());
  signer->tax_code = TaxCodeOf(signer->certificate.get(), sources);
  return signer;
}

}  // namespace tvan
