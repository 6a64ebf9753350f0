#pragma once
// A Store over any KvBackend: writes go through the committer, reads through one consistent view each. All rules are
// in ledger, fold and questions, so that engines cannot differ. Thread-safe; owns its backend.

#include <atomic>
#include <memory>
#include <string>

#include "store/committer.h"
#include "store/damage_log.h"
#include "store/day_totals.h"
#include "store/questions.h"
#include "store/store.h"

namespace tvan {

class KvStore : public Store {
 public:
  // `committer.ledger.incarnation` must be that of the backend. `metrics` may be null.
  KvStore(std::unique_ptr<KvBackend> backend, Committer::Options committer, Clock& clock, Metrics* metrics);
  ~KvStore() override;

  Durability durability() const override { return backend_->durability(); }
  StorePosition position() const override { return {incarnation_, committer_->sequence()}; }
  Fence TakeOwnership() override;

  void Accept(NewMessage message, AcceptDone done) override;
  Result<std::vector<HistoryFinding>> AskHistory(const NewMessage& message) const override;
  void Coming(int change) override { committer_->Coming(change); }
  Result<DayTotal> AcceptedOn(const ProviderId& provider, int32_t day) const override;
  Result<VoidAnswer> Void(const VoidRequest& request) override;
  Result<WithdrawAnswer> Withdraw(const WithdrawRequest& request) override;
  Result<PurgeReport> Purge(const Fence& fence, const PurgeRequest& request) override;
  Status NoteRejections(const std::vector<Rejection>& rejections) override;
  Result<std::vector<Rejection>> Rejections(const ProviderId& provider, uint32_t limit) const override;

  Result<std::vector<QueueKey>> Queues() const override;
  Result<std::vector<MessageMeta>> ReadQueue(const QueueKey& key, uint64_t after, uint32_t limit) const override;
  Result<std::vector<MessageMeta>> InStage(Stage stage, uint64_t after, uint32_t limit) const override;
  Result<std::optional<DamagedPlace>> FirstDamaged(const Listing& in, uint64_t after) const override;
  Result<SharedBytes> LoadPayload(const MessageId& gateway_id) const override;
  Result<std::optional<MessageMeta>> ClaimHolder(const InvoiceKey& key) const override;
  Result<std::vector<MessageMeta>> OpenRegistrations(const TaxCode& mst, uint64_t before) const override;
  Result<std::vector<Status>> RecordAttempts(const Fence& fence, const std::vector<AttemptIntent>& intents) override;
  Status Settle(const Fence& fence, const std::vector<Settlement>& settlements) override;
  Result<std::vector<Status>> Change(const Fence& fence, const std::vector<StageChange>& changes) override;

  Result<ReceiveReport> ReceiveAnswers(const Fence& fence, const LineId& line,
                                       const std::vector<IncomingAnswer>& answers, const std::string& end) override;
  Result<std::string> LinePosition(const LineId& line) const override;
  Result<StoredAnswer> LoadAnswer(const std::string& answer_id) const override;
  Result<std::vector<StoredAnswer>> Parked(uint32_t limit) const override;
  Result<UndecidedPage> UndecidedAnswers(uint64_t after, uint32_t limit) const override;
  Result<std::vector<std::pair<MessageId, std::string>>> Own999(uint32_t limit) const override;
  Status Own999Done(const Fence& fence, const std::vector<MessageId>& ids) override;

  Result<std::vector<MailboxItem>> ReadMailbox(const ProviderId& provider, const std::string& subscription,
                                               uint64_t after, uint32_t limit,
                                               uint64_t max_bytes = UINT64_MAX) const override;
  Result<uint64_t> MailboxEnd(const ProviderId& provider, const std::string& subscription) const override;
  Result<uint64_t> Acknowledged(const ProviderId& provider, const std::string& subscription) const override;
  Status Acknowledge(const ProviderId& provider, const std::string& subscription, uint64_t sequence) override;

  Result<Found> Find(const FindBy& by) const override;
  Result<Listed> List(const ListFilter& filter) const override;
  Result<Measures> Measure() const override;

  Result<OperatorRecord> PutRecord(OperatorRecord record, uint64_t expected_version) override;
  Result<std::vector<uint64_t>> PutRecords(std::vector<RecordPut> puts) override;
  using Records = Result<std::vector<OperatorRecord>>;
  Records ListRecords(const std::string& kind) const override;
  Records RecordHistory(const std::string& kind, const std::string& id, const HistoryPage& page) const override;
  Records ScanRecords(const std::string& kind, const std::string& after_id, uint32_t limit) const override;
  Result<AuditHead> AuditEnd() const override;
  Result<AuditPage> ReadAudit(uint64_t before_sequence, uint32_t limit) const override;
  Result<std::vector<AuditEntry>> AuditFrom(uint64_t sequence, uint32_t limit) const override;
  Result<AuditTrail> TrailOf(const AuditEntry& entry) const override;

  Result<std::optional<Recovery>> recovery() const override;
  Status EndRecovery(const Fence& fence, Time at) override;
  Result<std::string> LinePositionAt(const LineId& line, Time at) const override;
  Result<std::vector<StoredAnswer>> Joinable(uint32_t limit) const override;
  Result<BackupFacts> Backup(const BackupRequest& request) override;

  const Status& opening() const { return opening_; }  // transient: it could not read what it must know; open it again
  void SetListener(Listener listener) override;
  Status Close() override;

 protected:
  Committer& committer() { return *committer_; }

 private:
  // Runs `decide` in the committer and waits for its flush.
  Status Write(std::function<void(Ledger&)> decide);
  // Asks one consistent view; damage is logged and counted. Whole: it is an error. UpTo: if nothing is in front of it.
  auto Read(const auto& ask) const;
  auto ReadWhole(const auto& ask) const;
  auto ReadUpTo(const auto& ask) const;
  void Notify(const WriteSet& writes);
  void ReadRecovery(Ledger::Options& options);
  Result<PurgeReport> PurgeChunk(const Fence& fence, const PurgePlan& plan);
  Result<PurgeReport> PurgeOneByOne(const Fence& fence, const PurgePlan& plan);

  std::unique_ptr<KvBackend> backend_;
  mutable QueueHeads heads_;
  mutable DayTotals days_;
  std::string incarnation_;
  Status opening_;
  uint64_t restored_through_ = 0;
  Time uncertain_until_{};
  std::atomic<bool> backing_up_{false};
  mutable DamageLog damage_;
  mutable std::mutex listener_mutex_;
  std::shared_ptr<const Listener> listener_;  // guarded by listener_mutex_
  std::mutex close_mutex_;
  bool closed_ = false;                   // guarded by close_mutex_
  std::unique_ptr<Committer> committer_;  // last: its thread uses the rest
};

}  // namespace tvan
