#include "gateway/feedback/receiver.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>

#include "gateway/core/log.h"
#include "gateway/feedback/answer_intake.h"

namespace tvan {
namespace {

constexpr Span kLongestRest = std::chrono::seconds(30);
// The stop's margin is longer: an own 999 that is allowed now has its first byte out before the line closes.
constexpr Span kOwn999NotAfter = std::chrono::seconds(1);
constexpr uint32_t kOwn999Batch = 32;
constexpr uint32_t kMostSearchPages = 100'000;

bool IsFenced(const Status& status) { return status.reason() == "store.fenced"_reason; }

class ThreadedReceiver final : public Receiver {
 public:
  ThreadedReceiver(AnswerIntakeParts parts, AuthorityChannel& channel)
      : options_(parts.options),
        may_receive_(parts.hooks.may_receive),
        store_(parts.store),
        clock_(parts.clock),
        channel_(channel),
        failures_(parts.metrics.GetCounter("tvan_feedback_failures_total", "Reads and stores of answers that failed")),
        own_999_(parts.metrics.GetCounter("tvan_feedback_own_999_total", "Our own 999s that the line took")),
        intake_(std::move(parts)) {}
  ~ThreadedReceiver() override { Stop(); }

  void Start(const Fence& fence) override {
    {
      const std::lock_guard lock(mutex_);
      TVAN_CHECK(!thread_.joinable());
      running_ = true;
      stop_ = false;
      fence_ = fence;
      begun_.emplace(clock_);
    }
    thread_ = std::thread([this, fence] { Run(fence); });
  }

  void Stop() override {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
      fence_.reset();
      WakeLocked();
    }
    if (thread_.joinable()) thread_.join();
  }

  void Wake() override {
    const std::lock_guard lock(mutex_);
    WakeLocked();
  }

  Result<bool> Search(const LineId& line, const std::string& from_position, const MessageId& gateway_id) override;

 private:
  // The work begins with the call that wakes, so that virtual time cannot slip by between it and the thread.
  void WakeLocked() {
    woken_ = true;
    if (!begun_ && running_) begun_.emplace(clock_);
    wake_.notify_all();
  }

  bool MayReceive() const { return !may_receive_ || may_receive_(clock_.Now()); }
  std::optional<Fence> CurrentFence() const {
    const std::lock_guard lock(mutex_);
    return fence_;
  }

  void Run(const Fence& fence);
  bool Wait(Steady until);
  Status ReadOnce(const Fence& fence, uint32_t& taken);
  Status SendOwn999(const Fence& fence, uint32_t& sent);
  Span Rest(const Status& status);
  bool IsAnswered(const MessageId& gateway_id) const;

