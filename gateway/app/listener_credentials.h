#pragma once
// What one gRPC listener of ours shows and whom it trusts, read from the files that the configuration names, and read
// again while it serves: what a start would refuse (a key of another certificate, half a file, an expired certificate)
// leaves in force what was loaded, and is said. The files of another listener are never looked at. Made by one thread,
// then looked at by one.

#include <memory>
#include <string>

#include "gateway/app/certificate_ends.h"
#include "gateway/app/reload_log.h"
#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"
#include "gateway/intake/listener_tls.h"
#include "tvan/config/v1/config.pb.h"

namespace tvan {

class ListenerCredentials {
 public:
  struct Files {
    std::string name;  // "provider_api", "admin_api": a label
    std::string certificate, key, client_ca;
  };
  // app.file
  static Result<std::unique_ptr<ListenerCredentials>> Read(const config::v1::Config& config, Files files, Clock& clock,
                                                           Metrics& metrics);
  ListenerTls& tls() { return tls_; }
  void Look();                         // blocking: reads files
  CredentialsInForce InForce() const;  // any thread

 private:
  ListenerCredentials(const config::v1::Config& config, Files files, TlsTexts texts, Clock& clock, Metrics& metrics);
  Status Check() const;

  const config::v1::Config config_;
  const Files files_;
  Clock& clock_;
  ListenerTls tls_;
  ReloadLog log_;
};

ListenerCredentials::Files ProviderListenerFiles(const config::v1::Config& config);
ListenerCredentials::Files AdminListenerFiles(const config::v1::Config& config);

}  // namespace tvan
