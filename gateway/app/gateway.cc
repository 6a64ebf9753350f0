#include "gateway/app/gateway.h"

#include <algorithm>
#include <mutex>
#include <thread>

#include <grpcpp/impl/service_type.h>

#include "adapters/signature/pki.h"
#include "config/loader.h"
#include "gateway/admin/night_drain.h"
#include "gateway/app/announcements.h"
#include "gateway/app/contract_room.h"
#include "gateway/app/foundation.h"
#include "gateway/app/health.h"
#include "gateway/app/listeners.h"
#include "gateway/app/night_room.h"
#include "gateway/app/own_credentials.h"
#include "gateway/app/retention.h"
#include "gateway/app/settings.h"
#include "gateway/app/shared_room.h"
#include "gateway/app/snapshot_room.h"
#include "gateway/app/timer.h"
#include "gateway/app/trust_settings.h"
#include "gateway/app/trust_watch.h"
#include "gateway/calendar/latest_time.h"
#include "gateway/calendar/line_now.h"
#include "gateway/calendar/phase_record.h"
#include "gateway/calendar/window_record.h"
#include "gateway/feedback/feedback_service.h"
#include "gateway/intake/account.h"
#include "gateway/intake/caller.h"
#include "gateway/intake/identity.h"
#include "gateway/intake/payer.h"
#include "gateway/intake/pipeline.h"
#include "gateway/intake/relay_service.h"

namespace tvan {
namespace {

// Open calls, and what is on its way to a receipt, get this long at the end.
constexpr Span kDrainPatience = std::chrono::seconds(10);
// How often health looks at a store that nobody writes to, and at one that took nothing last time.
constexpr Span kStoreLook = std::chrono::minutes(1), kRedStoreLook = std::chrono::seconds(1);
// A full buffer is green again when so much of it is free: not at the first message that leaves.
constexpr double kRoomWhenGreen = 0.05;

size_t ComputeThreads(const config::v1::ProviderApi& api) {
  return api.compute_threads() != 0 ? api.compute_threads() : std::max(1u, std::thread::hardware_concurrency());
}

Accounts::Caller CallerOf(const std::string& pem, const Digester& digester) {
  const auto validity = CertificateValidity(pem);
  return {CertificateFingerprint(pem, digester).value_or(""),
          validity.ok() ? std::optional(validity->not_after) : std::nullopt};
}

class GatewayImpl : public Gateway {
 public:
  GatewayImpl(const config::v1::Config& config, Clock& clock, Foundation base,
              std::function<void(const Status&)> on_over)
      : config_(config),
        clock_(clock),
        on_over_(std::move(on_over)),
        base_(std::move(base)),
        health_(clock, *base_.metrics),
        queries_(*base_.store, clock),
        audit_desk_(*base_.store, *base_.contracts),
        withdrawals_(*base_.store, *base_.sealer, clock, *base_.metrics),
        accounts_({config.provider_api().max_in_flight_per_provider()}, *base_.contracts, *base_.store, clock),
        line_(LineId::Trusted(config.line().id())),
        reading_(clock),
        streams_(clock, &base_.metrics->GetGauge("tvan_submit_streams", "Open SubmitMessages calls")),
        unread_(config.provider_api().max_unread_bytes_per_provider(),
                &base_.metrics->GetGauge("tvan_unread_bytes", "Answers made that clients have not read")),
        look_(clock),
        retention_(RetentionSettings(config.store().retention()), *base_.store, clock, *base_.metrics),
        trust_(SpanOf(config.trust().reload_every()),
               {{"sellers", *base_.sellers}, {"authority", *base_.authority, [this] { receiver_->TrustChanged(); }}},
               clock, *base_.metrics) {}
  ~GatewayImpl() override { Stop(); }

