#pragma once
// Who calls: the SHA-256 of a client certificate, as contracts name it. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/digest.h"

namespace tvan {

// Of the first certificate in a PEM text: lower-case hex of the SHA-256 of its DER; nullopt: no certificate there.
std::optional<std::string> CertificateFingerprint(std::string_view pem, const Digester& digester);

}  // namespace tvan
