#pragma once
// What a signer's certificate says about its holder. Private to adapters/signature. Values shared between threads.

#include <string>
#include <string_view>

#include "adapters/signature/openssl.h"
#include "adapters/signature/policy.h"

namespace tvan {

struct SignerCertificate {
  Cert certificate;
  EvpKey key;
  std::string sha256;    // hex of the DER
  std::string subject;   // RFC 2253
  std::string tax_code;  // empty: none found
};

// Empty when the DER is no certificate or its key cannot be read.
std::shared_ptr<const SignerCertificate> ReadSignerCertificate(std::string_view der);

// The tax code a subject names. Order: UID "MST:…" (the form Vietnamese CAs write), UID without a prefix, UID "CCCD:…"
// (12 digits, a tax code since 2025), serialNumber likewise, organizationIdentifier "VATVN-…", then the only tax code
// that stands as a word in CN. Empty: none.
std::string TaxCodeOf(const X509* certificate);

// RSA 2048–4096 (from 1024 with the switch), P-256 or P-384: signature.key_size. Fits the method:
// signature.algorithm_key. Key usage, when stated, allows signing: signature.key_usage. Equal to every KeyValue that
// stands beside: signature.key_value. Appends faults.
void CheckSignerKey(const SignerCertificate& signer, const SignatureShape& shape, LegacySha1 legacy,
                    std::vector<Fault>* faults);

}  // namespace tvan
