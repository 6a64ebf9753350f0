#pragma once
// What a receipt's sealed facts say of a document. Pure.

#include <string>

namespace tvan::ctl {

// Whether the facts' own member "sha256" is the digest of this document, its byte-order mark excluded, as the gateway
// takes it. No other member counts: a provider chooses its client_reference itself.
bool SpeaksOf(const std::string& facts, const std::string& document);

}  // namespace tvan::ctl
