#pragma once
// Who may call the operators' services, and what a failure looks like to them. Thread-safe. Internal to admin.

#include <functional>
#include <map>
#include <string>

#include <google/protobuf/descriptor.h>
#include <grpcpp/grpcpp.h>

#include "gateway/admin/roles.h"
#include "gateway/core/digest.h"
#include "gateway/core/status.h"

namespace tvan {

struct Operator {
  std::string name;         // the author of what it changes: its certificate's common name
  std::string certificate;  // SHA-256 hex
  OperatorRole role = admin::v1::OPERATOR_ROLE_UNSPECIFIED;
};

class Operators {
 public:
  using Roles = std::map<std::string, OperatorRole>;  // by SHA-256 hex of certificates, lower case
  struct Parts {
    std::function<bool(const std::string&)> is_providers;  // a certificate that the contract book binds now
    const Digester& digester;
    // Of each call that Check refuses; may block. `caller` lacks what is not known of it.
    std::function<void(const Operator& caller, const std::string& method, const Status& why)> on_refused;
  };
  // `listed` empty: whoever was let in may do everything.
  Operators(Roles listed, Parts parts) : listed_(std::move(listed)), parts_(std::move(parts)) {}

  // admin.not_operator, admin.provider_certificate
  Result<Operator> Of(const grpc::ServerContext& context) const;
  Result<std::string> AuthorOf(const grpc::ServerContext& context) const;  // its name
  // The above, and admin.role; what every call is asked before its handler runs.
  grpc::Status Check(const grpc::ServerContext& context, const google::protobuf::MethodDescriptor& method) const;

 private:
  const Roles listed_;
  const Parts parts_;
};

// With google.rpc details; `facts` go into its ErrorInfo.
grpc::Status AdminFailure(const Status& failure, const std::map<std::string, std::string>& facts = {});

}  // namespace tvan
