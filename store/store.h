#pragma once
// Store: the port to everything durable. Domain operations in batches; an operation that answers OK is durable at
// durability() and visible to every later read. Writers go through one committer that puts waiting operations
// into one flushed batch; order of completion is order of the batch. Thread-safe; calls may block on a flush, so they
// run on store pools only (Accept alone is asynchronous). Errors: store.closed, store.full, store.io (transient:
// nothing was written; after a failed flush the store refuses all writes until it is opened again, in doubt for the
// batch that failed), store.busy (transient: too many operations wait), store.fenced (permanent: another owner).
// Reads that answer a Result: store.io (transient), store.damaged (permanent), store.closed.
// Implementations: store/rocksdb, store/redis, tests/support (MemoryStore). One suite: tests/contract/store_contract.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/operations.h"
#include "store/record_store.h"

namespace tvan {

class Store : public RetentionStore, public RecordStore {
 public:
  virtual Durability durability() const = 0;
  virtual StorePosition position() const = 0;
  virtual Fence TakeOwnership() = 0;  // durable; older fences fail from now on

  // --- intake
  using AcceptDone = std::function<void(Result<AcceptAnswer>)>;
  // `done` runs after the flush, on a thread of the store; it must be short. Bounded: store.busy at once.
  virtual void Accept(NewMessage message, AcceptDone done) = 0;
  // What the history says against the message, or cannot say of it (judge.h). Accept asks again, and decides.
  virtual Result<std::vector<HistoryFinding>> AskHistory(const NewMessage& message) const = 0;
  virtual void Coming(int change) { static_cast<void>(change); }  // for ComingAccept (coming_accept.h)
  // Days since 1970-01-01, both +07:00. Cheap for today: asked at every submit.
  virtual Result<DayTotal> AcceptedOn(const ProviderId& provider, int32_t day) const = 0;
  // Gives a key up under which nothing was accepted, for ever: every later Accept of it answers kVoided.
  virtual Result<VoidAnswer> Void(const VoidRequest& request) = 0;
  // kQueued, kHeld → kWithdrawn, while no attempt was ever recorded; frees the claims. No fence: a provider's act.
  virtual Result<WithdrawAnswer> Withdraw(const WithdrawRequest& request) = 0;

  // --- dispatch
  virtual Result<std::vector<QueueKey>> Queues() const = 0;  // non-empty ones
  // Queued messages of one queue, or those of one stage, in acceptance order, after `after_acceptance`. Empty: no more.
  // A page ends in front of a message that cannot be read, which is an error when it is the first.
  virtual Result<std::vector<MessageMeta>> ReadQueue(const QueueKey& key, uint64_t after_acceptance,
                                                     uint32_t limit) const = 0;
  virtual Result<std::vector<MessageMeta>> InStage(Stage stage, uint64_t after_acceptance, uint32_t limit) const = 0;
  // The first message after a place, if its place is known and its record is damaged (store.damaged above): a reader
  // may go on behind it. None: its record can be read, or there is no message.
  virtual Result<std::optional<DamagedPlace>> FirstDamaged(const Listing& in, uint64_t after_acceptance) const = 0;
  virtual Result<SharedBytes> LoadPayload(const MessageId& gateway_id) const = 0;
  // The open message that files this invoice, or the last one that did. For waiting by dependency.
  virtual Result<std::optional<MessageMeta>> ClaimHolder(const InvoiceKey& key) const = 0;
  // The open registrations (100, 101) of a taxpayer among its newest 16, accepted before this one; newest first.
  virtual Result<std::vector<MessageMeta>> OpenRegistrations(const TaxCode& mst, uint64_t before_acceptance) const = 0;
  // kQueued, kInDoubt, kSent, kAcknowledged → kSending, one more attempt; answers per intent, in order.
  virtual Result<std::vector<Status>> RecordAttempts(const Fence& fence, const std::vector<AttemptIntent>& intents) = 0;
  // kSending → kSent | kQueued (at its old place, the head) | kInDoubt. A message that an answer already moved on keeps
  // its stage; the event is appended all the same.
  virtual Status Settle(const Fence& fence, const std::vector<Settlement>& settlements) = 0;
  virtual Result<std::vector<Status>> Change(const Fence& fence, const std::vector<StageChange>& changes) = 0;

