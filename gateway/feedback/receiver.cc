#include "gateway/feedback/receiver.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

#include "gateway/core/log.h"
#include "gateway/core/utf8.h"
#include "gateway/feedback/answer_intake.h"
#include "gateway/feedback/joiner.h"
#include "gateway/feedback/own_999_sender.h"
#include "gateway/feedback/second_look.h"

namespace tvan {
namespace {

constexpr Span kLongestRest = std::chrono::seconds(30);
constexpr uint32_t kMostSearchPages = 100'000;

// The response as a whole may have been too large, or one of its answers unreadable: fewer at a time go further.
bool MayBeTooMuch(const Status& status) { return status.reason() == "line.protocol"_reason; }
uint32_t Narrower(uint32_t limit) { return std::max(limit / 2, 1U); }

// Only this is the line's end: a page holds at most what was asked for, and may hold less for its size.
bool IsEnd(const InboundBatch& batch, const std::string& position) {
  return batch.messages.empty() && batch.next == position;
}

bool IsFenced(const Status& status) { return status.reason() == "store.fenced"_reason; }

class ThreadedReceiver final : public Receiver {
 public:
  ThreadedReceiver(AnswerIntakeParts parts, AuthorityChannel& channel)
      : options_(parts.options),
        may_receive_(parts.hooks.may_receive),
        read_by_(parts.hooks.read_by),
        store_(parts.store),
        clock_(parts.clock),
        channel_(channel),
        failures_(parts.metrics.GetCounter("tvan_feedback_failures_total", "Reads and stores of answers that failed")),
        own_999_(parts.store, channel, parts.clock, parts.metrics, parts.hooks.not_after, parts.options.poll),
        joiner_(parts.store, intake_, parts.clock, parts.metrics),
        second_look_(parts.store, intake_, parts.clock),
        intake_(std::move(parts)),
        limit_(options_.batch) {}
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
    behind_ = true;  // others may have read the line meanwhile
    limit_ = options_.batch;
    in_a_row_ = 0;
    second_look_.Begin();
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

  std::string signature_alarm() const override { return intake_.signatures().alarm_text(); }

  void Wake() override {
    const std::lock_guard lock(mutex_);
    WakeLocked();
  }

  void TrustChanged() override {
    second_look_.Begin();
    Wake();
  }

  Result<bool> Search(const LineId& line, const std::string& from_position, const MessageId& gateway_id) override;
  Status ReadThrough(const LineId& line, const std::string& from_position) override;

 private:
  enum class Until { kReader, kEnd };  // where the receiver stood at the beginning; the end of what the line has
  Status ReadAgain(const LineId& line, std::string position, Until until);
  bool ReachesEnd();
  // The work begins with the call that wakes, so that virtual time cannot slip by between it and the thread.
  void WakeLocked() {
    woken_ = true;
    if (!begun_ && running_) begun_.emplace(clock_);
    wake_.notify_all();
  }

  uint32_t Wider(uint32_t limit) const { return std::min(std::max(options_.batch, 1U), limit * 2); }
  Result<InboundBatch> Read(const std::string& position, uint32_t limit) {
    return channel_.Receive(position, limit, read_by_ ? read_by_() : kSteadyForever);
  }
  bool MayReceive() const { return !may_receive_ || may_receive_(clock_.Now()); }
  std::optional<Fence> CurrentFence() const {
    const std::lock_guard lock(mutex_);
    return fence_;
  }

  void Run(const Fence& fence);
  bool Wait(Steady until);
  Status ReadOnce(const Fence& fence, uint32_t& taken);
  Status SendOwn999(const Fence& fence, bool& more);
  void Narrow(const std::string& position, const Status& status);
  Span Rest(const Status& status);
  Result<bool> IsAnswered(const MessageId& gateway_id) const;