  const Options options_;
  const std::function<bool(Time)> may_receive_;
  Store& store_;
  Clock& clock_;
  AuthorityChannel& channel_;
  Counter& failures_;
  Counter& own_999_;
  const AnswerIntake intake_;
  uint32_t in_a_row_ = 0;     // failures; the receiver's thread only
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  bool running_ = false, stop_ = false, woken_ = false;
  std::optional<WorkScope> begun_;  // the thread has something to do, or is doing it
  std::optional<Fence> fence_;
  std::thread thread_;
};

// Stored before the line is read on: the position moves in the same act.
Status ThreadedReceiver::ReadOnce(const Fence& fence, uint32_t& taken) {
  const std::string position = store_.LinePosition(channel_.line());
  Result<InboundBatch> batch = channel_.Receive(position, options_.batch);
  if (!batch.ok()) return batch.status();
  taken = static_cast<uint32_t>(batch->messages.size());
  if (taken == 0 && batch->next == position) return {};
  return intake_.Take(fence, std::move(batch->messages), batch->next).status();
}

// In doubt or not: what the line did not take for certain goes up again, the same bytes under the same MTDiep.
Status ThreadedReceiver::SendOwn999(const Fence& fence, uint32_t& sent) {
  const auto waiting = store_.Own999(kOwn999Batch);
  if (waiting.empty()) return {};
  std::vector<OutboundMessage> outbound;
  for (const auto& [id, bytes] : waiting) outbound.push_back({id, std::make_shared<const std::string>(bytes)});
  const std::vector<Status> statuses = channel_.Send(outbound, clock_.SteadyNow() + kOwn999NotAfter);
  std::vector<MessageId> done;
  Status first_error;
  for (size_t i = 0; i < statuses.size() && i < outbound.size(); ++i) {
    if (statuses[i].ok())
      done.push_back(outbound[i].mtdiep);
    else if (first_error.ok())
      first_error = statuses[i];
  }
  sent = static_cast<uint32_t>(done.size());
  own_999_.Add(sent);
  if (done.empty()) return first_error;
  const Status stored = store_.Own999Done(fence, done);
  return stored.ok() ? first_error : stored;
}

Span ThreadedReceiver::Rest(const Status& status) {
  if (status.ok()) {
    in_a_row_ = 0;
    return options_.poll;
  }
  failures_.Add();
  Log(LogLevel::kWarning, "feedback.trouble", {{"line", channel_.line().value()}, {"status", status.ToString()}});
  const uint32_t doublings = std::min(in_a_row_++, 10U);
  return std::min(kLongestRest, options_.poll * (1 << doublings));
}

// False: stop. The thread works from a wake until it waits again.
bool ThreadedReceiver::Wait(Steady until) {
  std::unique_lock lock(mutex_);
  // The work ends inside the wait: only when the thread is known to wait.
  clock_.WaitUntil(wake_, lock, until, [this] {
    if (!woken_ && !stop_) begun_.reset();
    return woken_ || stop_;
  });
  woken_ = false;
  if (!begun_) begun_.emplace(clock_);
  return !stop_;
}

void ThreadedReceiver::Run(const Fence& fence) {
  Steady next = clock_.SteadyNow();
  Status status;
  while (Wait(next)) {
    uint32_t taken = 0, sent = 0;
    status = {};
    if (MayReceive()) status = ReadOnce(fence, taken);
    if (status.ok() && MayReceive()) status = SendOwn999(fence, sent);
    if (IsFenced(status)) break;
    const Span rest = Rest(status);
    const bool more = status.ok() && (taken > 0 || sent > 0);
    next = clock_.SteadyNow() + (more ? Span(0) : rest);
  }
  const std::lock_guard lock(mutex_);
  if (IsFenced(status)) Log(LogLevel::kError, "feedback.over", {{"status", status.ToString()}});
  fence_.reset();
  running_ = false;
  begun_.reset();
}

bool ThreadedReceiver::IsAnswered(const MessageId& gateway_id) const {
  FindBy by;
  by.kind = FindBy::Kind::kGatewayId;
  by.gateway_id = gateway_id;
  const Found found = store_.Find(by);
  if (found.messages.empty()) return false;
  const std::vector<Event>& events = found.messages.front().events;
  return std::any_of(events.begin(), events.end(), [](const Event& e) { return !e.answer_id.empty(); });
}

Result<bool> ThreadedReceiver::Search(const LineId& line, const std::string& from_position,
                                      const MessageId& gateway_id) {
  if (line != channel_.line()) return Status::Permanent("feedback.line"_reason, "no receiver on line " + line.value());
  std::string position = from_position;
  for (uint32_t page = 0; page < kMostSearchPages; ++page) {
    const std::optional<Fence> fence = CurrentFence();
    if (!fence) return Status::Transient("feedback.stopped"_reason, "the receiver is not running");
    if (!MayReceive()) return Status::Transient("feedback.closed"_reason, "the line may not be read now");
    Result<InboundBatch> batch = channel_.Receive(position, options_.batch);
    if (!batch.ok()) return batch.status();
    if (batch->messages.empty() && batch->next == position) return IsAnswered(gateway_id);
    if (batch->next == position) return Status::Transient("line.protocol"_reason, "the line's position does not move");
    position = batch->next;
    const auto taken = intake_.Take(*fence, std::move(batch->messages), "");
    if (!taken.ok()) return taken.status();
  }
  return Status::Transient("feedback.search_endless"_reason, "the line had no end");
}

}  // namespace

std::unique_ptr<Receiver> Receiver::Make(const Options& options, Store& store, ContractBook& contracts,
                                         AuthorityChannel& channel, const AnswerReader& reader,
                                         const Digester& digester, Clock& clock, Metrics& metrics, Hooks hooks) {
  AnswerIntakeParts parts{options,  store, contracts, channel.line(),  reader,
                          digester, clock, metrics,   std::move(hooks)};
  return std::make_unique<ThreadedReceiver>(std::move(parts), channel);
}

}  // namespace tvan
