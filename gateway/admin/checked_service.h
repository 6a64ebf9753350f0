#pragma once
// The one place where operators' calls are checked: a service whose methods are those of another, each asked about
// before its handler runs. A method that is added to a service later is checked as well, without anybody doing anything
// for it. Uses gRPC's own handler types, since its interceptors can refuse nothing and its metadata processors refuse
// without details. Thread-safe.

#include <functional>
#include <memory>
#include <set>
#include <string>

#include <google/protobuf/descriptor.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/service_type.h>

namespace tvan {

class CheckedService : public grpc::Service {
 public:
  // OK: the handler may run. On the call's thread; may block.
  using Check = std::function<grpc::Status(const grpc::ServerContext&, const google::protobuf::MethodDescriptor&)>;
  // `service`: the generated one of `descriptor`, with synchronous methods.
  CheckedService(std::unique_ptr<grpc::Service> service, const google::protobuf::ServiceDescriptor& descriptor,
                 const Check& check);

  const std::set<std::string>& paths() const { return paths_; }  // "/tvan.admin.v1.AdminService/GetQueue"

 private:
  const std::unique_ptr<grpc::Service> service_;
  std::set<std::string> paths_;
};

}  // namespace tvan
