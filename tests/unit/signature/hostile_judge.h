#pragma once
// What the gateway says of a hostile variant: the stage of signatures alone, with the demands that the gateway itself
// makes, and the gateway as a whole. Single thread.

#include <set>
#include <string>

#include "tests/support/hostile_signatures.h"

namespace tvan {

using Rules = std::set<std::string>;

std::string Joined(const Rules& rules);  // "ok" when there are none
// `expected` of HostileVariant::rule: one of its alternatives is among them, both are empty, or either will do.
bool Fits(const Rules& rules, const std::string& expected);

// What the stage of signatures finds, as errors; a reason of the parser when it cannot be read within `limits`.
Rules SignatureRules(const SignedMessage& message, const std::string& bytes, const SignatureVerifier& verifier,
                     const XmlLimits& limits = {});
// What the whole gateway finds, as errors. An answer: "answer.<annotation>" unless it is VERIFIED.
Rules GatewayRules(const SignedMessage& message, const std::string& bytes);

}  // namespace tvan
