#include "gateway/dispatch/dispatcher.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "gateway/core/log.h"
#include "gateway/dispatch/scheduler.h"

namespace tvan {
namespace {

bool MayBeResolved(Stage stage, const std::string& decision) {
  const std::vector<std::string> may = DecisionsFor(stage);
  return std::find(may.begin(), may.end(), decision) != may.end();
}

class ThreadedDispatcher final : public Dispatcher {
 public:
  explicit ThreadedDispatcher(DispatchParts parts) : parts_(std::move(parts)) {}
  ~ThreadedDispatcher() override { Stop(); }

  void Start(const Fence& fence) override {
    {
      const std::lock_guard lock(mutex_);
      TVAN_CHECK(!thread_.joinable());
      running_ = true;
      stop_ = false;
      fence_ = fence;
      begun_.emplace(parts_.clock);
    }
    parts_.fence = fence;
    thread_ = std::thread([this] { Run(); });
  }

  void Stop() override {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
      fence_.reset();
      WakeLocked();
    }
    if (thread_.joinable()) thread_.join();
    const std::lock_guard lock(mutex_);
    downs_.clear();  // they were of this turn at the line; what comes before the next Start is of the next one
  }

  void Wake() override {
    const std::lock_guard lock(mutex_);
    WakeLocked();
  }

  void LineDown(Reason reason, const std::string& detail, const MessageId& about) override {
    const std::lock_guard lock(mutex_);
    if (downs_.size() == kMostDowns) downs_.pop_back();
    // So many at once are no single message's.
    downs_.push_back({reason, detail, downs_.size() + 1 == kMostDowns ? MessageId() : about});
    WakeLocked();
  }

  Status Resolve(const MessageId& gateway_id, const std::string& decision, const std::string& author) override;

  // At rest, another gateway works the line: what it wrote and what the windows say is known here as well.
  View view() const override {
    {
      const std::lock_guard lock(mutex_);
      if (running_) return view_;
    }
    View view;
    const Time now = parts_.Wall();
    view.line = MostOpen(StatesOf(parts_, now), now);
    view.phases = parts_.calendar.Phases(parts_.options.line);
    return view;
  }

  Standing standing(const MessageMeta& meta) const override {
    std::shared_ptr<const LineClock> line_clock;
    {
      const std::lock_guard lock(mutex_);
      line_clock = line_clock_;
    }
    return StandingOf(meta, FactsOf(parts_, *line_clock, meta, parts_.Wall()), parts_.Policy(meta.cls));
  }

 private:
  static constexpr size_t kMostDowns = 64;

  // The work begins with the call that wakes, so that virtual time cannot slip by between it and the thread.
  void WakeLocked() {
    woken_ = true;
    if (!begun_ && running_) begun_.emplace(parts_.clock);
    wake_.notify_all();
  }

  // Asked inside the wait: the work ends only when the thread is known to wait.
  bool Rested(bool has_work) {  // NOLINT: an answer passed through
    if (!has_work) begun_.reset();
    return has_work;
  }

  bool IsOrderedDown() const {
    const std::lock_guard lock(mutex_);
    return !downs_.empty();
  }

  void Run();
  bool Round(Scheduler& scheduler);
  void Settle(Scheduler& scheduler);

  DispatchParts parts_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  bool running_ = false, stop_ = false, woken_ = false;
  std::optional<WorkScope> begun_;  // the thread has something to do, or is doing it
  std::vector<DownOrder> downs_;
  std::optional<Fence> fence_;
  View view_;
  std::shared_ptr<const LineClock> line_clock_ = std::make_shared<const LineClock>();
  std::thread thread_;
};

// One step of the scheduler, then the wait for the next. False: it is over.
bool ThreadedDispatcher::Round(Scheduler& scheduler) {
  std::unique_lock lock(mutex_);
  if (!begun_) begun_.emplace(parts_.clock);
  woken_ = false;
  const std::vector<DownOrder> downs = std::exchange(downs_, {});
  if (stop_) return false;
  lock.unlock();
  const Result<Steady> next = scheduler.Step(downs);
  lock.lock();
  view_ = scheduler.view();
  line_clock_ = scheduler.line_clock();
  if (!next.ok()) {
    fence_.reset();
    Log(LogLevel::kError, "dispatch.over", {{"status", next.status().ToString()}});
    return false;
  }
  parts_.clock.WaitUntil(wake_, lock, *next, [this] { return Rested(woken_ || stop_); });
  return true;
}

// What is in flight ends by its own deadline and is settled; what cannot be settled is in doubt after the next start.
void ThreadedDispatcher::Settle(Scheduler& scheduler) {
  while (!scheduler.SettleEnded()) {
    std::unique_lock lock(mutex_);
    parts_.clock.WaitUntil(wake_, lock, kSteadyForever, [&] { return Rested(scheduler.HasEnded()); });
    if (!begun_) begun_.emplace(parts_.clock);
  }
}

void ThreadedDispatcher::Run() {
  Scheduler scheduler(
      parts_, [this] { Wake(); }, [this] { return IsOrderedDown(); });
  while (Round(scheduler)) {
  }
  Settle(scheduler);
  scheduler.Drain();
  const std::lock_guard lock(mutex_);
  running_ = false;
  begun_.reset();
}

Status ThreadedDispatcher::Resolve(const MessageId& gateway_id, const std::string& decision,
                                   const std::string& author) {
  std::optional<Fence> fence;
  {
    const std::lock_guard lock(mutex_);
    fence = fence_;
  }
  if (!fence) return Status::Transient("dispatch.stopped"_reason, "dispatch is not running");
  const bool give_up = decision == "give_up", release = decision == "release";
  if (!give_up && !release && decision != "resend")
    return Status::Permanent("dispatch.decision"_reason, "the decision is resend, release or give_up");
  FindBy by;
  by.gateway_id = gateway_id;
  const auto found = parts_.store.Find(by);
  if (!found.ok()) return found.status();
  if (found->messages.empty() || !MayBeResolved(found->messages.front().meta.stage, decision))
    return Status::Permanent("dispatch.stage"_reason, gateway_id.value() + " is not in a stage for " + decision);
  const MessageMeta& meta = found->messages.front().meta;
  StageChange change{.gateway_id = gateway_id, .event = EventKind::kResolved};
  change.from = meta.stage;
  // What was never sent has nothing to be searched for; all else takes the way of in doubt: search, settle, resend.
  change.to = give_up ? Stage::kRefused : meta.attempts == 0 ? Stage::kQueued : Stage::kInDoubt;
  change.at = parts_.Wall();
  const Reason reason = give_up   ? "dispatch.given_up"_reason
                        : release ? "dispatch.released"_reason
                                  : "dispatch.resolved_resend"_reason;
  change.reason = std::string(reason.text());
  change.detail = "by " + author;
  const auto done = parts_.store.Change(*fence, {change});
  if (!done.ok()) return done.status();
  if (!done->front().ok()) return Status::Permanent("dispatch.stage"_reason, done->front().message());
  Wake();
  return {};
}

}  // namespace

std::unique_ptr<Dispatcher> Dispatcher::Make(const Options& options, Store& store, Calendar& calendar,
                                             ContractBook& contracts, AuthorityChannel& channel, AnswerSearch& search,
                                             const Digester& digester, Clock& clock, Metrics& metrics) {
  DispatchParts parts{options, store, calendar, contracts, channel, search, digester, clock, metrics, {}};
  return std::make_unique<ThreadedDispatcher>(std::move(parts));
}

}  // namespace tvan