  // --- feedback
  // Stores answers, effects, deliveries, own 999s, the new position in one act; a known answer once less is undecided.
  // Stages move forward: open → acknowledged → work item → final; a real answer overwrites refused (P3).
  virtual Result<ReceiveReport> ReceiveAnswers(const Fence& fence, const LineId& line,
                                               const std::vector<IncomingAnswer>& answers,
                                               const std::string& new_position) = 0;
  virtual Result<std::string> LinePosition(const LineId& line) const = 0;  // empty: from the beginning
  virtual Result<StoredAnswer> LoadAnswer(const std::string& answer_id) const = 0;
  virtual Result<std::vector<StoredAnswer>> Parked(uint32_t limit) const = 0;
  // One that cannot be read holds up no other, here and below; it is an error when nothing else waits.
  virtual Result<UndecidedPage> UndecidedAnswers(uint64_t after, uint32_t limit) const = 0;
  // Our own 999s that wait to go up, oldest first: (id, bytes). Done removes them.
  virtual Result<std::vector<std::pair<MessageId, std::string>>> Own999(uint32_t limit) const = 0;
  virtual Status Own999Done(const Fence& fence, const std::vector<MessageId>& ids) = 0;

  // --- delivery; `subscription` is "main" today
  // At most `limit` items, and no further one once their rewrapped bytes reach `max_bytes`; ends in front of an item
  // that cannot be read, which is an error when it is the first.
  virtual Result<std::vector<MailboxItem>> ReadMailbox(const ProviderId& provider, const std::string& subscription,
                                                       uint64_t after_sequence, uint32_t limit,
                                                       uint64_t max_bytes = UINT64_MAX) const = 0;
  virtual Result<uint64_t> MailboxEnd(const ProviderId& provider, const std::string& subscription) const = 0;
  virtual Result<uint64_t> Acknowledged(const ProviderId& provider, const std::string& subscription) const = 0;
  // Never moves back. store.mailbox_range: beyond the end (permanent).
  virtual Status Acknowledge(const ProviderId& provider, const std::string& subscription, uint64_t sequence) = 0;

  // --- questions. Nothing found means that there is nothing: what cannot be read is an error.
  virtual Result<Found> Find(const FindBy& by) const = 0;
  // In order of acceptance. Looks at a bounded number of entries, so that a page may be empty and yet not the last.
  virtual Result<Listed> List(const ListFilter& filter) const = 0;
  virtual Result<Measures> Measure() const = 0;

  // --- a store that is a copy of an older one (recovery.h); none: it is not. Dispatch ends the recovery.
  virtual Result<std::optional<Recovery>> recovery() const = 0;
  virtual Status EndRecovery(const Fence& fence, Time at) = 0;
  // Every answer that was received at `at` or later stands behind it; empty: the beginning.
  virtual Result<std::string> LinePositionAt(const LineId& line, Time at) const = 0;
  // Parked answers of messages that were accepted since. While there are any, no attempt of such a message is recorded
  // (store.answers_waiting); feedback reads them again and gives them to ReceiveAnswers, which joins them.
  virtual Result<std::vector<StoredAnswer>> Joinable(uint32_t limit) const = 0;
  // A consistent copy while everything goes on. store.backup_exists, store.no_backup (not by this kind of store),
  // store.backup_running, store.unwritable, store.disk_full, store.io
  virtual Result<BackupFacts> Backup(const BackupRequest& request) = 0;

  // Called after a durable act: new queue entries, or new mailbox items of a provider. Short, from any store thread.
  struct Listener {
    std::function<void()> on_queue;
    std::function<void(const ProviderId&)> on_mailbox;
  };
  virtual void SetListener(Listener listener) = 0;  // once, before use
  virtual Status Close() = 0;                       // stops taking, flushes, closes; later calls answer store.closed
};

}  // namespace tvan
