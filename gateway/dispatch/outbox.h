#pragma once
// Outbox: renders, records the attempts, sends on the bounded pool, settles. Order is the promise: bytes checked →
// phase looked at → attempts durable → phase looked at again → first byte → settled. What was recorded and could not be
// settled stays in the store as sending, which means in doubt.
// The scheduler thread calls everything; sends report through `done`, from the pool.

#include <functional>
#include <mutex>
#include <set>
#include <vector>

#include "gateway/core/executor.h"
#include "gateway/dispatch/parts.h"

namespace tvan {

struct Outgoing {
  MessageMeta meta;        // as it was looked at: stage and attempts must still hold when the attempt is recorded
  SharedBytes bytes{};     // rendered; null until then
  bool alone = false;      // goes in a request of its own
  bool canary = false;     // a probe of level 3: may leave while its class is verified, and only then
  std::string contract{};  // see AttemptIntent
  bool resend() const { return meta.stage != Stage::kQueued; }
};

struct SendResult {
  std::vector<Outgoing> messages;  // attempts counted; at least one
  std::vector<Status> statuses;
  Time recorded_at, ended_at;
};

class Outbox {
 public:
  Outbox(DispatchParts& parts, std::function<void()> wake);

  bool HasRoom() const { return batches_ < parts_.options.sends_in_flight && unsettled_.empty(); }
  bool idle() const { return batches_ == 0; }
  bool InFlight(const MessageId& id) const { return in_flight_.count(id) > 0; }
  size_t unsettled() const { return unsettled_.size(); }

  // Records and sends; answers how many attempts were recorded. What is in flight already is dropped: attempts of one
  // message never overlap. Messages that may not go (contract, digest, payload)
  // are held or made work items. A Status only for trouble with the store: nothing of the batch was sent then.
  Result<uint32_t> Send(std::vector<Outgoing> messages);
  // Ended sends, taken from the pool; each must be given to Settle.
  std::vector<SendResult> TakeResults();
  bool HasResults() const;
  // Settles these and whatever could not be settled before. Not OK: kept, tried again with the next call.
  Status Settle(const std::vector<SendResult>& results);
  void Drain() { pool_->Drain(); }

 private:
  bool Render(Outgoing& message);
  void MakeWorkItem(const MessageMeta& meta, Reason reason, const std::string& detail);
  std::vector<Outgoing> Sendable(std::vector<Outgoing> messages, Time now, Time& not_after) const;
  Result<std::vector<Outgoing>> Record(std::vector<Outgoing> messages, Time now, Time not_after);
  void Submit(std::vector<Outgoing> messages, Instant now, Time not_after);
  std::vector<Status> CallLine(const std::vector<Outgoing>& messages, Time stop, Steady not_after) const;
  void Report(const SendResult& result, size_t i, const Settlement& settlement);

  DispatchParts& parts_;
  std::function<void()> wake_;
  uint32_t batches_ = 0;               // at the pool, or their results not taken
  std::set<MessageId> in_flight_;      // recorded by this process and not settled
  std::vector<Settlement> unsettled_;  // the store refused them; nothing is sent meanwhile, so this is bounded
  mutable std::mutex mutex_;
  std::vector<SendResult> results_;  // guarded by mutex_
  std::unique_ptr<Executor> pool_;   // last: its tasks use the rest
};

Settlement SettlementOf(const Outgoing& message, const Status& status, Time at);

}  // namespace tvan
