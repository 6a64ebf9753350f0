#pragma once
// The decisions of every write, made one after another over one WriteSet: idempotency, claims, stages, queues,
// mailboxes, counters. Runs on the committer's thread only, so that no race can be written. An operation that answers
// an error wrote nothing. Made for one durable act and dropped after it.

#include <string>
#include <vector>

#include "store/codec.h"
#include "store/fold.h"
#include "store/record_store.h"
#include "store/write_set.h"

namespace tvan {

class Ledger {
 public:
  struct Options {
    std::string incarnation;
    uint64_t buffer_limit_bytes = 0;  // payload bytes that may wait (queued and held); 0: no limit
    // Of a store that is a copy: messages up to here may have been sent since; until then others may have been, too.
    uint64_t restored_through = 0;
    Time uncertain_until{};
  };
  Ledger(WriteSet& writes, const Options& options);

  // `record`: PayloadRecord(message), made by whoever hands it in.
  Result<AcceptAnswer> Accept(const NewMessage& message, const SharedBytes& record);
  Result<VoidAnswer> Void(const VoidRequest& request);
  Result<WithdrawAnswer> Withdraw(const WithdrawRequest& request);
  Result<PurgeReport> Purge(const Fence& fence, const PurgePlan& plan);
  void NoteRejections(const std::vector<Rejection>& rejections);
  Fence TakeOwnership();
  Result<std::vector<Status>> RecordAttempts(const Fence& fence, const std::vector<AttemptIntent>& intents);
  Status Settle(const Fence& fence, const std::vector<Settlement>& settlements);
  Result<std::vector<Status>> Change(const Fence& fence, const std::vector<StageChange>& changes);
  Result<ReceiveReport> ReceiveAnswers(const Fence& fence, const LineId& line,
                                       const std::vector<IncomingAnswer>& answers, const std::string& new_position);
  Status Own999Done(const Fence& fence, const std::vector<MessageId>& ids);
  Status Acknowledge(const ProviderId& provider, const std::string& subscription, uint64_t sequence);
  Status EndRecovery(const Fence& fence, Time at);
  Result<std::vector<OperatorRecord>> PutRecords(std::vector<RecordStore::RecordPut> puts);  // ledger_records.cc

  // The number of this durable act; written by Finish, unless nothing else was.
  uint64_t sequence() const { return sequence_; }
  void Finish();

 private:
  Status CheckFence(const Fence& fence);
  uint64_t AddToChain(AuditEntry entry);

  // Accept (ledger_accept.cc)
  Result<AcceptAnswer> Repeated(const NewMessage& message, const SharedBytes& record, const std::string& first_id);
  Status Room(const NewMessage& message);
  AcceptAnswer Write(const NewMessage& message, const SharedBytes& record);
  void CountOnItsDay(const NewMessage& message);

  // Void and Withdraw (ledger_withdraw.cc)
  Result<VoidAnswer> Known(const std::string& bytes);
  Result<AcceptAnswer> AcceptVoided(const NewMessage& message, const std::string& bytes);
  Result<WithdrawAnswer> Withdrawn(StoredMessage message);
  Result<Event> WithdrawalOf(const StoredMessage& message);

  // Purge (ledger_purge.cc)
  void PurgeMessage(const MessageId& id, const PurgePlan& plan, PurgeReport& report);
  std::optional<std::vector<std::string>> PurgeableAnswers(const StoredMessage& message, Time before);
  void PurgeMailbox(const PurgePlan& plan, PurgeReport& report);
  void Forget(const std::string& answer_id, PurgeReport& report);

  // Messages (ledger.cc)
  Result<StoredMessage> Load(const MessageId& id);
  // Writes the message with one more event, and moves its indexes, counters and history when its stage changed.
  void Save(StoredMessage& message, Stage before, Event event);
  void Enter(const MessageMeta& meta);
  void Leave(const MessageMeta& meta, Stage stage);
  void CountQueue(const MessageMeta& meta, int direction);
  static StageChange Safely(StageChange change, const MessageMeta& meta);

  // Claims on invoices and codes, and relations to other invoices (ledger_history.cc): taken together, freed together.
  std::vector<HistoryFinding> Contradictions(const NewMessage& message);
  void TakeHistory(const MessageMeta& meta);
  void SetReleased(const MessageMeta& meta, bool released);
  void SetReleased(const MessageMeta& meta, const InvoiceKey& item, bool released);
  std::vector<ClaimEntry> Holders(const std::string& key);
  void TakeClaim(const std::string& key, const MessageId& id);
  void SetReleased(const std::string& key, const MessageId& id, bool released);
  std::vector<FollowerEntry> FollowersOf(const InvoiceKey& original);
  void Follow(const InvoiceRelation& relation, const MessageId& id);
  void SetReleased(const InvoiceRelation& relation, const MessageId& id, bool released);
  void KeepRange(const RegisterRange& range);

  // Answers (ledger_answers.cc)
  void ReceiveNew(const IncomingAnswer& answer, ReceiveReport& report);
  void ReceiveKnown(const IncomingAnswer& answer, AnswerRecord record, ReceiveReport& report);
  void TakeReading(const IncomingAnswer& answer, AnswerRecord& record, ReceiveReport& report);
  void SetUndecided(AnswerRecord& record, Undecided undecided);
  bool AllFound(const IncomingAnswer& answer);
  void ApplyAndDeliver(const IncomingAnswer& answer, ReceiveReport& report);
  void Apply(const IncomingAnswer& answer, const AnswerEffect& effect);
  void Repeat(const IncomingAnswer& answer);
  void Deliver(const IncomingAnswer& answer, const Delivery& delivery);
  void QueueOwn999(const IncomingAnswer& answer, uint64_t number);

  // Parked answers and their messages (ledger_parked.cc)
  void Park(const IncomingAnswer& answer, AnswerRecord& record);
  void Unpark(const AnswerRecord& record);
  std::optional<StoredMessage> Named(const std::string& reference);
  bool AnswersAreParked(const MessageMeta& meta);
  void AnswersWait(StoredMessage& message, Time at);
  Status MayBeSent(const MessageMeta& meta);
  void MarkPosition(const LineId& line, const std::vector<IncomingAnswer>& answers);

  WriteSet& writes_;
  const Options& options_;
  uint64_t sequence_;
};

}  // namespace tvan
