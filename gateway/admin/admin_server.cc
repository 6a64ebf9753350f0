#include "gateway/admin/admin_server.h"

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

#include <grpcpp/resource_quota.h>

#include "gateway/admin/audit_server.h"
#include "gateway/admin/checked_service.h"
#include "gateway/admin/contract_server.h"
#include "gateway/admin/night_server.h"
#include "gateway/admin/operators.h"
#include "gateway/admin/refused_calls.h"
#include "gateway/intake/caller.h"
#include "gateway/intake/compression.h"
#include "gateway/intake/door.h"
#include "tvan/admin/v1/admin.grpc.pb.h"
#include "tvan/admin/v1/audit.grpc.pb.h"
#include "tvan/admin/v1/contracts.grpc.pb.h"
#include "tvan/admin/v1/night.grpc.pb.h"

namespace tvan {
namespace {

namespace api = admin::v1;

class AdminServiceImpl final : public api::AdminService::Service {
 public:
  AdminServiceImpl(const Operators& operators, Desk& desk) : operators_(operators), desk_(desk) {}

#define TVAN_CHANGE(Rpc)                                                                                         \
  grpc::Status Rpc(grpc::ServerContext* context, const api::Rpc##Request* request, api::Rpc##Response* response) \
      override {                                                                                                 \
    const auto author = operators_.AuthorOf(*context);                                                           \
    return AdminFailure(author ? desk_.Put(*request, *author, *response) : author.status());                     \
  }
#define TVAN_CONTRACT_CHANGE(Rpc)                                                                                \
  grpc::Status Rpc(grpc::ServerContext* context, const api::Rpc##Request* request, api::Rpc##Response* response) \
      override {                                                                                                 \
    const auto caller = operators_.Of(*context);                                                                 \
    if (!caller) return AdminFailure(caller.status());                                                           \
    return AdminFailure(desk_.Put(*request, {caller->name, caller->certificate}, *response));                    \
  }
#define TVAN_QUESTION(Rpc, Verb)                                                                                 \
  grpc::Status Rpc(grpc::ServerContext* context, const api::Rpc##Request* request, api::Rpc##Response* response) \
      override {                                                                                                 \
    const auto author = operators_.AuthorOf(*context);                                                           \
    return AdminFailure(author ? desk_.Verb(*request, *response) : author.status());                             \
  }
  TVAN_CONTRACT_CHANGE(PutProviderContract)
  TVAN_CONTRACT_CHANGE(PutMandate)
  TVAN_CHANGE(PutWindow)
  TVAN_QUESTION(ListProviderContracts, List)
  TVAN_QUESTION(ListMandates, List)
  TVAN_QUESTION(ListWindows, List)
  TVAN_QUESTION(GetQueue, Get)
  TVAN_QUESTION(ListQueue, List)
  TVAN_QUESTION(GetMessage, Get)
  TVAN_QUESTION(ListMessages, List)
  TVAN_QUESTION(ListParkedAnswers, List)
  TVAN_QUESTION(ListRejections, List)
#undef TVAN_CHANGE
#undef TVAN_CONTRACT_CHANGE
#undef TVAN_QUESTION
  grpc::Status BackupStore(grpc::ServerContext* context, const api::BackupStoreRequest* request,
                           grpc::ServerWriter<api::BackupStoreResponse>* writer) override {
    const auto author = operators_.AuthorOf(*context);
    if (!author) return AdminFailure(author.status());
    // A client that is gone does not end the backup: half of one is worth nothing.
    return AdminFailure(desk_.BackUp(
        *request, *author, [writer](const api::BackupStoreResponse& response) { writer->Write(response); },
        [this] { return stopping_.load(); }));
  }
  grpc::Status ResolveMessage(grpc::ServerContext* context, const api::ResolveMessageRequest* request,
                              api::ResolveMessageResponse*) override {
    const auto author = operators_.AuthorOf(*context);
    return AdminFailure(author ? desk_.Resolve(*request, *author) : author.status());
  }

  void Stop() { stopping_ = true; }  // calls that take long end soon

 private:
  const Operators& operators_;
  Desk& desk_;
  std::atomic<bool> stopping_{false};
};

// Operators are few and known; what they may take is fixed, and apart from what providers may.
constexpr Connections::Limits kConnections = {256, 256};
constexpr size_t kMemory = 64 << 20;
constexpr int kThreads = 16 + NightDesk::kMostWatchers, kStreams = 32, kMetadataBytes = 16 << 10, kHandshakeMs = 10'000,
              kIdleMs = 3'600'000;
constexpr int kKeepaliveMs = 60'000, kKeepaliveTimeoutMs = 20'000;  // who is gone, or suspended, holds no call for ever

void SetLimits(grpc::ServerBuilder& builder) {
  TakeNothingCompressed(builder);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreams);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMs);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, kIdleMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  grpc::ResourceQuota quota("admin_api");
  quota.Resize(kMemory);
  quota.SetMaxThreads(kThreads);
  builder.SetResourceQuota(quota);
  builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, 2);
}

class AdminServerImpl : public AdminServer {
 public:
  AdminServerImpl(const Options& options, std::unique_ptr<Door> door, const Parts& parts)
      : refused_(parts.store, parts.clock),
        operators_(options.operators, OperatorParts(parts)),
        night_(parts.night.desk),
        door_(std::move(door)) {
    auto desk = std::make_unique<AdminServiceImpl>(operators_, parts.desk);
    desk_ = desk.get();
    Add(api::AdminService::service_full_name(), std::move(desk));
    Add(api::NightService::service_full_name(), MakeNightService(parts.night, operators_));
    Add(api::ContractService::service_full_name(), MakeContractService(parts.contracts, operators_));
    Add(api::AuditService::service_full_name(), MakeAuditService(parts.audit, operators_));
    grpc::ServerBuilder builder;
    SetLimits(builder);
    acceptor_ = builder.experimental().AddExternalConnectionAcceptor(
        grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
        parts.tls.Credentials([this](std::string_view path) { return Serves(path); }));
    for (const auto& service : services_) builder.RegisterService(service.get());
    server_ = builder.BuildAndStart();
    if (server_ == nullptr) return;
    door_->Open([this](int connection) {
      grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters handed;
      handed.fd = connection;
      acceptor_->HandleNewConnection(&handed);
    });
  }
  ~AdminServerImpl() override { Stop({}); }

