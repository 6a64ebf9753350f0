#include "gateway/app/listeners.h"

#include "gateway/app/settings.h"
#include "gateway/core/log.h"

namespace tvan {
namespace {

// Checked with the configuration: each has a known role.
std::map<std::string, OperatorRole> RolesOf(const config::v1::AdminApi& api) {
  std::map<std::string, OperatorRole> roles;
  for (const auto& entry : api.operators())
    roles[ParseSha256Hex(entry.certificate())->Hex()] = *ParseOperatorRole(entry.role());
  return roles;
}

// Says how many descriptors there are, and answers how many of them connections must leave alone.
uint32_t Descriptors(uint32_t wanted, Metrics& metrics) {
  const uint64_t limit = RaiseDescriptorLimit();
  const uint32_t spare = SpareDescriptors(limit);
  metrics.GetGauge("tvan_descriptors_limit", "Descriptors that this process may have open")
      .Set(static_cast<double>(limit));
  if (limit < uint64_t{wanted} + spare)
    Log(LogLevel::kWarning, "app.descriptors",
        {{"limit", std::to_string(limit)},
         {"max_connections", std::to_string(wanted)},
         {"what", "so many connections cannot be open: raise the limit of descriptors, or lower max_connections"}});
  return spare;
}

}  // namespace

Result<std::unique_ptr<ProviderServer>> ListenForProviders(const config::v1::ProviderApi& api, ListenerTls& tls,
                                                           const std::vector<grpc::Service*>& services,
                                                           HealthService::Parts health, Metrics& metrics) {
  ProviderServer::Options options = ProviderSettings(api);
  options.spare_descriptors = Descriptors(options.connections.all, metrics);
  return ProviderServer::Start(options, tls, services, std::move(health), metrics);
}

Result<std::unique_ptr<AdminServer>> ListenForOperators(const config::v1::AdminApi& api,
                                                        const AdminServer::Parts& parts) {
  return AdminServer::Start({api.listen(), RolesOf(api)}, parts);
}

Result<std::unique_ptr<HttpServer>> ListenForMachines(const config::v1::Http& http, const Health& health,
                                                      const std::string& key_set_json, const Metrics& metrics) {
  HttpServer::Pages pages;
  pages["/livez"] = [] { return HttpPage{200, "text/plain", "ok\n"}; };
  pages["/healthz"] = [&health] {
    const std::string why = health.why();
    return HttpPage{why.empty() ? 200u : 503u, "text/plain", why.empty() ? "serving\n" : why + "\n"};
  };
  pages["/metrics"] = [&metrics] { return HttpPage{200, "text/plain; version=0.0.4", metrics.Render()}; };
  pages["/keys.json"] = [&key_set_json] { return HttpPage{200, "application/json", key_set_json}; };
  return HttpServer::Start({http.listen(), http.max_connections()}, std::move(pages));
}

}  // namespace tvan
