// Parked answers and the messages they answer: found when the message is accepted after its answer was read, as after
// a restore. Until feedback has joined them, dispatch may not send the message: the authority has it.
#include <algorithm>

#include "store/keys.h"
#include "store/ledger.h"
#include "store/new_life.h"

namespace tvan {
namespace {

constexpr Reason kAnswersWaiting = "store.answers_waiting"_reason;
constexpr int64_t kMarkEvery = 600'000'000;  // ten minutes

std::vector<std::string> ReferencesOf(const MessageMeta& meta) {
  return {meta.gateway_id.value(), ReferenceOf(meta.sent_digest)};
}

}  // namespace

// A reference that was parked in the same moment in which its message was accepted: it is joined all the same.
void Ledger::Park(const IncomingAnswer& answer, AnswerRecord& record) {
  std::string& reference = record.answer.reference;
  for (const AnswerEffect& effect : answer.effects)
    if (reference.empty() && !writes_.Has(Family::kMeta, effect.gateway_id.value()))
      reference = effect.gateway_id.value();
  writes_.Put(Family::kQueue, keys::Parked(record.number), answer.answer_id);
  writes_.Add(Family::kControl, keys::kParkedCount, 1);
  if (reference.empty()) return;
  writes_.Put(Family::kIndex, keys::ParkedEntry(reference, record.number), answer.answer_id);
  writes_.Add(Family::kIndex, keys::ParkedCount(reference), 1);
  if (auto message = Named(reference)) AnswersWait(*message, answer.received_at);
}

void Ledger::Unpark(const AnswerRecord& record) {
  writes_.Delete(Family::kQueue, keys::Parked(record.number));
  writes_.Add(Family::kControl, keys::kParkedCount, -1);
  const std::string& reference = record.answer.reference;
  if (reference.empty() || !writes_.Has(Family::kIndex, keys::ParkedEntry(reference, record.number))) return;
  writes_.Delete(Family::kIndex, keys::ParkedEntry(reference, record.number));
  if (writes_.Add(Family::kIndex, keys::ParkedCount(reference), -1) > 0) return;
  writes_.Delete(Family::kIndex, keys::ParkedCount(reference));
  const auto message = Named(reference);
  if (message && !AnswersAreParked(message->meta)) writes_.Delete(Family::kQueue, keys::Join(message->meta.acceptance));
}

std::optional<StoredMessage> Ledger::Named(const std::string& reference) {
  std::string id = reference;
  if (const auto digest = keys::DigestOfReference(reference)) {
    auto found = writes_.Get(Family::kIndex, keys::SentDigest(*digest));
    if (!found) return std::nullopt;
    id = *std::move(found);
  }
  if (!writes_.Has(Family::kMeta, id)) return std::nullopt;
  auto message = Load(MessageId::Trusted(id));
  if (message.ok()) return std::move(message).value();
  writes_.Fail(message.status());
  return std::nullopt;
}

bool Ledger::AnswersAreParked(const MessageMeta& meta) {
  if (writes_.Number(Family::kControl, keys::kParkedCount) == 0) return false;
  const auto references = ReferencesOf(meta);
  return std::any_of(references.begin(), references.end(), [&](const std::string& reference) {
    return writes_.Number(Family::kIndex, keys::ParkedCount(reference)) > 0;
  });
}

// Sent in another life of the store, or by another one: in doubt until its answers are joined.
void Ledger::AnswersWait(StoredMessage& message, Time at) {
  MessageMeta& meta = message.meta;
  writes_.Put(Family::kQueue, keys::Join(meta.acceptance), meta.gateway_id.value());
  if (!IsWaiting(meta.stage)) return;
  meta.restored = true;
  // A held one stays so, but is neither withdrawn nor queued from now on.
  if (meta.stage == Stage::kHeld) return writes_.Put(Family::kMeta, meta.gateway_id.value(), Encode(message));
  StageChange change{.gateway_id = meta.gateway_id, .event = EventKind::kInDoubt};
  change.to = Stage::kInDoubt;
  change.at = at;
  change.reason = std::string(kAnswersWaiting.text());
  Event event;
  if (!FoldChange(change, meta, event).ok()) return;
  Save(message, Stage::kQueued, std::move(event));
}

// A restored message leaves its queue by way of doubt and search only.
Status Ledger::MayBeSent(const MessageMeta& meta) {
  if (meta.stage == Stage::kQueued && meta.restored)
    return Status::Permanent("store.stage"_reason, meta.gateway_id.value() + " may have been sent before the restore");
  if (meta.stage == Stage::kQueued || !AnswersAreParked(meta)) return {};
  return Status::Permanent(kAnswersWaiting, meta.gateway_id.value() + " has answers that are not joined with it yet");
}

// Where the line was read to when the first answers of these ten minutes came: everything since stands behind it.
void Ledger::MarkPosition(const LineId& line, const std::vector<IncomingAnswer>& answers) {
  if (answers.empty()) return;
  const int64_t at = answers.front().received_at.us;
  const std::string mark = keys::Mark(line, {at - at % kMarkEvery});
  if (writes_.Has(Family::kIndex, mark)) return;
  writes_.Put(Family::kIndex, mark, writes_.Get(Family::kControl, keys::LinePosition(line)).value_or(""));
}

Status Ledger::EndRecovery(const Fence& fence, Time at) {
  if (Status s = CheckFence(fence); !s.ok()) return s;
  auto bytes = writes_.Get(Family::kControl, keys::kRecovery);
  if (!bytes) return writes_.status();
  auto recovery = DecodeRecovery(*bytes);
  if (!recovery.ok()) return recovery.status();
  if (!recovery->active()) return {};
  recovery->ended_at = at;
  writes_.Put(Family::kControl, keys::kRecovery, Encode(*recovery));
  return {};
}

}  // namespace tvan
