#pragma once
// The three listeners, opened as the configuration says: providers, operators, machines. Errors: those of the
// servers.

#include <string>
#include <vector>

#include "gateway/admin/admin_server.h"
#include "gateway/admin/http_server.h"
#include "gateway/app/health.h"
#include "gateway/intake/provider_server.h"
#include "tvan/config/v1/config.pb.h"

namespace tvan {

Result<std::unique_ptr<ProviderServer>> ListenForProviders(const config::v1::ProviderApi& api, ListenerTls& tls,
                                                           const std::vector<grpc::Service*>& services,
                                                           HealthService::Parts health, Metrics& metrics);
Result<std::unique_ptr<AdminServer>> ListenForOperators(const config::v1::AdminApi& api,
                                                        const AdminServer::Parts& parts);
// What it borrows outlives it.
Result<std::unique_ptr<HttpServer>> ListenForMachines(const config::v1::Http& http, const Health& health,
                                                      const std::string& key_set_json, const Metrics& metrics);

}  // namespace tvan
