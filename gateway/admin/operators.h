#pragma once
// Who may call the operators' services, and what a failure looks like to them. Thread-safe. Internal to admin.

#include <functional>
#include <set>
#include <string>

#include <grpcpp/grpcpp.h>

#include "gateway/core/digest.h"
#include "gateway/core/status.h"

namespace tvan {

class Operators {
 public:
  // `listed`: SHA-256 hex of certificates, empty: all that were let in; `is_providers`: bound by the contract book now.
  Operators(std::set<std::string> listed, std::function<bool(const std::string&)> is_providers,
            const Digester& digester)
      : listed_(std::move(listed)), is_providers_(std::move(is_providers)), digester_(digester) {}
  // The author of what the call changes: its certificate's common name. admin.not_operator, admin.provider_certificate
  Result<std::string> AuthorOf(const grpc::ServerContext& context) const;

 private:
  const std::set<std::string> listed_;
  const std::function<bool(const std::string&)> is_providers_;
  const Digester& digester_;
};

grpc::Status AdminFailure(const Status& failure);  // with google.rpc details

}  // namespace tvan
