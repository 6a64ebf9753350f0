#pragma once
// Whose allowance a call of the provider API counts against. Internal to intake and app.

#include <string>

#include "gateway/core/ids.h"
#include "gateway/core/status.h"

namespace tvan {

// On whose account a call is: the provider's, or of a certificate that belongs to none, its own.
inline ProviderId PayerOf(const Result<ProviderId>& provider, const std::string& certificate) {
  return provider ? *provider : ProviderId::Trusted("?" + certificate);
}

}  // namespace tvan
