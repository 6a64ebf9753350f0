#pragma once
// gRPC's side of identity and of failures, for the services of intake and for app. Thread-safe, stateless.

#include <string>

#include <grpcpp/grpcpp.h>

#include "gateway/core/digest.h"
#include "gateway/core/status.h"
#include "gateway/core/time.h"

namespace tvan {

// The peer's client certificate (PEM), taken anew for each call: a connection's name may be used again by somebody
// else. Empty: none (mTLS lets nobody in without).
std::string CertificateOf(const grpc::ServerContextBase& context);
// SHA-256 hex of its DER; empty: none.
std::string FingerprintOf(const grpc::ServerContextBase& context, const Digester& digester);

grpc::Status ToGrpc(const Status& failure, Span retry_after = {}, const std::string& quota_subject = {});

}  // namespace tvan
