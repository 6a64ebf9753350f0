#include "adapters/signature/pki_certificate.h"

#include "adapters/signature.h"

namespace tvan {
namespace {

constexpr long kVersion3 = 2;
constexpr size_t kSerialBytes = 16;

using Extension = std::unique_ptr<X509_EXTENSION, FreeBy<X509_EXTENSION_free>>;

bool SetSerial(X509* cert) {
  std::string bytes = RandomBytes(kSerialBytes);
  bytes[0] = static_cast<char>((bytes[0] & 0x3F) | 0x40);  // positive, of full length
  const BigNumber number(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr));
  return BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(cert)) != nullptr;
}

bool SetSubject(X509* cert, const std::vector<NamePart>& parts) {
  const std::unique_ptr<X509_NAME, FreeBy<X509_NAME_free>> name(X509_NAME_new());
  for (const auto& [oid, value] : parts) {
    if (value.empty()) continue;
    if (X509_NAME_add_entry_by_txt(name.get(), oid, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value.data()),
                                   static_cast<int>(value.size()), -1, 0) != 1) {
      return false;
    }
  }
  return X509_set_subject_name(cert, name.get()) == 1;
}

bool AddExtensions(X509* cert, X509* issuer, const CertificateParts& parts) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  for (const auto& [nid, value] : parts.extensions) {
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
    if (extension == nullptr || X509_add_ext(cert, extension.get(), -1) != 1) return false;
  }
  return true;
}

bool AddMarker(X509* cert) {
  constexpr std::string_view kText = "tvan sandbox";
  std::string der = {'\x0C', static_cast<char>(kText.size())};  // UTF8String
  der += kText;
  const std::unique_ptr<ASN1_OBJECT, FreeBy<ASN1_OBJECT_free>> oid(OBJ_txt2obj(kSandboxOid, 1));
  const std::unique_ptr<ASN1_OCTET_STRING, FreeBy<ASN1_OCTET_STRING_free>> value(ASN1_OCTET_STRING_new());
  ASN1_OCTET_STRING_set(value.get(), reinterpret_cast<const unsigned char*>(der.data()), static_cast<int>(der.size()));
  const Extension extension(X509_EXTENSION_create_by_OBJ(nullptr, oid.get(), 0, value.get()));
  return extension != nullptr && X509_add_ext(cert, extension.get(), -1) == 1;
}

}  // namespace

EvpKey MakeKey(PkiKey kind) {
  return EvpKey(kind == PkiKey::kRsa2048 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", size_t{2048})
                                         : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
}

bool SetTime(ASN1_TIME* out, Time time) {
  return ASN1_TIME_adj(out, static_cast<time_t>(time.us / 1'000'000), 0, 0) != nullptr;
}

Cert BuildCertificate(const CertificateParts& parts, const X509* issuer, EVP_PKEY* issuer_key) {
  Cert cert(X509_new());
  const bool named = X509_set_version(cert.get(), kVersion3) == 1 && SetSerial(cert.get()) &&
                     SetSubject(cert.get(), parts.subject) && X509_set_pubkey(cert.get(), parts.key) == 1 &&
                     SetTime(X509_getm_notBefore(cert.get()), parts.validity.not_before) &&
                     SetTime(X509_getm_notAfter(cert.get()), parts.validity.not_after);
  if (!named) return nullptr;
  X509* signer = issuer == nullptr ? cert.get() : const_cast<X509*>(issuer);
  const bool built = X509_set_issuer_name(cert.get(), X509_get_subject_name(signer)) == 1 &&
                     AddExtensions(cert.get(), signer, parts) && AddMarker(cert.get()) &&
                     X509_sign(cert.get(), issuer_key, parts.digest) > 0;
  return built ? std::move(cert) : nullptr;
}

std::string PemOf(EVP_PKEY* key) {
  const Bio out(BIO_new(BIO_s_secmem()));
  PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return TextOf(out.get());
}

std::string PemOf(X509* certificate) {
  const Bio out(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(out.get(), certificate);
  return TextOf(out.get());
}

std::string PemOf(X509_CRL* crl) {
  const Bio out(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509_CRL(out.get(), crl);
  return TextOf(out.get());
}

}  // namespace tvan
