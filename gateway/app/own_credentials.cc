#include "gateway/app/own_credentials.h"

#include <utility>

namespace tvan {

Result<std::unique_ptr<OwnCredentials>> OwnCredentials::Read(const config::v1::Config& config, SoapChannel& channel,
                                                             Clock& clock, Metrics& metrics) {
  auto providers = ListenerCredentials::Read(config, ProviderListenerFiles(config), clock, metrics);
  if (!providers) return providers.status();
  auto operators = ListenerCredentials::Read(config, AdminListenerFiles(config), clock, metrics);
  if (!operators) return operators.status();
  auto line = std::make_unique<LineCredentials>(config, channel, clock, metrics);
  return std::unique_ptr<OwnCredentials>(
      new OwnCredentials(*std::move(providers), *std::move(operators), std::move(line)));
}

void OwnCredentials::Look() {
  operators_->Look();
  providers_->Look();
  line_->Look();
}

AllInForce OwnCredentials::InForce(std::map<std::string, std::string> trust_refused) const {
  return {providers_->InForce(), operators_->InForce(), line_->InForce(), std::move(trust_refused)};
}

}  // namespace tvan
