#include "gateway/intake/provider_server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/resource_quota.h>

#include "gateway/intake/compression.h"

namespace tvan {
namespace {

// What a client may have on its way on one stream before it is read. Fixed: gRPC's own estimate of what a line can
// carry grows to megabytes, times all streams of all connections.
constexpr int kStreamWindow = 256 << 10;

int Milliseconds(Span span) { return static_cast<int>(span.count() / 1000); }

void SetLimits(const ProviderServer::Options& options, grpc::ServerBuilder& builder) {
  TakeNothingCompressed(builder);
  builder.SetMaxReceiveMessageSize(options.max_request_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, options.max_metadata_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.max_streams_per_connection);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kStreamWindow);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, Milliseconds(options.handshake_timeout));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, Milliseconds(options.max_idle));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Milliseconds(options.keepalive_time));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Milliseconds(options.keepalive_timeout));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 5);
  grpc::ResourceQuota quota("provider_api");
  quota.Resize(options.memory_quota);
  quota.SetMaxThreads(options.max_threads);
  builder.SetResourceQuota(quota);
  builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);  // reflection only; all else is callbacks
  builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, 1);
}

}  // namespace

Result<std::unique_ptr<ProviderServer>> ProviderServer::Start(const Options& options, ListenerTls& tls,
                                                              const std::vector<grpc::Service*>& services,
                                                              HealthService::Parts health, Metrics& metrics) {
  auto door = Door::Listen({options.listen, "provider", options.connections, options.spare_descriptors}, metrics);
  if (!door) return door.status();
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  std::unique_ptr<ProviderServer> self(new ProviderServer());
  self->door_ = *std::move(door);
  self->health_ = HealthService::Make(std::move(health));
  grpc::ServerBuilder builder;
  SetLimits(options, builder);
  self->acceptor_ = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, tls.Credentials());
  for (grpc::Service* service : services) builder.RegisterService(service);
  builder.RegisterService(&self->health_->service());
  self->server_ = builder.BuildAndStart();
  if (self->server_ == nullptr)
    return Status::Permanent("intake.listen"_reason,
                             "cannot serve on " + options.listen + ": certificate and key do not fit each other");
  self->door_->Open([acceptor = self->acceptor_.get()](int connection) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters handed;
    handed.fd = connection;
    acceptor->HandleNewConnection(&handed);
  });
  return self;
}

ProviderServer::~ProviderServer() {
  if (server_ != nullptr) Stop({});
}

void ProviderServer::SetHealth(Health health) { health_->Set(health == Health::kServing); }

void ProviderServer::Stop(Span patience) {
  if (server_ == nullptr) return;
  door_->Close();  // first: a server that ends drops what it is handed, and leaves it open
  health_->Stop();
  // real deadline: gRPC's own, of open calls at the end
  server_->Shutdown(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_micros(patience.count(), GPR_TIMESPAN)));
  server_->Wait();
  server_.reset();
}

}  // namespace tvan