  Status Run() {
    latest_.Of(base_.calendar->Phases(line_).at);  // never before what was written last
    auto credentials = OwnCredentials::Read(config_, *base_.channel, clock_, *base_.metrics);
    if (!credentials) return credentials.status();
    credentials_ = *std::move(credentials);
    MakeRooms();
    if (Status status = MakeAnnouncements(); !status.ok()) return status;
    MakeSharedRoom();
    WireEvents();
    shared_room_->Begin(base_.fence);
    Status status = Listen();
    if (!status.ok()) return status;
    health_.OnStore(Status());
    LookAtStore();
    announcements_->Start();
    night_room_->Start();
    contract_room_->Start();
    snapshot_room_->Start();
    retention_.Start();
    trust_.Also([this] { credentials_->Look(); });
    trust_.Start();
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
    if (shared_room_) shared_room_->Stop();
    if (compute_) compute_->Drain();
    retention_.Stop();
    trust_.Stop();
    if (announcements_) announcements_->Stop();
    if (night_room_) night_room_->Stop();
    if (contract_room_) contract_room_->Stop();
    if (snapshot_room_) snapshot_room_->Stop();
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
    hooks.read_by = [this] { return LastInstantForRead(); };
    hooks.not_after = [this] { return LastInstantForOwn999(); };
    hooks.on_system_code = [this](Reason reason, const std::string& detail, const MessageId& about) {
      dispatcher_->LineDown(reason, detail, about);
    };
    hooks.on_stored = [this] { dispatcher_->Wake(); };
    receiver_ = Receiver::Make(FeedbackSettings(config_, base_.message_id_key), *base_.store, *base_.contracts,
                               *base_.channel, *base_.reader, *base_.digester, clock_, *base_.metrics, hooks);
    dispatcher_ = Dispatcher::Make(DispatchSettings(config_), *base_.store, *base_.calendar, *base_.contracts,
                                   *base_.channel, *receiver_, *base_.digester, clock_, *base_.metrics);
    pipeline_ = Pipeline::Make(
        PipelineOptions(), {*base_.contracts, *base_.validator, *base_.sealer, *base_.digester, *base_.store, *compute_,
                            clock_, *base_.metrics, [this](const Status& s) { health_.OnStore(s); },
                            [this](Rejection r) { retention_.Note(std::move(r)); },
                            [this](MessageClass cls, Time now) {
                              const Span least = SpanOf(config_.provider_api().retry_delay());
                              return RefusedFor(*base_.calendar, line_, cls, latest_.Of(now), least);
                            }});
    relay_ = MakeRelayService({api.max_in_flight_per_stream(), SpanOf(api.retry_delay()), base_.key_set_json,
                               api.max_reads_per_provider(), api.max_submit_streams_per_provider()},
                              {*pipeline_, queries_, withdrawals_, *reads_, reading_, *base_.digester, streams_,
                               unread_, *base_.metrics, accounts_, CallerOf});
    feedback_ = FeedbackService::Make(
        {api.max_feedback_streams_per_provider(), SpanOf(api.retry_delay())},
        {*base_.store, *reads_, *base_.metrics,
         [this](const grpc::ServerContextBase& context) {
           return [this, certificate = FingerprintOf(context, *base_.digester)] {
             return pipeline_->Identify(certificate);
           };
         },
         [this](const ProviderId& provider) -> std::shared_ptr<const void> {
           std::shared_ptr<InFlight::Place> place;
           static_cast<void>(reading_.TryEnter(provider, config_.provider_api().max_reads_per_provider(), place));
           return place;
         },
         clock_, unread_});
    contract_room_ = std::make_unique<ContractRoom>(
        config_, ContractRoom::Parts{*base_.store, *base_.contracts, *base_.calendar, clock_, *reads_, *base_.metrics,
                                     [this] { return credentials_->InForce(trust_.Refused()); }});
    desk_ = std::make_unique<Desk>(Desk::Parts{
        *base_.store, *base_.contracts, contract_room_->changes(), *base_.calendar, *dispatcher_, line_, clock_,
        config_.store().backup_dir(), base_.digester.get(), [this] { return receiver_->signature_alarm(); }});
    snapshot_room_ =
        std::make_unique<SnapshotRoom>(config_.calendar(), line_,
                                       SnapshotRoom::Parts{*base_.store, *base_.calendar, *base_.sealer, *base_.parser,
                                                           *base_.digester, clock_, *base_.metrics});
  }

  Status MakeAnnouncements() {
    const auto view = [this] {
      const Dispatcher::View now = dispatcher_->view();
      return LineView{now.probed, ForecastForProviders(*base_.calendar, now, line_, clock_.Now())};
    };
    auto made = Announcements::Make(config_, {*base_.store,
                                              *base_.calendar,
                                              *base_.sealer,
                                              clock_,
                                              {*pipeline_, *base_.digester, *reads_, reading_, unread_, *base_.metrics},
                                              view});
    if (!made) return made.status();
    announcements_ = *std::move(made);
    night_room_ = std::make_unique<NightRoom>(
        config_, NightRoom::Parts{*base_.store, *base_.calendar, *base_.contracts, *dispatcher_,
                                  announcements_->answers(), announcements_->notices(), announcements_->readers(),
                                  clock_, *reads_, *base_.metrics, [this] { return receiver_->signature_alarm(); },
                                  [this] { return credentials_->InForce(trust_.Refused()); }});
    return {};
  }