  const Options options_;
  const std::function<bool(Time)> may_receive_;
  const std::function<Steady()> read_by_;
  Store& store_;
  Clock& clock_;
  AuthorityChannel& channel_;
  Counter& failures_;
  Own999Sender own_999_;  // the receiver's thread only
  Joiner joiner_;         // likewise
  SecondLook second_look_;
  const AnswerIntake intake_;
  uint32_t in_a_row_ = 0;           // failures; the receiver's thread only
  uint32_t limit_;                  // of the next read; likewise
  std::atomic<bool> behind_{true};  // its last read was not an empty one: there may be more on the line than it stored
  mutable std::mutex mutex_;        // guards what follows
  std::condition_variable wake_;
  bool running_ = false, stop_ = false, woken_ = false;
  std::optional<WorkScope> begun_;  // the thread has something to do, or is doing it
  std::optional<Fence> fence_;
  std::thread thread_;
};

// Stored before the line is read on: the position moves in the same act.
Status ThreadedReceiver::ReadOnce(const Fence& fence, uint32_t& taken) {
  const Result<std::string> position = store_.LinePosition(channel_.line());
  if (!position.ok()) return position.status();
  Result<InboundBatch> batch = Read(*position, limit_);
  if (!batch.ok()) {
    Narrow(*position, batch.status());
    return batch.status();
  }
  limit_ = Wider(limit_);
  taken = static_cast<uint32_t>(batch->messages.size());
  behind_ = !IsEnd(*batch, *position);  // a page may be short though more stands behind it
  if (!behind_) return {};
  if (batch->next != *position) return intake_.Take(fence, std::move(batch->messages), batch->next).status();
  // Answers are kept whatever is wrong with the position; the same ones again at once would be no use.
  const Status stored = intake_.Take(fence, std::move(batch->messages), "").status();
  return stored.ok() ? Status::Transient("line.protocol"_reason, "the line's position does not move") : stored;
}

// Nothing is skipped, ever: an answer that cannot be read alone stops the line's answers behind it, and is read again,
// with the longest rest between, until the authority, an operator or a newer release mends it.
void ThreadedReceiver::Narrow(const std::string& position, const Status& status) {
  if (!MayBeTooMuch(status)) return;
  if (limit_ == 1)
    Log(LogLevel::kError, "feedback.stuck",
        {{"line", channel_.line().value()},
         {"after", std::string(CutUtf8(position, 100))},
         {"status", status.ToString()}});
  limit_ = Narrower(limit_);
}

Status ThreadedReceiver::SendOwn999(const Fence& fence, bool& more) {
  if (!MayReceive()) return {};
  const Result<bool> sent = own_999_.Step(fence);
  more = more || (sent.ok() && *sent);
  return sent.status();
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
  const bool due = clock_.SteadyNow() >= until;
  // The work ends inside the wait: only when the thread is known to wait, and has something to wait for.
  clock_.WaitUntil(wake_, lock, until, [this, due] {
    if (!woken_ && !stop_ && !due) begun_.reset();
    return woken_ || stop_ || due;
  });
  woken_ = false;
  if (!begun_) begun_.emplace(clock_);
  return !stop_;
}

void ThreadedReceiver::Run(const Fence& fence) {
  Steady next = clock_.SteadyNow();
  Status status;
  while (Wait(next)) {
    uint32_t taken = 0;
    status = {};
    const bool may_receive = MayReceive();
    if (may_receive) status = ReadOnce(fence, taken);
    if (!may_receive || !status.ok()) behind_ = true;
    bool more = status.ok() && taken > 0;
    if (status.ok()) status = joiner_.Step(fence, more);
    const Status looked = IsFenced(status) ? status : second_look_.Step(fence, more);  // whatever the line is worth
    if (status.ok() || IsFenced(looked)) status = looked;
    const Status own = IsFenced(status) ? status : SendOwn999(fence, more);
    if (status.ok()) status = own;
    if (IsFenced(status)) break;
    const Span rest = Rest(status);
    next = clock_.SteadyNow() + (more && status.ok() ? Span(0) : rest);
  }
  const std::lock_guard lock(mutex_);
  if (IsFenced(status)) Log(LogLevel::kError, "feedback.over", {{"status", status.ToString()}});
  fence_.reset();
  running_ = false;
  begun_.reset();
}

// A system code speaks of the service, not of the message: also an earlier attempt's, in the log for good, answers
// nothing. A repeated answer counts by its first event.
bool Answers(const Event& e) {
  const bool kind =
      e.kind == EventKind::kAcknowledged || e.kind == EventKind::kAnswer || e.kind == EventKind::kWorkItem;
  return kind && !e.answer_id.empty() && e.reason != "feedback.system_code"_reason.text();
}

Result<bool> ThreadedReceiver::IsAnswered(const MessageId& gateway_id) const {
  FindBy by;
  by.kind = FindBy::Kind::kGatewayId;
  by.gateway_id = gateway_id;
  const Result<Found> found = store_.Find(by);
  if (!found.ok()) return found.status();
  if (found->messages.empty()) return false;
  const std::vector<Event>& events = found->messages.front().events;
  return std::any_of(events.begin(), events.end(), Answers);
}

// Positions are opaque: nothing but equality is known of them.
bool Meets(const InboundBatch& batch, const std::string& position) {
  return batch.next == position || std::any_of(batch.messages.begin(), batch.messages.end(),
                                               [&position](const auto& m) { return m.position == position; });
}

// Ends where the receiver stood at the beginning, else a busy line would have no end; or, to know everything, where it
// stands once it has seen the end. Once Stop was called it ends with the page in hand.
Status ThreadedReceiver::ReadAgain(const LineId& line, std::string position, Until until) {
  if (line != channel_.line()) return Status::Permanent("feedback.line"_reason, "no receiver on line " + line.value());
  Result<std::string> reader_at = store_.LinePosition(line);
  uint32_t limit = options_.batch;
  for (uint32_t page = 0; page < kMostSearchPages; ++page) {
    if (!reader_at.ok()) return reader_at.status();
    const std::optional<Fence> fence = CurrentFence();
    if (!fence) return Status::Transient("feedback.stopped"_reason, "the receiver is not running");
    if (!MayReceive()) return Status::Transient("feedback.closed"_reason, "the line may not be read now");
    Result<InboundBatch> batch = Read(position, limit);
    if (!batch.ok() && MayBeTooMuch(batch.status()) && limit > 1) {
      limit = Narrower(limit);
      continue;
    }
    if (!batch.ok()) return batch.status();
    limit = Wider(limit);
    if (IsEnd(*batch, position)) return {};
    if (batch->next == position) return Status::Transient("line.protocol"_reason, "the line's position does not move");
    // From there on the receiver reads itself; one page is read in any case, to see that the line can be read.
    const bool met = position == *reader_at || Meets(*batch, *reader_at);
    position = batch->next;
    const auto taken = intake_.Take(*fence, std::move(batch->messages), "");
    if (!taken.ok()) return taken.status();
    if (met && !reader_at->empty() && (until == Until::kReader || !behind_)) return {};
    if (until == Until::kEnd) reader_at = store_.LinePosition(line);
  }
  return Status::Transient("feedback.search_endless"_reason, "the line had no end");
}

// On a busy line no read is ever empty. One page from where the receiver stands reaches the end too if the same page,
// asked for again, has more: it was not cut for its size, and all that stood there when it was read is stored.
bool ThreadedReceiver::ReachesEnd() {
  const std::optional<Fence> fence = CurrentFence();
  const Result<std::string> position = store_.LinePosition(channel_.line());
  if (!fence || !position.ok() || !MayReceive()) return false;
  Result<InboundBatch> page = Read(*position, options_.batch);
  if (!page.ok()) return false;
  if (IsEnd(*page, *position)) return true;
  const size_t size = page->messages.size();
  if (!intake_.Take(*fence, std::move(page->messages), "").ok() || size >= options_.batch || !MayReceive())
    return false;
  const Result<InboundBatch> again = Read(*position, options_.batch);
  return again.ok() && again->messages.size() > size;
}

Result<bool> ThreadedReceiver::Search(const LineId& line, const std::string& from_position,
                                      const MessageId& gateway_id) {
  if (Status status = ReadAgain(line, from_position, Until::kReader); !status.ok()) return status;
  // Answered or not: what is read here is also the proof for others that were first sent at the same position.
  if (behind_ && !ReachesEnd())
    return Status::Transient("feedback.behind"_reason, "the receiver has not caught up: an answer may stand behind it");
  return IsAnswered(gateway_id);
}

Status ThreadedReceiver::ReadThrough(const LineId& line, const std::string& from_position) {
  return ReadAgain(line, from_position, Until::kEnd);
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
