#include <future>

#include "gateway/core/failpoint.h"
#include "gateway/core/log.h"
#include "store/keys.h"
#include "store/kv_store_reads.h"

namespace tvan {
namespace {

uint64_t LastSequence(const KvBackend& backend) {
  uint64_t sequence = 0;
  const Status looked = backend.Look([&](const KvView& view) { sequence = Questions(view).Number(keys::kSequence); });
  return looked.ok() ? sequence : 0;
}

}  // namespace

KvStore::KvStore(std::unique_ptr<KvBackend> backend, Committer::Options committer, Clock& clock, Metrics* metrics)
    : backend_(std::move(backend)), incarnation_(committer.ledger.incarnation), damage_(clock, metrics) {
  ReadRecovery(committer.ledger);
  committer_ = std::make_unique<Committer>(
      std::move(committer), *backend_, LastSequence(*backend_), [this](const WriteSet& writes) { Notify(writes); },
      clock, metrics);
}

KvStore::~KvStore() {
  if (Status closed = Close(); !closed.ok()) Log(LogLevel::kError, "store.close", {{"text", closed.message()}});
}

Status KvStore::Close() {
  std::lock_guard lock(close_mutex_);
  if (closed_) return {};
  closed_ = true;
  committer_->Close();
  return backend_->Close();
}

void KvStore::SetListener(Listener listener) {
  std::lock_guard lock(listener_mutex_);
  listener_ = std::make_shared<const Listener>(std::move(listener));
}

void KvStore::Notify(const WriteSet& writes) {
  heads_.Lower(writes);
  days_.Learn(writes);
  std::shared_ptr<const Listener> listener;
  {
    std::lock_guard lock(listener_mutex_);
    listener = listener_;
  }
  if (listener == nullptr) return;
  if (writes.queue_touched() && listener->on_queue) listener->on_queue();
  if (!listener->on_mailbox) return;
  for (const ProviderId& provider : writes.mailboxes()) listener->on_mailbox(provider);
}

Status KvStore::Write(std::function<void(Ledger&)> decide) {
  auto flushed = std::make_shared<std::promise<Status>>();
  auto answer = flushed->get_future();
  Status taken = committer_->Submit(
      {.decide = std::move(decide), .complete = [flushed](const Status& status) { flushed->set_value(status); }},
      Committer::Admission::kAlways);
  if (!taken.ok()) return taken;
  if (committer_->mode() == Committer::Mode::kManual) committer_->Flush();
  return answer.get();
}

void KvStore::Accept(NewMessage message, AcceptDone done) {
  struct Pending {
    NewMessage message;
    SharedBytes record;
    AcceptDone done;
    Result<AcceptAnswer> answer;
  };
  SharedBytes record = PayloadRecord(message, committer_->dictionary());
  const size_t bytes = record->size() + (message.payload == nullptr ? 0 : message.payload->size());
  auto pending =
      std::make_shared<Pending>(Pending{std::move(message), std::move(record), std::move(done), AcceptAnswer{}});
  Status taken = committer_->Submit(
      {.bytes = bytes,
       .decide = [pending](Ledger& ledger) { pending->answer = ledger.Accept(pending->message, pending->record); },
       .complete =
           [pending](const Status& status) {
             pending->done(status.ok() ? std::move(pending->answer) : Result<AcceptAnswer>(status));
           }},
      Committer::Admission::kBounded);
  if (!taken.ok()) pending->done(taken);
}

Result<std::vector<MessageMeta>> KvStore::OpenRegistrations(const TaxCode& mst, uint64_t before) const {
  return ReadWhole([&](Questions& q) { return q.OpenRegistrations(mst, before); });
}

Result<std::vector<HistoryFinding>> KvStore::AskHistory(const NewMessage& message) const {
  return ReadWhole([&](Questions& q) { return q.AskHistory(message, uncertain_until_); });
}

Fence KvStore::TakeOwnership() {
  Fence fence;
  Status status = Write([&](Ledger& ledger) { fence = ledger.TakeOwnership(); });
  return status.ok() ? fence : Fence{incarnation_, 0};  // 0 is nobody's: every use answers store.fenced
}

Result<std::vector<Status>> KvStore::RecordAttempts(const Fence& fence, const std::vector<AttemptIntent>& intents) {
  Result<std::vector<Status>> answer = std::vector<Status>();
  Status status = Write([&](Ledger& ledger) { answer = ledger.RecordAttempts(fence, intents); });
  return status.ok() ? answer : Result<std::vector<Status>>(status);
}

Status KvStore::Settle(const Fence& fence, const std::vector<Settlement>& settlements) {
  Status answer;
  Status status = Write([&](Ledger& ledger) { answer = ledger.Settle(fence, settlements); });
  return status.ok() ? answer : status;
}

Result<std::vector<Status>> KvStore::Change(const Fence& fence, const std::vector<StageChange>& changes) {
  Result<std::vector<Status>> answer = std::vector<Status>();
  Pass("change.before"_failpoint);
  Status status = Write([&](Ledger& ledger) { answer = ledger.Change(fence, changes); });
  Pass("change.after"_failpoint);
  return status.ok() ? answer : Result<std::vector<Status>>(status);
}

Result<ReceiveReport> KvStore::ReceiveAnswers(const Fence& fence, const LineId& line,
                                              const std::vector<IncomingAnswer>& answers,
                                              const std::string& new_position) {
  Result<ReceiveReport> report = ReceiveReport{};
  Status status = Write([&](Ledger& l) { report = l.ReceiveAnswers(fence, line, answers, new_position); });
  return status.ok() ? report : Result<ReceiveReport>(status);
}

Status KvStore::Own999Done(const Fence& fence, const std::vector<MessageId>& ids) {
  Status answer;
  Status status = Write([&](Ledger& ledger) { answer = ledger.Own999Done(fence, ids); });
  return status.ok() ? answer : status;
}

Status KvStore::Acknowledge(const ProviderId& provider, const std::string& subscription, uint64_t sequence) {
  Status answer;
  Status status = Write([&](Ledger& ledger) { answer = ledger.Acknowledge(provider, subscription, sequence); });
  return status.ok() ? answer : status;
}

Result<std::vector<QueueKey>> KvStore::Queues() const {
  return ReadWhole([](Questions& q) { return q.Queues(); });
}

Result<std::vector<MessageMeta>> KvStore::ReadQueue(const QueueKey& key, uint64_t after, uint32_t limit) const {
  return ReadUpTo([&](Questions& q) { return q.ReadQueue(key, after, limit); });
}

Result<std::vector<MessageMeta>> KvStore::InStage(Stage stage, uint64_t after, uint32_t limit) const {
  return ReadUpTo([&](Questions& q) { return q.InStage(stage, after, limit); });
}

Result<std::optional<DamagedPlace>> KvStore::FirstDamaged(const Listing& in, uint64_t after) const {
  return Read([&](Questions& q) { return q.FirstDamaged(in, after); });
}

Result<SharedBytes> KvStore::LoadPayload(const MessageId& gateway_id) const {
  return Read([&](Questions& q) { return q.LoadPayload(gateway_id); });
}

Result<std::optional<MessageMeta>> KvStore::ClaimHolder(const InvoiceKey& key) const {
  return ReadWhole([&](Questions& q) { return q.ClaimHolder(key); });
}

Result<std::string> KvStore::LinePosition(const LineId& line) const {
  return ReadWhole([&](Questions& q) { return q.LinePosition(line); });
}

Result<StoredAnswer> KvStore::LoadAnswer(const std::string& answer_id) const {
  return Read([&](Questions& q) { return q.LoadAnswer(answer_id, incarnation_); });
}

Result<std::vector<StoredAnswer>> KvStore::Parked(uint32_t limit) const {
  return ReadWhole([&](Questions& q) { return q.Parked(limit, incarnation_); });
}

Result<UndecidedPage> KvStore::UndecidedAnswers(uint64_t after, uint32_t limit) const {
  return Read([&](Questions& q) {
    UndecidedPage page = q.UndecidedAnswers(after, limit, incarnation_);
    const bool nothing = page.answers.empty() && !page.more;
    return nothing && !q.damage().ok() ? q.damage() : Result<UndecidedPage>(std::move(page));
  });
}

Result<std::vector<std::pair<MessageId, std::string>>> KvStore::Own999(uint32_t limit) const {
  return ReadUpTo([&](Questions& q) { return q.Own999(limit); });
}

Result<std::vector<MailboxItem>> KvStore::ReadMailbox(const ProviderId& provider, const std::string& subscription,
                                                      uint64_t after, uint32_t limit, uint64_t max_bytes) const {
  return ReadUpTo([&](Questions& q) { return q.ReadMailbox(provider, subscription, after, limit, max_bytes); });
}

Result<uint64_t> KvStore::MailboxEnd(const ProviderId& provider, const std::string& subscription) const {
  return ReadWhole([&](Questions& q) { return q.Number(keys::MailboxEnd(provider, subscription)); });
}

Result<uint64_t> KvStore::Acknowledged(const ProviderId& provider, const std::string& subscription) const {
  return ReadWhole([&](Questions& q) { return q.Number(keys::Acknowledgement(provider, subscription)); });
}

Result<Found> KvStore::Find(const FindBy& by) const {
  return ReadWhole([&](Questions& q) {
    Found found = q.Find(by);
    found.as_of = {incarnation_, q.Number(keys::kSequence)};
    return found;
  });
}

Result<Listed> KvStore::List(const ListFilter& filter) const {
  return ReadWhole([&](Questions& q) { return q.List(filter); });
}

Result<Measures> KvStore::Measure() const {
  return ReadWhole([](Questions& q) { return q.Measure(); });
}

}  // namespace tvan