  Steady LastInstantForRead() {
    const Time now = latest_.Of(clock_.Now());
    const Time until = base_.calendar->ReceiveUntil(line_, now);
    return until == kForever ? kSteadyForever : clock_.SteadyNow() + (until - now);
  }

  // They wait while the line does not send, as all else does: not even a canary is one of them.
  Steady LastInstantForOwn999() {
    const Time now = latest_.Of(clock_.Now());
    const LineState state = base_.calendar->At(line_, MessageClass::kTechnical, now);
    if (!IsSending(state.phase)) return Steady{};
    return state.not_after == kForever ? kSteadyForever : clock_.SteadyNow() + (state.not_after - now);
  }

  Pipeline::Options PipelineOptions() const {
    const auto& api = config_.provider_api();
    return {TaxCode::Trusted(config_.gateway().mst()),
            base_.message_id_key,
            api.max_in_flight_per_provider(),
            SpanOf(api.retry_delay()),
            UnknownSignerSetting(config_),
            config_.dispatch().authority_code(),
            api.max_in_flight_bytes_per_provider(),
            api.max_in_flight_bytes(),
            SigningTimeSettings(config_.trust())};
  }

  void WireEvents() {
    Store::Listener listener;
    listener.on_queue = [this] { dispatcher_->Wake(); };
    listener.on_mailbox = [this](const ProviderId& provider) { feedback_->OnMailbox(provider); };
    base_.store->SetListener(std::move(listener));
    base_.calendar->SetListener([this] {
      dispatcher_->Wake();
      receiver_->Wake();
      announcements_->CalendarChanged();  // last: it waits for the store
    });
    base_.calendar->SetPhaseListener([this](const PhaseRecord& phases) {
      announcements_->PhaseChanged();
      if (shared_room_->works_line()) snapshot_room_->TakeFor(phases);
    });
    health_.SetListener([this](bool serving) {
      const std::lock_guard lock(providers_mutex_);
      using State = ProviderServer::Health;
      if (providers_) providers_->SetHealth(serving ? State::kServing : State::kNotServing);
    });
    health_.SetLook([this] { LookForRoom(); });
  }

  void StoreIsOver(const Status& why) {
    Log(LogLevel::kError, "app.store_over", {{"status", why.ToString()}});
    health_.OnStore(Status::Transient(why.reason(), why.message()));
    if (on_over_) on_over_(why);
  }

  // What the others put is read anew; whoever holds it in memory says what moved.
  void MakeSharedRoom() {
    RecordFollower& follower = *base_.follower;
    const auto calendar = [this](const auto&) { return base_.calendar->Follow(); };
    for (const char* kind : {kWindowKind, kPhaseKind, kLineOrderKind, kIntakeModeKind}) follower.On(kind, calendar);
    for (const ContractKind kind : {ContractKind::kAgreement, ContractKind::kProviderContract, ContractKind::kMandate,
                                    ContractKind::kTaxpayer, ContractKind::kDelegation})
      follower.On(RecordKindOf(kind), [this, kind](const auto& ids) { return base_.contracts->Follow(kind, ids); });
    follower.On(kNoticeKind, [this](const auto&) { return announcements_->Follow(); });
    follower.On(kNoticeAckKind, [this](const auto& ids) { return announcements_->FollowReaders(ids); });
    shared_room_ = std::make_unique<SharedRoom>(
        SharedRoom::Parts{{*base_.store, *receiver_, *dispatcher_, retention_, clock_, *base_.metrics},
                          base_.shared,
                          follower,
                          [this](const ProviderId& provider) { feedback_->OnMailbox(provider); },
                          [this] { feedback_->OnAnyMailbox(); },
                          [this](const Status& why) { StoreIsOver(why); }});
  }

