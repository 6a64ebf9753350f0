#include "tests/integration/big_night.h"

#include "gateway/core/log.h"

namespace tvan {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr double kPerSecond = 400;  // as the authority takes
constexpr size_t kInOneFlush = 256;

Time At(const char* text) { return ParseLocal(text).value(); }
const char kEvening[] = "2026-11-20T23:45:00", kStop[] = "2026-11-21T00:00:00", kEnd[] = "2026-11-21T03:45:00",
           kFirstExtension[] = "2026-11-21T02:30:00", kLaterEnd[] = "2026-11-21T04:45:00",
           kSecondExtension[] = "2026-11-21T04:40:00", kLastEnd[] = "2026-11-21T05:30:00";

// Messages a second that the providers hand in: more than the line takes right before the stop.
double ArrivalRate(Time now) {
  if (now < At("2026-11-20T23:57:00")) return 70;
  if (now < At(kStop)) return 450;
  return now < At(kLastEnd) ? 4 : 20;
}

}  // namespace

BigNight::BigNight(const Plan& plan)
    : plan_(plan),
      evidence_(plan.folder),
      traffic_(plan.seed, plan.providers),
      clock_(MakeTestClock(At(kEvening))),
      metrics_(Metrics::Make()),
      store_(MakeMemoryStore({.manual_flush = true}, *clock_)),
      authority_(*clock_),
      random_(plan.seed + 1),
      stop_(At(kStop)),
      end_(At(kEnd)) {
  TVAN_CHECK(LogToFile("/dev/null").ok());
  dispatch_.our_mst = receive_.our_mst = TaxCode::Trusted(kFakeOurMst);
  dispatch_.line = authority_.line();
  dispatch_.batch = 40;
  dispatch_.max_per_s = kPerSecond;
  dispatch_.ramp_start_per_s = dispatch_.ramp_growth_per_s = 20;
  dispatch_.canary_classes = {MessageClass::kUncoded};
  dispatch_.seed = plan.seed;
  for (size_t i = 1; i <= static_cast<size_t>(MessageClass::kSummary); ++i)
    dispatch_.classes[static_cast<MessageClass>(i)].resend = ResendMode::kAutomatic;
  receive_.message_id_key = kFakeKey;
  receive_.poll = seconds(3);
  receive_.batch = 500;
  WireAuthority();
}

void BigNight::Begin() {
  calendar_ = Calendar::Load(*store_, PhaseRules()).value();
  Receiver::Hooks hooks;
  hooks.may_receive = [this](Time now) { return calendar_->MayReceive(dispatch_.line, now); };
  hooks.on_system_code = [this](Reason reason, const std::string& detail, const MessageId& about) {
    dispatcher_->LineDown(reason, detail, about);
  };
  hooks.on_stored = [this] { dispatcher_->Wake(); };
  receiver_ = Receiver::Make(receive_, *store_, contracts_, authority_, reader_, digester_, *clock_, *metrics_, hooks);
  dispatcher_ = Dispatcher::Make(dispatch_, *store_, *calendar_, contracts_, authority_, *receiver_, digester_, *clock_,
                                 *metrics_);
  calendar_->SetListener([this] { dispatcher_->Wake(), receiver_->Wake(); });
  const Fence fence = store_->TakeOwnership();
  receiver_->Start(fence);
  dispatcher_->Start(fence);
  clock_->Settle();
}

void BigNight::PutWindow(Time end) {
  Window w;
  w.id = "upgrade";
  w.start = stop_;
  w.end = end_ = end;
  w.reason = "upgrade of the authority";
  const Time now = clock_->Now();
  const Result<uint64_t> version = calendar_->Put(w, "ops", "as the authority said", now);
  TVAN_CHECK(version.ok());
  evidence_.Exported(w, *version, now);
  if (*version > 1) evidence_.AuthorityWindow("window_change", now, stop_, end);
}

