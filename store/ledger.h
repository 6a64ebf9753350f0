#pragma once
// The decisions of every write, made one after another over one WriteSet: idempotency, claims, stages, queues,
// mailboxes, counters. Runs on the committer's thread only, so that no race can be written. An operation that answers
// an error wrote nothing. Made for one durable act and dropped after it.

#include <string>
#include <vector>

#include "store/codec.h"
#include "store/fold.h"
#include "store/write_set.h"

namespace tvan {

class Ledger {
 public:
  struct Options {
    std::string incarnation;
    uint64_t buffer_limit_bytes = 0;  // payload bytes that may wait (queued and held); 0: no limit
  };
  Ledger(WriteSet& writes, const Options& options);

  Result<AcceptAnswer> Accept(const NewMessage& message);
  Fence TakeOwnership();
  Result<std::vector<Status>> RecordAttempts(const Fence& fence, const std::vector<AttemptIntent>& intents);
  Status Settle(const Fence& fence, const std::vector<Settlement>& settlements);
  Result<std::vector<Status>> Change(const Fence& fence, const std::vector<StageChange>& changes);
  Result<ReceiveReport> ReceiveAnswers(const Fence& fence, const LineId& line,
                                       const std::vector<IncomingAnswer>& answers, const std::string& new_position);
  Status Own999Done(const Fence& fence, const std::vector<MessageId>& ids);
  Status Acknowledge(const ProviderId& provider, const std::string& subscription, uint64_t sequence);
  Result<OperatorRecord> PutRecord(OperatorRecord record, uint64_t expected_version);

  // The number of this durable act; written by Finish, unless nothing else was.
  uint64_t sequence() const { return sequence_; }
  void Finish();

 private:
  Status CheckFence(const Fence& fence);

  // Accept (ledger_accept.cc)
  Result<AcceptAnswer> Repeated(const NewMessage& message, const std::string& first_id);
  std::vector<InvoiceKey> Conflicts(const NewMessage& message);
  Status Room(const NewMessage& message);
  AcceptAnswer Write(const NewMessage& message);

  // Messages (ledger.cc)
  Result<StoredMessage> Load(const MessageId& id);
  // Writes the message with one more event, and moves its indexes, counters and claims when its stage changed.
  void Save(StoredMessage& message, Stage before, Event event);
  void Enter(const MessageMeta& meta);
  void Leave(const MessageMeta& meta, Stage stage);
  void CountQueue(const MessageMeta& meta, int direction);

  // Claims (ledger_accept.cc)
  std::vector<ClaimEntry> Holders(const InvoiceKey& key);
  void TakeClaim(const InvoiceKey& key, const MessageId& id);
  void SetReleased(const InvoiceKey& key, const MessageId& id, bool released);

  // Answers (ledger_answers.cc)
  void ReceiveNew(const IncomingAnswer& answer, ReceiveReport& report);
  void ReceiveKnown(const IncomingAnswer& answer, AnswerRecord record, ReceiveReport& report);
  bool AllFound(const IncomingAnswer& answer);
  void ApplyAndDeliver(const IncomingAnswer& answer, ReceiveReport& report);
  void Apply(const IncomingAnswer& answer, const AnswerEffect& effect);
  void Repeat(const IncomingAnswer& answer);
  void Deliver(const IncomingAnswer& answer, const Delivery& delivery);
  void QueueOwn999(const IncomingAnswer& answer, uint64_t number);

  WriteSet& writes_;
  const Options& options_;
  uint64_t sequence_;
};

}  // namespace tvan
