#include "gateway/app/gateway.h"

#include <algorithm>
#include <mutex>
#include <thread>

#include <grpcpp/impl/service_type.h>

#include "config/loader.h"
#include "gateway/admin/http_server.h"
#include "gateway/app/foundation.h"
#include "gateway/app/health.h"
#include "gateway/app/settings.h"
#include "gateway/app/start_checks.h"
#include "gateway/app/timer.h"
#include "gateway/calendar/latest_time.h"
#include "gateway/feedback/feedback_service.h"
#include "gateway/intake/caller.h"
#include "gateway/intake/pipeline.h"
#include "gateway/intake/relay_service.h"

namespace tvan {
namespace {

// Open calls, and what is on its way to a receipt, get this long at the end.
constexpr Span kDrainPatience = std::chrono::seconds(10);
// How often health looks at a store that nobody writes to.
constexpr Span kStoreLook = std::chrono::minutes(1);
// Reads of one provider that wait or run, streams beside them: none keeps the read pool from the others.
constexpr uint32_t kMostReadsPerProvider = 16;

size_t ComputeThreads(const config::v1::ProviderApi& api) {
  return api.compute_threads() != 0 ? api.compute_threads() : std::max(1u, std::thread::hardware_concurrency());
}

class GatewayImpl : public Gateway {
 public:
  GatewayImpl(const config::v1::Config& config, Clock& clock, Foundation base)
      : config_(config),
        clock_(clock),
        base_(std::move(base)),
        health_(clock, *base_.metrics),
        queries_(*base_.store, clock),
        line_(LineId::Trusted(config.line().id())),
        reading_(clock),
        look_(clock) {}
  ~GatewayImpl() override { Stop(); }

  Status Run() {
    MakeRooms();
    WireEvents();
    receiver_->Start(base_.fence);  // first: a search needs it
    dispatcher_->Start(base_.fence);
    Status status = Listen();
    if (!status.ok()) return status;
    health_.OnStore(Status());
    LookAtStore();
    return {};
  }

  int provider_port() const override { return providers_->port(); }
  int admin_port() const override { return admin_->port(); }
  int http_port() const override { return http_->port(); }

  void Stop() override {
    if (stopped_) return;
    stopped_ = true;
    Log(LogLevel::kInfo, "app.stopping", {});
    health_.OnShutdown();
    StopIntake();
    if (receiver_) receiver_->Stop();  // first: it ends the searches that dispatch would wait for
    if (dispatcher_) dispatcher_->Stop();
    if (compute_) compute_->Drain();
    if (reads_) reads_->Drain();
    // The operators' listeners go last, but never outlive the store they ask.
    if (admin_) admin_->Stop(std::chrono::seconds(1));
    http_.reset();
    const Status closed = base_.store->Close();
    Log(closed.ok() ? LogLevel::kInfo : LogLevel::kError, "app.stopped", {{"store", closed.ToString()}});
  }