void BigNight::Run() {
  Begin();
  PutWindow(At(kEnd));
  while (clock_->Now() < stop_) Step(seconds(1));
  evidence_.AuthorityWindow("window_open", stop_, stop_, end_);
  while (clock_->Now() < At(kFirstExtension)) Step(seconds(10));
  PutWindow(At(kLaterEnd));
  while (clock_->Now() < At(kSecondExtension)) Step(seconds(10));
  PutWindow(At(kLastEnd));
  while (clock_->Now() < end_) Step(seconds(10));
  evidence_.AuthorityWindow("window_close", end_, stop_, end_);
  const Time flap_from = end_ + minutes(3), flap_to = end_ + minutes(7), latest = end_ + hours(4);
  while (clock_->Now() < latest && (accepted_.size() < plan_.messages || AnyOpen())) {
    flapping_ = flap_from <= clock_->Now() && clock_->Now() < flap_to;
    down_ = down_ && flapping_;
    if (flapping_) Flap();
    Step(seconds(1));
  }
  clock_->AdvanceBy(minutes(2));
  ReleaseAnswers();
  clock_->AdvanceBy(minutes(1));
  Finish();
}

void BigNight::Step(Span span) {
  SubmitFor(span);
  ReleaseAnswers();
  clock_->AdvanceBy(span);
}

void BigNight::SubmitFor(Span span) {
  owed_ += ArrivalRate(clock_->Now()) * static_cast<double>(span.count()) / 1e6;
  size_t waiting = 0;
  for (; owed_ >= 1 && accepted_.size() < plan_.messages; --owed_) {
    NewMessage message = MakeFakeMessage(traffic_.Next(), digester_, clock_->Now());
    evidence_.Submitted(message, digester_);
    {
      const std::lock_guard lock(mutex_);
      std::vector<InvoiceKey> invoices = message.claims;
      invoices.insert(invoices.end(), message.refers.begin(), message.refers.end());
      accepted_[message.gateway_id.value()] = {message.mltdiep, message.mst.value(), std::move(invoices)};
    }
    store_->Accept(std::move(message), [](const Result<AcceptAnswer>& a) {
      TVAN_CHECK(a.ok() && a->outcome == AcceptAnswer::Outcome::kAccepted);
    });
    if (++waiting % kInOneFlush == 0) store_->Flush();
  }
  store_->Flush();
  if (waiting > 0) dispatcher_->Wake();
}

void BigNight::ReleaseAnswers() {
  const std::lock_guard lock(mutex_);
  while (!due_.empty() && due_.begin()->first <= clock_->Now()) {
    authority_.Answer(due_.begin()->second);
    due_.erase(due_.begin());
  }
}

bool BigNight::AnyOpen() const {
  const Measures measures = store_->Measure().value();
  for (const auto& [stage, count] : measures.stages)
    if (count > 0 && stage != Stage::kAnswered && stage != Stage::kRefused && stage != Stage::kWorkItem) return true;
  return false;
}

void BigNight::WriteMailbox(const ProviderId& provider) {
  uint64_t after = 0;
  while (true) {
    const auto items = store_->ReadMailbox(provider, "main", after, 1000).value();
    if (items.empty()) break;
    for (const MailboxItem& item : items)
      evidence_.Delivered(provider, item, *store_->LoadAnswer(item.answer_id)->answer.bytes, digester_);
    after = items.back().sequence;
  }
  if (after > 0) TVAN_CHECK(store_->Acknowledge(provider, "main", after).ok());
  evidence_.Acknowledged(provider, after);
}

void BigNight::Finish() {
  dispatcher_->Stop();
  receiver_->Stop();
  for (const ProviderId& provider : traffic_.providers()) WriteMailbox(provider);
  for (const auto& [id, known] : accepted_) evidence_.Exported(ViewOf(*store_, MessageId::Trusted(id)));
  const auto phases = calendar_->PhaseHistory(dispatch_.line);
  TVAN_CHECK(phases.ok());
  for (const PhaseRecord& record : *phases) evidence_.Exported(record);
  evidence_.Settings(
      R"({"max_per_s":400,"ramp_start_per_s":20,"ramp_growth_per_s":20,"canary_classes":["MESSAGE_CLASS_UNCODED"],)"
      R"("at_least":{"stops":1,"verifications":2,"canaries":1,"ramps":2,"dependents":100,"fair_windows":1000}})");
}

}  // namespace tvan
