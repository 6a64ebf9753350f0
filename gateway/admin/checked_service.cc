#include "gateway/admin/checked_service.h"

#include <utility>

#include <google/protobuf/message_lite.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/support/method_handler.h>

namespace tvan {
namespace {

using grpc::internal::MethodHandler;
using grpc::internal::RpcMethod;
using Method = google::protobuf::MethodDescriptor;
using Check = CheckedService::Check;

// The handlers of a generated service are its base's secret; a pointer to member reaches them.
struct Opened : grpc::Service {
  static MethodHandler* HandlerOf(grpc::Service& service, int index) { return (service.*(&Opened::GetHandler))(index); }
};

class CheckedHandler : public MethodHandler {
 public:
  CheckedHandler(MethodHandler& handler, const Method& method, Check check)
      : handler_(handler), method_(method), check_(std::move(check)) {}

  void RunHandler(const HandlerParameter& call) override {
    const auto& context = static_cast<const grpc::ServerContext&>(*call.server_context);
    const grpc::Status refusal = check_(context, method_);
    if (refusal.ok()) return handler_.RunHandler(call);
    // As handlers do, which own the request: it lies in the call's arena.
    if (call.request != nullptr) static_cast<google::protobuf::MessageLite*>(call.request)->~MessageLite();
    Refuse(call, refusal);
  }
  void* Deserialize(grpc_call* call, grpc_byte_buffer* request, grpc::Status* status, void** data) override {
    return handler_.Deserialize(call, request, status, data);
  }

 private:
  // A stream on which nothing is read or written: what the client of any method sees is the status.
  static void Refuse(const HandlerParameter& call, const grpc::Status& refusal) {
    using Stream = grpc::ServerReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer>;
    grpc::internal::TemplatedBidiStreamingHandler<Stream, false> refused(
        [&refusal](grpc::ServerContext*, Stream*) { return refusal; });
    refused.RunHandler(call);
  }

  MethodHandler& handler_;
  const Method& method_;
  const Check check_;
};

RpcMethod::RpcType TypeOf(const Method& method) {
  if (method.client_streaming())
    return method.server_streaming() ? RpcMethod::BIDI_STREAMING : RpcMethod::CLIENT_STREAMING;
  return method.server_streaming() ? RpcMethod::SERVER_STREAMING : RpcMethod::NORMAL_RPC;
}

}  // namespace

CheckedService::CheckedService(std::unique_ptr<grpc::Service> service,
                               const google::protobuf::ServiceDescriptor& descriptor, const Check& check)
    : service_(std::move(service)) {
  for (int i = 0; i < descriptor.method_count(); ++i) {
    const Method& method = *descriptor.method(i);
    const auto path = paths_.insert("/" + descriptor.full_name() + "/" + method.name()).first;
    AddMethod(new grpc::internal::RpcServiceMethod(
        path->c_str(), TypeOf(method), new CheckedHandler(*Opened::HandlerOf(*service_, i), method, check)));
  }
}

}  // namespace tvan
