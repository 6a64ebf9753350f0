#pragma once
// The authority's signature on an answer becomes an annotation that is stored and delivered (DESIGN section 3.6).

#include <string>

#include "adapters/signature.h"
#include "gateway/validate/answer.h"

namespace tvan {

// "VERIFIED", "UNVERIFIED(<rule>)" or "UNSIGNED"; a signature without a signing time is noted as a deviation.
std::string Annotate(const XmlDocument& document, const SignatureVerifier& verifier, Time received_at,
                     ParsedAnswer& answer);

}  // namespace tvan