 private:
  void MakeRooms() {
    const auto& api = config_.provider_api();
    compute_ = Executor::Make({"compute", ComputeThreads(api), api.compute_queue()}, clock_, *base_.metrics);
    reads_ = Executor::Make({"reads", api.read_threads(), api.read_queue()}, clock_, *base_.metrics);
    Receiver::Hooks hooks;
    hooks.may_receive = [this](Time now) { return base_.calendar->MayReceive(line_, latest_.Of(now)); };
    hooks.not_after = [this] { return LastInstantForOwn999(); };
    hooks.on_system_code = [this](Reason reason, const std::string& detail) { dispatcher_->LineDown(reason, detail); };
    hooks.on_stored = [this] { dispatcher_->Wake(); };
    receiver_ = Receiver::Make(FeedbackSettings(config_, base_.message_id_key), *base_.store, *base_.contracts,
                               *base_.channel, *base_.reader, *base_.digester, clock_, *base_.metrics, hooks);
    dispatcher_ = Dispatcher::Make(DispatchSettings(config_), *base_.store, *base_.calendar, *base_.contracts,
                                   *base_.channel, *receiver_, *base_.digester, clock_, *base_.metrics);
    pipeline_ = Pipeline::Make(
        PipelineOptions(), {*base_.contracts, *base_.validator, *base_.sealer, *base_.digester, *base_.store, *compute_,
                            clock_, *base_.metrics, [this](const Status& s) { health_.OnStore(s); }});
    relay_ = MakeRelayService(
        {api.max_in_flight_per_stream(), SpanOf(api.retry_delay()), base_.key_set_json, kMostReadsPerProvider},
        {*pipeline_, queries_, *reads_, reading_, *base_.digester});
    feedback_ = FeedbackService::Make({api.max_feedback_streams_per_provider(), SpanOf(api.retry_delay())},
                                      {*base_.store, *reads_, *base_.metrics,
                                       [this](const grpc::ServerContextBase& context) {
                                         return pipeline_->Identify(FingerprintOf(context, *base_.digester));
                                       },
                                       [this](const ProviderId& provider) -> std::shared_ptr<const void> {
                                         std::shared_ptr<InFlight::Place> place;
                                         static_cast<void>(reading_.TryEnter(provider, kMostReadsPerProvider, place));
                                         return place;
                                       },
                                       clock_});
    desk_ = std::make_unique<Desk>(
        Desk::Parts{*base_.store, *base_.contracts, *base_.calendar, *dispatcher_, line_, clock_});
  }

  Steady LastInstantForOwn999() {
    const Time now = latest_.Of(clock_.Now());
    const Time stop = base_.calendar->At(line_, MessageClass::kTechnical, now).not_after;
    return stop == kForever ? kSteadyForever : clock_.SteadyNow() + (stop - now);
  }

  Pipeline::Options PipelineOptions() const {
    const auto& api = config_.provider_api();
    return {TaxCode::Trusted(config_.gateway().mst()),
            base_.message_id_key,
            api.max_in_flight_per_provider(),
            SpanOf(api.retry_delay()),
            config_.environment() == "production" ? Leniency::kRefuse : Leniency::kWarn,
            config_.dispatch().authority_code()};
  }

  void WireEvents() {
    Store::Listener listener;
    listener.on_queue = [this] { dispatcher_->Wake(); };
    listener.on_mailbox = [this](const ProviderId& provider) { feedback_->OnMailbox(provider); };
    base_.store->SetListener(std::move(listener));
    base_.calendar->SetListener([this] {
      dispatcher_->Wake();
      receiver_->Wake();
    });
    health_.SetListener([this](bool serving) {
      const std::lock_guard lock(providers_mutex_);
      using State = ProviderServer::Health;
      if (providers_) providers_->SetHealth(serving ? State::kServing : State::kNotServing);
    });
  }

  Status Listen() {
    if (Status status = ListenForOperators(); !status.ok()) return status;
    if (Status status = ListenForMachines(); !status.ok()) return status;
    return ListenForProviders();
  }

  Status ListenForProviders() {
    const auto& api = config_.provider_api();
    ProviderServer::Options options = ProviderSettings(api);
    if (Status status = ReadCredentials(api, options); !status.ok()) return status;
    auto server = ProviderServer::Start(options, {relay_.get(), &feedback_->service()});
    if (!server) return server.status();
    const std::lock_guard lock(providers_mutex_);
    providers_ = *std::move(server);
    return {};
  }

  Status ListenForOperators() {
    const auto& api = config_.admin_api();
    AdminServer::Options options;
    options.listen = api.listen();
    for (const std::string& digest : api.operators()) options.operators.insert(ParseSha256Hex(digest)->Hex());
    if (Status status = ReadCredentials(api, options); !status.ok()) return status;
    auto server = AdminServer::Start(options, *desk_, *base_.digester);
    if (!server) return server.status();
    admin_ = *std::move(server);
    return {};
  }

