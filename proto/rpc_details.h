#pragma once
// The bytes of a google.rpc.Status, as the third argument of grpc::Status carries it to clients ("status details").
// One place for intake, feedback and admin; knows generated code only. Pure functions.

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tvan {

struct RpcDetails {
  int code = 0;  // a gRPC status code
  std::string message;
  std::string reason;                                           // "room.what"; ErrorInfo with domain "tvan"
  std::map<std::string, std::string> metadata;                  // of the ErrorInfo
  int64_t retry_after_ms = 0;                                   // > 0: RetryInfo
  std::string quota_subject;                                    // not empty: QuotaFailure, e.g. "provider:acme"
  std::vector<std::pair<std::string, std::string>> bad_fields;  // BadRequest: (field, description)
};
std::string EncodeRpcDetails(const RpcDetails& details);

}  // namespace tvan
