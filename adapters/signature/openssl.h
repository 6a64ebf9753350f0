#pragma once
// OpenSSL's handles in RAII form and the few conversions that this room needs. Private to adapters/signature.
// Keys and certificates are reference-counted by OpenSSL and may be used for verifying from several threads.

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/status.h"
#include "gateway/core/time.h"

namespace tvan {

template <auto F>
struct FreeBy {
  template <class T>
  void operator()(T* p) const {
    F(p);
  }
};
using EvpKey = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
using EvpKeyContext = std::unique_ptr<EVP_PKEY_CTX, FreeBy<EVP_PKEY_CTX_free>>;
using EvpDigestContext = std::unique_ptr<EVP_MD_CTX, FreeBy<EVP_MD_CTX_free>>;
using Cert = std::unique_ptr<X509, FreeBy<X509_free>>;
using Crl = std::unique_ptr<X509_CRL, FreeBy<X509_CRL_free>>;
using Bio = std::unique_ptr<BIO, FreeBy<BIO_free_all>>;
using BigNumber = std::unique_ptr<BIGNUM, FreeBy<BN_free>>;

// What fails in here leaves nothing in the thread's OpenSSL error queue, which TLS code in the same thread would take
// for its own.
class QuietErrors {
 public:
  QuietErrors() { ERR_set_mark(); }
  ~QuietErrors() { ERR_pop_to_mark(); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
};

// Reads a whole file of at most 16 MB; nullopt when it cannot be read.
std::optional<std::string> ReadSmallFile(const std::string& path);

Cert CertFromDer(std::string_view der);                // empty: damaged, or bytes behind it
std::vector<Cert> CertsFromPem(std::string_view pem);  // all of them, in order
std::vector<Crl> CrlsFromPem(std::string_view pem);
EvpKey PrivateKeyFromPem(std::string_view pem);  // empty: damaged or locked by a passphrase
std::string DerOf(const X509* certificate);
std::string Sha256HexOf(std::string_view bytes);
std::string TextOf(BIO* memory);
std::string SubjectOf(const X509* certificate);  // RFC 2253, UTF-8
std::optional<Time> TimeOf(const ASN1_TIME* time);

}  // namespace tvan
