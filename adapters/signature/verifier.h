#pragma once
// A verifier with parts of it chosen, for tests and benchmarks: which engine computes, which switches of the policy are
// off. Private to adapters/signature; products use MakeSignatureVerifier, which has every switch on and both engines.

#include "adapters/signature.h"
#include "adapters/signature/policy.h"

namespace tvan {

enum class EngineChoice {
  kBoth,    // the fast engine for the shapes it implements, xmlsec1 for the others
  kFast,    // other shapes are signature.engine
  kXmlsec,  // xmlsec1 for all: the oracle
};
struct VerifierParts {
  PolicySwitches switches;
  EngineChoice engine = EngineChoice::kBoth;
};
Result<std::unique_ptr<SignatureVerifier>> MakeVerifierOf(const VerifierParts& parts, const TrustOptions& options,
                                                          const Clock& clock);

}  // namespace tvan
