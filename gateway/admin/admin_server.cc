#include "gateway/admin/admin_server.h"

#include <atomic>
#include <utility>

#include <grpcpp/resource_quota.h>

#include "gateway/admin/night_server.h"
#include "gateway/admin/operators.h"
#include "gateway/intake/caller.h"
#include "gateway/intake/compression.h"
#include "gateway/intake/door.h"
#include "tvan/admin/v1/admin.grpc.pb.h"

namespace tvan {
namespace {

namespace api = admin::v1;

class AdminServiceImpl final : public api::AdminService::Service {
 public:
  AdminServiceImpl(const Operators& operators, Desk& desk, const Digester& digester)
      : operators_(operators), desk_(desk), digester_(digester) {}

#define TVAN_CHANGE(Rpc)                                                                                         \
  grpc::Status Rpc(grpc::ServerContext* context, const api::Rpc##Request* request, api::Rpc##Response* response) \
      override {                                                                                                 \
    const auto author = operators_.AuthorOf(*context);                                                           \
    return AdminFailure(author ? desk_.Put(*request, *author, *response) : author.status());                     \
  }
#define TVAN_QUESTION(Rpc, Verb)                                                                                 \
  grpc::Status Rpc(grpc::ServerContext* context, const api::Rpc##Request* request, api::Rpc##Response* response) \
      override {                                                                                                 \
    const auto author = operators_.AuthorOf(*context);                                                           \
    return AdminFailure(author ? desk_.Verb(*request, *response) : author.status());                             \
  }
  TVAN_CHANGE(PutMandate)
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
#undef TVAN_QUESTION
  grpc::Status PutProviderContract(grpc::ServerContext* context, const api::PutProviderContractRequest* request,
                                   api::PutProviderContractResponse* response) override {
    const auto author = operators_.AuthorOf(*context);
    if (!author) return AdminFailure(author.status());
    if (Names(request->contract(), FingerprintOf(*context, digester_)))
      return AdminFailure(Status::Permanent("admin.bad_request"_reason,
                                            "contract: names the certificate of this call, which would be no "
                                            "operator's any more"));
    return AdminFailure(desk_.Put(*request, *author, *response));
  }
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
  static bool Names(const api::ProviderContract& contract, const std::string& fingerprint) {
    for (const std::string& certificate : contract.certificates())
      if (const auto digest = ParseSha256Hex(certificate); digest && digest->Hex() == fingerprint) return true;
    return false;
  }

  const Operators& operators_;
  Desk& desk_;
  const Digester& digester_;
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
  AdminServerImpl(const Options& options, std::unique_ptr<Door> door, Desk& desk, const Night& night,
                  const Digester& digester)
      : operators_(
            options.operators, [&desk](const std::string& fingerprint) { return desk.IsProviders(fingerprint); },
            digester),
        service_(operators_, desk, digester),
        night_(night.desk),
        night_service_(MakeNightService(night, operators_)),
        door_(std::move(door)) {
    grpc::SslServerCredentialsOptions tls(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    tls.pem_root_certs = options.client_ca_pem;
    tls.pem_key_cert_pairs.push_back({options.key_pem, options.certificate_pem});
    grpc::ServerBuilder builder;
    SetLimits(builder);
    acceptor_ = builder.experimental().AddExternalConnectionAcceptor(
        grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, grpc::SslServerCredentials(tls));
    builder.RegisterService(&service_);
    builder.RegisterService(night_service_.get());
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
    service_.Stop();
    night_.Stop();
    door_->Close();  // first: a server that ends drops what it is handed, and leaves it open
    // real deadline: gRPC's own, of open calls at the end
    server_->Shutdown(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_micros(patience.count(), GPR_TIMESPAN)));
    server_->Wait();
    server_.reset();
  }

 private:
  const Operators operators_;
  AdminServiceImpl service_;
  NightDesk& night_;
  std::unique_ptr<grpc::Service> night_service_;
  std::unique_ptr<Door> door_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace

Result<std::unique_ptr<AdminServer>> AdminServer::Start(const Options& options, Desk& desk, const Night& night,
                                                        const Digester& digester, Metrics& metrics) {
  auto door = Door::Listen({options.listen, "admin", kConnections, 0}, metrics);
  if (!door) return Status::Permanent("admin.listen"_reason, door.status().message());
  auto server = std::make_unique<AdminServerImpl>(options, *std::move(door), desk, night, digester);
  if (!server->serving())
    return Status::Permanent("admin.listen"_reason,
                             "cannot serve on " + options.listen + ": certificate and key do not fit each other");
  return std::unique_ptr<AdminServer>(std::move(server));
}

}  // namespace tvan
