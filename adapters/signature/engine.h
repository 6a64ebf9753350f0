#pragma once
// The engines that compute digests and signature values. They only see what the policy passed and are given the
// signer's key. Private to adapters/signature. Thread-safe; the document is not changed.
// The fast engine (own canonicaliser, EVP) takes shapes of inclusive C14N without comments in SignedInfo; xmlsec1 takes
// every shape that the policy passes and is the oracle: what the fast one accepts, it accepts. The one exception is the
// allowance enveloped_on_object, which xmlsec1 cannot express (protocol.md 10.4 a).

#include "adapters/signature/openssl.h"
#include "adapters/signature/policy.h"
#include "adapters/signature/signer_certificate.h"

namespace tvan {

struct EngineVerdict {
  // kNotMine: the fast engine leaves the shape to xmlsec1. kFailed: the engine could not compute. kTooMuch: it would
  // cost more than the document may.
  enum class What { kValid, kBadDigest, kBadValue, kFailed, kNotMine, kTooMuch };
  What what = What::kFailed;
  size_t reference = 0;  // which one, for kBadDigest
};
// Idempotent; whatever the engines and OpenSSL open or load, they do here and never while a message is checked.
void StartEngines();

EngineVerdict VerifyFast(const SignatureShape& shape, const SignerCertificate& signer);
// `signature`: shape.signature, or the same element in a projection.
EngineVerdict VerifyWithXmlsec(const SignatureShape& shape, const XmlNode& signature, EVP_PKEY* key,
                               const SignatureAllowances& allowed);

// Fills DigestValue and SignatureValue of a template in a document of one's own.
bool SignWithXmlsec(const XmlNode& signature, EVP_PKEY* key);

}  // namespace tvan