  bool serving() const { return server_ != nullptr; }
  int port() const override { return door_->port(); }
  void Stop(Span patience) override {
    if (server_ == nullptr) return;
    desk_->Stop();
    night_.Stop();
    door_->Close();  // first: a server that ends drops what it is handed, and leaves it open
    // real deadline: gRPC's own, of open calls at the end
    server_->Shutdown(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_micros(patience.count(), GPR_TIMESPAN)));
    server_->Wait();
    server_.reset();
  }

 private:
  Operators::Parts OperatorParts(const Parts& parts) {
    return {[&desk = parts.desk](const std::string& certificate) { return desk.IsProviders(certificate); },
            parts.digester,
            [this](const Operator& caller, const std::string& method, const Status& why) {
              refused_.Count(caller.certificate, caller.name, method, why);
            }};
  }
  void Add(const char* name, std::unique_ptr<grpc::Service> service) {
    const auto* descriptor = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    services_.push_back(std::make_unique<CheckedService>(
        std::move(service), *descriptor,
        [this](const grpc::ServerContext& context, const google::protobuf::MethodDescriptor& method) {
          return operators_.Check(context, method);
        }));
  }
  // What else gRPC has on this listener (reflection, where it is linked) asks nobody for a role: nobody may call it.
  bool Serves(std::string_view path) const {
    return std::any_of(services_.begin(), services_.end(),
                       [&](const auto& service) { return service->paths().count(std::string(path)) != 0; });
  }

  RefusedCalls refused_;
  const Operators operators_;
  AdminServiceImpl* desk_ = nullptr;  // one of the services
  NightDesk& night_;
  std::vector<std::unique_ptr<CheckedService>> services_;
  std::unique_ptr<Door> door_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace

Result<std::unique_ptr<AdminServer>> AdminServer::Start(const Options& options, const Parts& parts) {
  auto door = Door::Listen({options.listen, "admin", kConnections, 0}, parts.metrics);
  if (!door) return Status::Permanent("admin.listen"_reason, door.status().message());
  auto server = std::make_unique<AdminServerImpl>(options, *std::move(door), parts);
  if (!server->serving())
    return Status::Permanent("admin.listen"_reason,
                             "cannot serve on " + options.listen + ": certificate and key do not fit each other");
  return std::unique_ptr<AdminServer>(std::move(server));
}

}  // namespace tvan
