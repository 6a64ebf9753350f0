#include "store/ledger.h"

#include "store/keys.h"

namespace tvan {
namespace {

Status Unknown(const MessageId& id) {
  return Status::Permanent("store.unknown_message"_reason, "no message " + id.value());
}

}  // namespace

Ledger::Ledger(WriteSet& writes, const Options& options) : writes_(writes), options_(options) {
  sequence_ = writes_.Number(Family::kControl, keys::kSequence) + 1;
}

void Ledger::Finish() {
  if (!writes_.empty()) writes_.Put(Family::kControl, keys::kSequence, U64(sequence_));
}

Status Ledger::CheckFence(const Fence& fence) {
  if (fence.incarnation == options_.incarnation && fence.counter != 0 &&
      fence.counter == writes_.Number(Family::kControl, keys::kFence))
    return {};
  return Status::Permanent("store.fenced"_reason, "another owner has taken over");
}

Fence Ledger::TakeOwnership() { return {options_.incarnation, writes_.Add(Family::kControl, keys::kFence, 1)}; }

Result<StoredMessage> Ledger::Load(const MessageId& id) {
  auto bytes = writes_.Get(Family::kMeta, id.value());
  if (!bytes) return writes_.status().ok() ? Unknown(id) : writes_.status();
  auto message = DecodeMessage(*bytes);
  if (message.ok() && message->meta.acceptance <= options_.restored_through) message->meta.restored = true;
  return message;
}

void Ledger::CountQueue(const MessageMeta& meta, int direction) {
  const std::string key = keys::QueueCounter({meta.provider(), meta.cls});
  QueueCount count;
  if (auto bytes = writes_.Get(Family::kControl, key)) {
    auto read = DecodeQueueCount(*bytes);
    if (!read.ok()) return writes_.Fail(read.status());
    count = *read;
  }
  if (direction < 0 && (count.messages == 0 || count.bytes < meta.payload_size))
    return writes_.Fail(Status::Permanent("store.damaged"_reason, "a queue counter would fall below zero"));
  count.messages += static_cast<uint64_t>(static_cast<int64_t>(direction));
  count.bytes += static_cast<uint64_t>(direction * static_cast<int64_t>(meta.payload_size));
  if (count.messages == 0) return writes_.Delete(Family::kControl, key);
  writes_.Put(Family::kControl, key, Encode(count));
}

void Ledger::Enter(const MessageMeta& meta) {
  writes_.Add(Family::kControl, keys::StageCounter(meta.stage), 1);
  if (IsWaiting(meta.stage))
    writes_.Add(Family::kControl, keys::kWaitingBytes, static_cast<int64_t>(meta.payload_size));
  if (meta.stage == Stage::kQueued) {
    const QueueKey queue{meta.provider(), meta.cls};
    writes_.Put(Family::kQueue, keys::QueueEntry(queue, meta.acceptance),
                Encode(QueueEntry{meta.gateway_id, meta.accepted_at}));
    CountQueue(meta, 1);
    writes_.TouchQueue();
  } else if (IsOpen(meta.stage)) {
    writes_.Put(Family::kQueue, keys::StageEntry(meta.stage, meta.acceptance), meta.gateway_id.value());
  }
}

void Ledger::Leave(const MessageMeta& meta, Stage stage) {
  writes_.Add(Family::kControl, keys::StageCounter(stage), -1);
  if (IsWaiting(stage)) writes_.Add(Family::kControl, keys::kWaitingBytes, -static_cast<int64_t>(meta.payload_size));
  if (stage == Stage::kQueued) {
    writes_.Delete(Family::kQueue, keys::QueueEntry({meta.provider(), meta.cls}, meta.acceptance));
    CountQueue(meta, -1);
  } else if (IsOpen(stage)) {
    writes_.Delete(Family::kQueue, keys::StageEntry(stage, meta.acceptance));
  }
}

void Ledger::Save(StoredMessage& message, Stage before, Event event) {
  const MessageMeta& meta = message.meta;
  event.sequence = sequence_;
  writes_.Put(Family::kEvent, keys::EventOf(meta.acceptance, message.events++), Encode(event));
  writes_.Put(Family::kMeta, meta.gateway_id.value(), Encode(message));
  if (meta.stage == before) return;
  if (!meta.purged()) {  // a tombstone is counted nowhere
    Leave(meta, before);
    Enter(meta);
  }
  const ClaimAct act = ClaimsAfter(before, meta.stage);
  if (act != ClaimAct::kKeep) SetReleased(meta, act == ClaimAct::kRelease);
}

Result<std::vector<Status>> Ledger::RecordAttempts(const Fence& fence, const std::vector<AttemptIntent>& intents) {
  if (Status s = CheckFence(fence); !s.ok()) return s;
  std::vector<Status> answers;
  for (const AttemptIntent& intent : intents) {
    auto message = Load(intent.gateway_id);
    if (!message.ok()) {
      answers.push_back(message.status());
      continue;
    }
    const Stage before = message->meta.stage;
    Event event;
    answers.push_back(MayBeSent(message->meta));
    if (answers.back().ok()) answers.back() = FoldAttempt(intent, message->meta, event);
    if (answers.back().ok()) Save(*message, before, std::move(event));
  }
  return answers;
}

Status Ledger::Settle(const Fence& fence, const std::vector<Settlement>& settlements) {
  if (Status s = CheckFence(fence); !s.ok()) return s;
  Status first_error;
  for (const Settlement& settlement : settlements) {
    auto message = Load(settlement.gateway_id);
    if (!message.ok()) {
      if (first_error.ok()) first_error = message.status();
      continue;
    }
    const Stage before = message->meta.stage;
    Event event;
    if (FoldSettlement(settlement, message->meta, event) != Fold::kNothing) Save(*message, before, std::move(event));
  }
  return first_error;
}

// What may have been sent in a lost life of the store does not go back to its queue: it is searched for first.
StageChange Ledger::Safely(StageChange change, const MessageMeta& meta) {
  if (!meta.restored || change.to != Stage::kQueued) return change;
  change.to = Stage::kInDoubt;
  change.detail = change.reason + (change.detail.empty() ? "" : ": ") + change.detail;
  change.reason = std::string("dispatch.restored"_reason.text());
  return change;
}

Result<std::vector<Status>> Ledger::Change(const Fence& fence, const std::vector<StageChange>& changes) {
  if (Status s = CheckFence(fence); !s.ok()) return s;
  std::vector<Status> answers;
  for (const StageChange& change : changes) {
    auto message = Load(change.gateway_id);
    if (!message.ok()) {
      answers.push_back(message.status());
      continue;
    }
    const Stage before = message->meta.stage;
    Event event;
    answers.push_back(FoldChange(Safely(change, message->meta), message->meta, event));
    if (answers.back().ok()) Save(*message, before, std::move(event));
  }
  return answers;
}

Status Ledger::Own999Done(const Fence& fence, const std::vector<MessageId>& ids) {
  if (Status s = CheckFence(fence); !s.ok()) return s;
  for (const MessageId& id : ids) {
    const std::string by_id = keys::Own999Id(id);
    auto place = writes_.Get(Family::kQueue, by_id);
    if (!place) continue;  // done before
    writes_.Delete(Family::kQueue, keys::kOwn999 + *place);
    writes_.Delete(Family::kQueue, by_id);
    writes_.Add(Family::kControl, keys::kOwn999Count, -1);
  }
  return {};
}

Status Ledger::Acknowledge(const ProviderId& provider, const std::string& subscription, uint64_t sequence) {
  const uint64_t end = writes_.Number(Family::kControl, keys::MailboxEnd(provider, subscription));
  if (sequence > end)
    return Status::Permanent("store.mailbox_range"_reason, "the mailbox ends at " + std::to_string(end));
  const std::string key = keys::Acknowledgement(provider, subscription);
  if (sequence > writes_.Number(Family::kControl, key)) writes_.Put(Family::kControl, key, U64(sequence));
  return {};
}

}  // namespace tvan
