#pragma once
// What a signer's certificate says about its holder, and its key made ready. Private to adapters/signature. Shared
// between threads.

#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/signature/openssl.h"
#include "adapters/signature/policy.h"

namespace tvan {

// Where a subject names a tax code: see TrustOptions::tax_code_from.
struct TaxCodeSource {
  std::string oid;
  std::string prefix;
  bool word = false;  // the only tax code that stands as a word of its own
};
// signature.trust when an entry is malformed; of an empty list the default sources.
Result<std::vector<TaxCodeSource>> ReadTaxCodeSources(const std::vector<std::string>& texts);

// Contexts of one key, ready to verify: making one costs as much as verifying. Taken and given back by any thread.
class KeyContexts {
 public:
  // Made when none is idle; empty when OpenSSL cannot.
  EvpKeyContext Take(EVP_PKEY* key, DigestMethod digest) const;
  void GiveBack(DigestMethod digest, EvpKeyContext context) const;

 private:
  mutable std::mutex mutex_;
  mutable std::vector<std::pair<DigestMethod, EvpKeyContext>> idle_;
};

struct SignerCertificate {
  enum class KeyKind { kOther, kRsa, kP256, kP384 };

  Cert certificate;
  EvpKey key;
  KeyKind kind = KeyKind::kOther;
  int bits = 0;
  bool sound_exponent = false;  // see HasSoundExponent
  bool for_signing = false;     // by key usage, purposes and basic constraints, each where the certificate states it
  std::string sha256;           // hex of the DER
  std::string subject;          // RFC 2253
  std::string tax_code;         // empty: none found
  KeyContexts contexts;
};

// Empty when the DER is no certificate or its key cannot be read.
std::shared_ptr<const SignerCertificate> ReadSignerCertificate(std::string_view der,
                                                               const std::vector<TaxCodeSource>& sources);

// The tax code that the subject names, by the first source that gives one. Empty: none.
std::string TaxCodeOf(const X509* certificate, const std::vector<TaxCodeSource>& sources);

// RSA: the public exponent is odd, from 3 (by 1 everybody signs), at most 64 bits (larger ones only cost time). Other
// keys have none.
bool HasSoundExponent(const EVP_PKEY* key);

// RSA 2048–4096 (from 1024 by allowance, marked) of a sound exponent, P-256 or P-384: signature.key_size. Fits the
// method: signature.algorithm_key. Is for signing and not a CA's own: signature.key_usage. Equal to every KeyValue
// that stands beside: signature.key_value. Appends faults.
void CheckSignerKey(const SignerCertificate& signer, const Policy& policy, SignatureShape* shape,
                    std::vector<Fault>* faults);

}  // namespace tvan
