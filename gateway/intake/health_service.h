#pragma once
// grpc.health.v1.Health of the server as a whole. gRPC brings one of its own, but it answers without bound whoever does
// not read; here each call counts for its provider like every other, and a Watch as long as it is open. Thread-safe.
// Owned by the server of providers.

#include <functional>
#include <memory>

#include <grpcpp/grpcpp.h>

#include "gateway/core/allowance.h"

namespace tvan {

class HealthService {
 public:
  struct Parts {
    Allowance& unread;
    std::function<ProviderId(const grpc::ServerContextBase&)> payer;  // on whose account the call is
  };
  static std::unique_ptr<HealthService> Make(Parts parts);
  virtual ~HealthService() = default;

  virtual grpc::Service& service() = 0;
  virtual void Set(bool serving) = 0;  // NOLINT: as gRPC's own; from any thread
  virtual void Stop() = 0;             // NOT_SERVING from now on, and ends open Watch calls
};

}  // namespace tvan
