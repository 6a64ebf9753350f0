#pragma once
// The listener of solution providers: gRPC over mTLS (client certificate required and verified), limits, keep-alive,
// standard health and reflection. Health says SERVING while new messages can be made durable; no phase of the line
// changes it (P5). Connections come in by a door of ours, which bounds them. The quota's threads are those of
// reflection alone: the callback API runs on gRPC's own few, one a core. Owned by app.

#include <memory>
#include <string>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "gateway/core/metrics.h"
#include "gateway/core/status.h"
#include "gateway/core/time.h"
#include "gateway/intake/door.h"
#include "gateway/intake/health_service.h"
#include "gateway/intake/listener_tls.h"

namespace tvan {

class ProviderServer {
 public:
  struct Options {
    std::string listen;  // HOST:PORT, port 0: a free one
    Connections::Limits connections;
    uint32_t spare_descriptors = 0;                     // see Door
    Span handshake_timeout = std::chrono::seconds(10);  // TLS and HTTP/2 settings, together
    Span max_idle = std::chrono::hours(1);              // a connection without a call
    int max_request_bytes = 4 << 20;
    int max_metadata_bytes = 16 << 10;
    int max_streams_per_connection = 128;
    size_t memory_quota = 512u << 20;
    int max_threads = 8;
    Span keepalive_time = std::chrono::minutes(1);
    Span keepalive_timeout = std::chrono::seconds(20);
  };
  // Errors: intake.listen (the port is in use, the address unknown, or the credentials do not fit each other).
  // `tls` outlives the server.
  static Result<std::unique_ptr<ProviderServer>> Start(const Options& options, ListenerTls& tls,
                                                       const std::vector<grpc::Service*>& services,
                                                       HealthService::Parts health, Metrics& metrics);
  ~ProviderServer();

  int port() const { return door_->port(); }
  enum class Health { kServing, kNotServing };
  void SetHealth(Health health);
  // Takes no new calls, waits for open ones at most `patience`, then cancels them. Once.
  void Stop(Span patience);

 private:
  ProviderServer() = default;
  std::unique_ptr<Door> door_;
  std::unique_ptr<HealthService> health_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace tvan
