#pragma once
// Signs whatever a Signature element asks for, sense or not: any algorithm, transform and target, by libxml2's
// canonicalisation and OpenSSL alone. None of the gateway's policy or engines takes part. Pure; for tests.

#include <string>

#include "tests/support/hostile_keys.h"

namespace tvan {

// Fills each DigestValue and the SignatureValue of the first Signature in `document`, whatever stands there. A
// Reference whose target is not in the document gets the digest of nothing. A document that cannot be parsed stays
// as it is; one without SignedInfo ends the program.
std::string SignAnything(const std::string& document, const Signatory& by);
// The same, but each DigestValue stays as it stands.
std::string SignAsItStands(const std::string& document, const Signatory& by);

}  // namespace tvan
