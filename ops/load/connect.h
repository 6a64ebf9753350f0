#pragma once
// A connection of its own to a gRPC server, by mTLS. Any thread.

#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>

#include "gateway/core/status.h"

namespace tvan::load {

struct Peer {
  std::string endpoint, ca_pem, certificate_pem, key_pem;
};
// Connected within ten seconds; shares its TCP connection with no other channel. Errors: load.connect (transient).
Result<std::shared_ptr<grpc::Channel>> ConnectTo(const Peer& peer);

}  // namespace tvan::load
