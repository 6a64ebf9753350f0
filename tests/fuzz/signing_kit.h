#pragma once
// Keys of its own for a fuzz target, made when the process starts, and documents made to verify with them: a mutated
// document never has a valid signature by itself, so its certificates are replaced and its values computed anew.
// Single thread.

#include <optional>
#include <string>

#include "adapters/signature.h"
#include "adapters/signature/engine.h"
#include "adapters/signature/pki.h"
#include "tests/fuzz/counter.h"

namespace tvan::fuzz {

class SigningKit {
 public:
  struct Signer {
    EvpKey key;
    std::shared_ptr<const SignerCertificate> certificate;
    std::string base64;             // of the certificate's DER
    std::string modulus, exponent;  // base64; RSA
  };

  static const SigningKit& Get();
  const Signer& For(const XmlNode& signature) const;  // by the SignatureMethod that stands there
  // The document with our certificate in every X509Certificate and our key in every RSAKeyValue.
  std::string WithOurs(const XmlDocument& document) const;

  // The whole verifier as it is shipped, and with xmlsec1 alone; both trust the certificates.
  const SignatureVerifier& shipped() const { return *shipped_; }
  const SignatureVerifier& oracle() const { return *oracle_; }

 private:
  SigningKit();
  static Signer Make(const SandboxCa& ca, PkiKey kind);

  std::unique_ptr<Clock> clock_ = MakeSystemClock();
  Signer rsa_, ec_;
  std::unique_ptr<SignatureVerifier> shipped_, oracle_;
};

// The ds:Signature elements, in document order; at most four.
std::vector<XmlNode> SignaturesOf(const XmlDocument& document);

// `bytes` with one place in `range` changed.
std::string Spoilt(std::string bytes, const ByteRange& range, Dice* dice);

}  // namespace tvan::fuzz
