#include "store/committer.h"

#include <algorithm>

#include "gateway/core/failpoint.h"
#include "gateway/core/log.h"

namespace tvan {

Committer::Committer(Options options, KvBackend& backend, uint64_t sequence, AfterCommit after, Clock& clock,
                     Metrics* metrics)
    : options_(std::move(options)), backend_(backend), after_(std::move(after)), clock_(clock), sequence_(sequence) {
  if (metrics != nullptr) {
    acts_ = &metrics->GetCounter("tvan_store_commits_total", "Durable acts of the store");
    operations_ = &metrics->GetCounter("tvan_store_operations_total", "Operations written in durable acts");
    seconds_ = &metrics->GetHistogram("tvan_store_commit_seconds", "Duration of one durable act, flush included");
    waiting_gauge_ = &metrics->GetGauge("tvan_store_waiting", "Operations that wait for a durable act");
    failed_gauge_ = &metrics->GetGauge("tvan_store_failed", "1 after a failed write: the store refuses writes");
  }
  if (options_.mode == Mode::kThread) thread_ = std::thread([this] { Loop(); });
}

Committer::~Committer() { Close(); }

Status Committer::Submit(Operation operation, Admission admission) {
  {
    std::lock_guard lock(mutex_);
    if (closing_) return Status::Transient("store.closed"_reason, "the store is closed");
    if (failed_) return Status::Transient("store.failed"_reason, "the store failed to write; it must be opened again");
    const bool full = waiting_.size() >= options_.queue_limit ||
                      (waiting_bytes_ > 0 && waiting_bytes_ + operation.bytes > options_.waiting_limit_bytes);
    if (full && admission == Admission::kBounded)
      return Status::Transient("store.busy"_reason, "too many operations wait for the store");
    waiting_bytes_ += operation.bytes;
    operation.urgent = admission == Admission::kAlways;
    urgent_ += operation.urgent ? 1 : 0;
    clock_.WorkBegins();  // until it is completed
    waiting_.push_back(std::move(operation));
    if (!IsDue()) return {};
  }
  wake_.notify_one();
  return {};
}

void Committer::Coming(int change) {
  {
    std::lock_guard lock(mutex_);
    coming_ += change;
    if (change < 0 && !waiting_.empty()) ++came_;
    if (!IsDue()) return;
  }
  wake_.notify_one();
}

// Once due, due until the batch is taken: what is announced anew does not hold it up any more.
bool Committer::IsDue() const {
  const size_t enough = std::min({options_.gather, options_.max_batch, options_.queue_limit});
  const size_t enough_bytes = std::min(options_.max_batch_bytes, options_.waiting_limit_bytes / 2);
  return !waiting_.empty() && (coming_ == 0 || urgent_ > 0 || waiting_.size() >= enough || came_ >= enough ||
                               waiting_bytes_ >= enough_bytes);
}

std::vector<Committer::Operation> Committer::TakeBatch() {
  std::vector<Operation> batch;
  size_t bytes = 0;
  came_ = 0;
  while (!waiting_.empty() && batch.size() < options_.max_batch) {
    Operation& next = waiting_.front();
    if (!batch.empty() && bytes + next.bytes > options_.max_batch_bytes) break;
    bytes += next.bytes;
    waiting_bytes_ -= next.bytes;
    urgent_ -= next.urgent ? 1 : 0;
    batch.push_back(std::move(next));
    waiting_.pop_front();
  }
  if (waiting_gauge_ != nullptr) waiting_gauge_->Set(static_cast<double>(waiting_.size()));
  return batch;
}

void Committer::Loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    clock_.WaitUntil(wake_, lock, kSteadyForever, [this] { return closing_ || IsDue(); });
    if (waiting_.empty() && closing_) return;
    auto batch = TakeBatch();
    lock.unlock();
    RunBatch(std::move(batch));
    lock.lock();
  }
}

void Committer::Flush() {
  std::lock_guard one(flush_mutex_);
  std::unique_lock lock(mutex_);
  while (!waiting_.empty()) {
    auto batch = TakeBatch();
    lock.unlock();
    RunBatch(std::move(batch));
    lock.lock();
  }
}

void Committer::Close() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  if (options_.mode == Mode::kManual) Flush();
  if (thread_.joinable()) thread_.join();
}

void Committer::Drop() {
  std::vector<Operation> dropped;
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
    std::move(waiting_.begin(), waiting_.end(), std::back_inserter(dropped));
    waiting_.clear();
    waiting_bytes_ = urgent_ = 0;
  }
  Complete(dropped, Status::InDoubt("store.io"_reason, "the store stopped before it answered"));
}

void Committer::RunBatch(std::vector<Operation> batch) {
  if (failed_) {
    // Nothing of these was written: they waited behind the act that failed.
    return Complete(batch, Status::Transient("store.failed"_reason, "the store failed to write before this"));
  }
  Decide(batch);
}

void Committer::Decide(std::vector<Operation>& batch) {
  std::optional<WriteSet> writes;
  uint64_t sequence = 0;
  const Status status = Act(batch.size(), [&](const KvView& newest) {
    writes.emplace(newest);
    Ledger ledger(*writes, options_.ledger);
    for (Operation& operation : batch) operation.decide(ledger);
    ledger.Finish();
    sequence = ledger.sequence();
    return writes->status().ok() && !writes->empty() ? &*writes : nullptr;
  });
  const bool readable = !writes || writes->status().ok();
  if (!status.ok() || readable) {
    if (status.ok() && !writes->empty()) sequence_ = sequence;
    if (status.ok() && !writes->empty()) after_(*writes);
    return Complete(batch, status);
  }
  if (batch.size() == 1) return Complete(batch, writes->status());
  // One operation met something unreadable. Alone, each of the others is written, and only that one fails.
  for (Operation& operation : batch) {
    std::vector<Operation> alone;
    alone.push_back(std::move(operation));
    RunBatch(std::move(alone));
  }
}

// An act that writes nothing passes no failpoint and is not counted.
Status Committer::Act(size_t operations, const KvBackend::Decide& decide) {
  bool writes = false;
  Steady begin{};
  const Status status = backend_.Act([&](const KvView& newest) {
    const WriteSet* decided = decide(newest);
    writes = decided != nullptr;
    begin = clock_.SteadyNow();
    if (writes) Pass("flush.before"_failpoint);
    return decided;
  });
  if (writes) Pass("flush.after"_failpoint);
  if (writes && acts_ != nullptr) {
    acts_->Add();
    operations_->Add(static_cast<double>(operations));
    seconds_->Observe(static_cast<double>((clock_.SteadyNow() - begin).count()) / 1e6);
  }
  if (!status.is_in_doubt()) return status;
  failed_ = true;
  if (failed_gauge_ != nullptr) failed_gauge_->Set(1);
  Log(LogLevel::kError, "store.failed", {{"reason", std::string(status.reason().text())}, {"text", status.message()}});
  return status;
}

void Committer::Complete(std::vector<Operation>& batch, const Status& status) {
  for (Operation& operation : batch) {
    operation.complete(status);
    clock_.WorkEnds();
  }
}

}  // namespace tvan
