#pragma once
// Building blocks of the sandbox's certificate factory. Private to adapters/signature.

#include "adapters/signature/openssl.h"
#include "adapters/signature/pki.h"

namespace tvan {

using NamePart = std::pair<const char*, std::string>;  // OID, value; empty values are left out

EvpKey MakeKey(PkiKey kind);
// What a certificate is made of; `issuer` empty: self-signed.
struct CertificateParts {
  std::vector<NamePart> subject;
  PkiValidity validity;
  std::vector<std::pair<int, std::string>> extensions;  // NID, value in OpenSSL's configuration syntax
  EVP_PKEY* key = nullptr;
  const EVP_MD* digest = EVP_sha256();  // of the signature on it
};
Cert BuildCertificate(const CertificateParts& parts, const X509* issuer, EVP_PKEY* issuer_key);  // empty: refused
bool SetTime(ASN1_TIME* out, Time time);
std::string PemOf(EVP_PKEY* key);
std::string PemOf(X509* certificate);
std::string PemOf(X509_CRL* crl);

}  // namespace tvan
