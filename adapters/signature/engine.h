#pragma once
// The engine: xmlsec1 (OpenSSL) with same-document references, an explicit list of transforms and the signer's key
// handed in, so that it looks for none. It only sees what the policy passed. Private to adapters/signature.
// Thread-safe: one context per call; the document is not changed (ids were registered when it was parsed).

#include "adapters/signature/openssl.h"
#include "adapters/signature/policy.h"

namespace tvan {

struct EngineVerdict {
  enum class What { kValid, kBadDigest, kBadValue, kFailed };
  What what = What::kFailed;
  size_t reference = 0;  // which one, for kBadDigest
};
// `signature`: shape.signature, or the same element in a projection.
EngineVerdict VerifyWithXmlsec(const SignatureShape& shape, const XmlNode& signature, EVP_PKEY* key, LegacySha1 legacy);

// Fills DigestValue and SignatureValue of a template in a document of one's own.
bool SignWithXmlsec(const XmlNode& signature, EVP_PKEY* key);

}  // namespace tvan
