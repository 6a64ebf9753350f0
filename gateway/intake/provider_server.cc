#include "gateway/intake/provider_server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>

namespace tvan {
namespace {

std::shared_ptr<grpc::ServerCredentials> Credentials(const ProviderServer::Options& options) {
  grpc::SslServerCredentialsOptions tls(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  tls.pem_root_certs = options.client_ca_pem;
  tls.pem_key_cert_pairs.push_back({options.key_pem, options.certificate_pem});
  return grpc::SslServerCredentials(tls);
}

void SetLimits(const ProviderServer::Options& options, grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(options.max_request_bytes);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // a second gateway on the port is an error
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.max_streams_per_connection);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(options.keepalive_time.count() / 1000));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, static_cast<int>(options.keepalive_timeout.count() / 1000));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 5);
  grpc::ResourceQuota quota("provider_api");
  quota.Resize(options.memory_quota);
  quota.SetMaxThreads(options.max_threads);
  builder.SetResourceQuota(quota);
}

}  // namespace

Result<std::unique_ptr<ProviderServer>> ProviderServer::Start(const Options& options,
                                                              const std::vector<grpc::Service*>& services) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  std::unique_ptr<ProviderServer> self(new ProviderServer());
  grpc::ServerBuilder builder;
  SetLimits(options, builder);
  builder.AddListeningPort(options.listen, Credentials(options), &self->port_);
  for (grpc::Service* service : services) builder.RegisterService(service);
  self->server_ = builder.BuildAndStart();
  if (self->server_ == nullptr || self->port_ == 0)
    return Status::Permanent("intake.listen"_reason,
                             "cannot listen on " + options.listen +
                                 ": the port is in use, the address is not ours, or certificate and key do not fit");
  return self;
}

ProviderServer::~ProviderServer() {
  if (server_ != nullptr) Stop({});
}

void ProviderServer::SetHealth(Health health) {
  if (server_ == nullptr) return;
  if (auto* service = server_->GetHealthCheckService()) service->SetServingStatus(health == Health::kServing);
}

void ProviderServer::Stop(Span patience) {
  if (server_ == nullptr) return;
  // real deadline: gRPC's own, of open calls at the end
  server_->Shutdown(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_micros(patience.count(), GPR_TIMESPAN)));
  server_->Wait();
  server_.reset();
}

}  // namespace tvan
