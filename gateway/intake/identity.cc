#include "gateway/intake/identity.h"

#include "gateway/core/json.h"

namespace tvan {

std::optional<std::string> CertificateFingerprint(std::string_view pem, const Digester& digester) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----", kEnd = "-----END CERTIFICATE-----";
  const size_t begin = pem.find(kBegin);
  if (begin == std::string_view::npos) return std::nullopt;
  const size_t body = begin + kBegin.size(), end = pem.find(kEnd, body);
  if (end == std::string_view::npos) return std::nullopt;
  const auto der = Base64Decode(pem.substr(body, end - body));
  if (!der || der->empty()) return std::nullopt;
  return digester.Sha256Of(*der).Hex();
}

}  // namespace tvan
