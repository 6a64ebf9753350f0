#pragma once
// Certificates with what no sandbox would issue, signed by any other one; and how a signature of theirs is judged.
// Single thread.

#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include "adapters/signature/pki_certificate.h"
#include "tests/unit/signature/sandbox.h"

namespace tvan {

using Extensions = std::vector<std::pair<int, std::string>>;

struct Made {
  EvpKey key;
  Cert certificate;
  std::string pem() const { return PemOf(certificate.get()); }
  std::string der() const { return DerOf(certificate.get()); }
  // An X509Certificate, to stand beside the signer's own.
  std::string element() const { return "<X509Certificate>" + Base64Encode(der()) + "</X509Certificate>"; }
};

inline Extensions OfCa() {
  return {{NID_basic_constraints, "critical,CA:TRUE"}, {NID_key_usage, "critical,keyCertSign,cRLSign"}};
}
inline Extensions OfSigner() {
  return {{NID_basic_constraints, "critical,CA:FALSE"}, {NID_key_usage, "critical,digitalSignature,nonRepudiation"}};
}

inline EvpKey Rsa(size_t bits) { return EvpKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits)); }
inline EvpKey Ec(const char* curve = "P-256") { return EvpKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve)); }

// An RSA key whose public and private exponents are 1: everybody can sign by it.
inline EvpKey RsaOfExponentOne(size_t bits = 2048) {
  const EvpKey sound = Rsa(bits);
  const std::unique_ptr<OSSL_PARAM_BLD, FreeBy<OSSL_PARAM_BLD_free>> build(OSSL_PARAM_BLD_new());
  std::vector<BigNumber> numbers;
  for (const char* name : {OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D,
                           OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2, OSSL_PKEY_PARAM_RSA_EXPONENT1,
                           OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1}) {
    BIGNUM* number = nullptr;
    TVAN_CHECK(EVP_PKEY_get_bn_param(sound.get(), name, &number) == 1);
    numbers.emplace_back(number);
    const std::string_view which(name);
    if (which == "e" || which == "d" || which.starts_with("rsa-exponent")) BN_one(number);
    OSSL_PARAM_BLD_push_BN(build.get(), name, number);
  }
  const std::unique_ptr<OSSL_PARAM, FreeBy<OSSL_PARAM_free>> values(OSSL_PARAM_BLD_to_param(build.get()));
  const EvpKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  TVAN_CHECK(EVP_PKEY_fromdata_init(context.get()) == 1 &&
             EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, values.get()) == 1);
  return EvpKey(key);
}

// `above` null: signed by itself.
inline Made Make(EvpKey key, const std::string& name, const Made* above, Extensions extensions,
                 const EVP_MD* digest = EVP_sha256(), const PkiValidity& validity = Sandbox::wide()) {
  CertificateParts parts{{{"2.5.4.6", "VN"}, {"2.5.4.3", name}}, validity, std::move(extensions), key.get()};
  parts.digest = digest;
  Cert certificate = BuildCertificate(parts, above == nullptr ? nullptr : above->certificate.get(),
                                      above == nullptr ? key.get() : above->key.get());
  TVAN_CHECK(certificate != nullptr);
  return {std::move(key), std::move(certificate)};
}

// The common message, signed by it at 2026-11-21T10:00:00.
inline std::string SignedBy(const Made& signer, const std::string& more_certificates = "") {
  Sandbox& sandbox = Sandbox::Shared();
  sandbox.Write("made.key", PemOf(signer.key.get()));
  sandbox.Write("made.crt", signer.pem());
  return Replaced(sandbox.Sign(Message(Invoice()), "made"), "</X509Data>", more_certificates + "</X509Data>");
}

inline TrustOptions Trusting(const Made& root) {
  TrustOptions options;
  options.trust_files = {Sandbox::Shared().Write("made-root.pem", root.pem())};
  return options;
}

}  // namespace tvan