  Status Listen() {
    auto operators = ListenForOperators(config_.admin_api(), {*desk_,
                                                              {night_room_->desk(), night_room_->screen(),
                                                               night_room_->records(), snapshot_room_->night()},
                                                              audit_desk_,
                                                              contract_room_->desk(),
                                                              *base_.store,
                                                              clock_,
                                                              *base_.digester,
                                                              credentials_->operators(),
                                                              *base_.metrics});
    if (!operators) return operators.status();
    admin_ = *std::move(operators);
    auto machines = ListenForMachines(config_.http(), health_, base_.key_set_json, *base_.metrics);
    if (!machines) return machines.status();
    http_ = *std::move(machines);
    return OpenToProviders();
  }

  Status OpenToProviders() {
    const auto payer = [this](const grpc::ServerContextBase& context) {
      const std::string certificate = FingerprintOf(context, *base_.digester);
      return PayerOf(pipeline_->Identify(certificate), certificate);
    };
    auto server = ListenForProviders(config_.provider_api(), credentials_->providers(),
                                     {relay_.get(), &feedback_->service(), &announcements_->service().service()},
                                     {unread_, payer}, *base_.metrics);
    if (!server) return server.status();
    const std::lock_guard lock(providers_mutex_);
    providers_ = *std::move(server);
    return {};
  }

  // Goes through the committer and writes nothing: says whether the store still takes writes.
  void LookAtStore() {
    const bool taken = reads_->TrySubmit(
        [this] { health_.OnStore(base_.store->Acknowledge(ProviderId::Trusted("health"), "main", 0)); });
    static_cast<void>(taken);  // a full pool looks again next time
    look_.Start(health_.serving() ? kStoreLook : kRedStoreLook, [this] { LookAtStore(); });
  }

  // Whether a buffer that was full has drained; on the read pool, for the timers' thread must not wait for the store.
  void LookForRoom() {
    const uint64_t limit = config_.store().buffer_max_bytes();
    const auto look = [this, limit] {
      const double most = static_cast<double>(limit) * (1 - kRoomWhenGreen);
      const auto measures = base_.store->Measure();
      const bool room = measures.ok() && static_cast<double>(measures->waiting_bytes) <= most;
      room ? health_.OnRoom() : health_.LookLater();
    };
    if (!reads_->TrySubmit(look)) health_.LookLater();
  }

  void StopIntake() {
    look_.Stop();
    if (pipeline_ && pipeline_->Drain(kDrainPatience) != 0) Log(LogLevel::kWarning, "app.drain_incomplete", {});
    if (feedback_) feedback_->Stop();
    if (announcements_) announcements_->StopStreams();
    if (providers_) providers_->Stop(std::chrono::seconds(2));
  }

  const config::v1::Config config_;
  Clock& clock_;
  const std::function<void(const Status&)> on_over_;
  Foundation base_;
  Health health_;
  Queries queries_;
  const AuditDesk audit_desk_;
  Withdrawals withdrawals_;
  const Accounts accounts_;
  const LineId line_;
  LatestTime latest_;  // for what the receiver asks the calendar
  // Rooms, each after those it borrows.
  InFlight reading_;  // of the read pool
  InFlight streams_;  // of SubmitMessages
  Allowance unread_;
  std::unique_ptr<OwnCredentials> credentials_;
  std::unique_ptr<Executor> compute_, reads_;
  std::unique_ptr<Receiver> receiver_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<grpc::Service> relay_;
  std::unique_ptr<FeedbackService> feedback_;
  std::unique_ptr<Announcements> announcements_;
  std::unique_ptr<ContractRoom> contract_room_;
  std::unique_ptr<Desk> desk_;
  std::unique_ptr<NightRoom> night_room_;
  std::unique_ptr<SnapshotRoom> snapshot_room_;
  std::unique_ptr<AdminServer> admin_;
  std::unique_ptr<HttpServer> http_;
  std::mutex providers_mutex_;
  std::unique_ptr<ProviderServer> providers_;
  Timer look_;
  Retention retention_;
  std::unique_ptr<SharedRoom> shared_room_;
  TrustWatch trust_;
  bool stopped_ = false;
};

}  // namespace

Result<std::unique_ptr<Gateway>> Gateway::Start(const config::v1::Config& config, Clock& clock, const Around& around) {
  const WorkScope starting(clock);
  if (Status status = CheckStart(config, clock); !status.ok()) return status;
  auto base = OpenFoundation(config, clock, around);
  if (!base) return base.status();
  auto gateway = std::make_unique<GatewayImpl>(config, clock, *std::move(base), around.on_over);
  if (Status status = gateway->Run(); !status.ok()) return status;
  return std::unique_ptr<Gateway>(std::move(gateway));
}

}  // namespace tvan