  Status ListenForMachines() {
    HttpServer::Pages pages;
    pages["/livez"] = [] { return HttpPage{200, "text/plain", "ok\n"}; };
    pages["/healthz"] = [this] {
      const std::string why = health_.why();
      return HttpPage{why.empty() ? 200u : 503u, "text/plain", why.empty() ? "serving\n" : why + "\n"};
    };
    pages["/metrics"] = [this] { return HttpPage{200, "text/plain; version=0.0.4", base_.metrics->Render()}; };
    pages["/keys.json"] = [this] { return HttpPage{200, "application/json", base_.key_set_json}; };
    auto server = HttpServer::Start({config_.http().listen(), config_.http().max_connections()}, std::move(pages));
    if (!server) return server.status();
    http_ = *std::move(server);
    return {};
  }

  template <class Api, class Options>
  static Status ReadCredentials(const Api& api, Options& options) {
    for (const auto& [path, place] :
         {std::pair{&api.certificate(), &options.certificate_pem}, std::pair{&api.key(), &options.key_pem},
          std::pair{&api.client_ca(), &options.client_ca_pem}}) {
      auto text = ReadFile(*path);
      if (!text) return text.status();
      *place = *std::move(text);
    }
    return {};
  }

  // Goes through the committer and writes nothing: says whether the store still takes writes.
  void LookAtStore() {
    const bool taken = reads_->TrySubmit(
        [this] { health_.OnStore(base_.store->Acknowledge(ProviderId::Trusted("health"), "main", 0)); });
    static_cast<void>(taken);  // a full pool looks again next time
    look_.Start(kStoreLook, [this] { LookAtStore(); });
  }

  void StopIntake() {
    look_.Stop();
    if (pipeline_ && pipeline_->Drain(kDrainPatience) != 0) Log(LogLevel::kWarning, "app.drain_incomplete", {});
    if (feedback_) feedback_->Stop();
    if (providers_) providers_->Stop(std::chrono::seconds(2));
  }

  const config::v1::Config config_;
  Clock& clock_;
  Foundation base_;
  Health health_;
  Queries queries_;
  const LineId line_;
  LatestTime latest_;  // for what the receiver asks the calendar
  // Rooms, each after those it borrows.
  InFlight reading_;  // of the read pool
  std::unique_ptr<Executor> compute_, reads_;
  std::unique_ptr<Receiver> receiver_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<grpc::Service> relay_;
  std::unique_ptr<FeedbackService> feedback_;
  std::unique_ptr<Desk> desk_;
  std::unique_ptr<AdminServer> admin_;
  std::unique_ptr<HttpServer> http_;
  std::mutex providers_mutex_;
  std::unique_ptr<ProviderServer> providers_;
  Timer look_;
  bool stopped_ = false;
};

}  // namespace

Status CheckStart(const config::v1::Config& config, Clock& clock) {
  if (Status status = CheckEnvironment(config); !status.ok()) return status;
  for (const std::string& path : {config.provider_api().certificate(), config.admin_api().certificate()})
    if (Status status = CheckCertificate(path, clock.Now()); !status.ok()) return status;
  if (Status status = CheckTrustApart(config); !status.ok()) return status;
  if (Status status = CheckListeners(config); !status.ok()) return status;
  if (Status status = CheckTrust(config, clock); !status.ok()) return status;
  if (const auto key = ReadMessageIdKey(config.message_id().key_file()); !key) return key.status();
  const auto sealer = Sealer::Load(config.seal().key_file());
  if (!sealer) return sealer.status();
  const auto& old = config.seal().old_key_sets();
  const auto keys = MergeKeySets((*sealer)->KeySetJson(), {old.begin(), old.end()});
  return keys ? Status() : keys.status();
}

Result<std::unique_ptr<Gateway>> Gateway::Start(const config::v1::Config& config, Clock& clock) {
  const WorkScope starting(clock);
  if (Status status = CheckStart(config, clock); !status.ok()) return status;
  auto base = OpenFoundation(config, clock);
  if (!base) return base.status();
  auto gateway = std::make_unique<GatewayImpl>(config, clock, *std::move(base));
  if (Status status = gateway->Run(); !status.ok()) return status;
  return std::unique_ptr<Gateway>(std::move(gateway));
}

}  // namespace tvan
