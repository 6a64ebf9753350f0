#pragma once
// A Status of ours in gRPC's terms: transport, identity and overload only (the API's promise). Pure, free of grpcpp.

#include <string>

#include "gateway/core/status.h"
#include "gateway/core/time.h"
#include "proto/rpc_details.h"

namespace tvan {

// gRPC's status codes that this API uses; the numbers are the wire's.
enum class RpcCode : int {
  kInvalidArgument = 3,
  kNotFound = 5,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kInternal = 13,
  kUnavailable = 14,
  kUnauthenticated = 16,
};
RpcDetails DetailsOf(const Status& failure, Span retry_after, const std::string& quota_subject);

}  // namespace tvan
