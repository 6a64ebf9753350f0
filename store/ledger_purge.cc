// Purge: what is final, old and acknowledged is reduced to a tombstone. Decided again for every message, between the
// same answers and acknowledgements as everything else. What cannot be read is left alone: a person must look at it.
#include <set>

#include "store/keys.h"
#include "store/ledger.h"

namespace tvan {
namespace {

constexpr const char* kMain = "main";

// What stays of a message: who submitted what, when, its ids, its claims and how it ended. Nothing is accepted again
// under its key, and its invoices stay taken.
void Reduce(StoredMessage& message, Time at) {
  MessageMeta& meta = message.meta;
  meta.plan = {};
  meta.refers.clear();
  meta.last_attempt_at = meta.last_not_after = {};
  meta.last_line.clear();
  meta.search_from.clear();
  meta.purged_at = at;
}

}  // namespace

Result<PurgeReport> Ledger::Purge(const Fence& fence, const PurgePlan& plan) {
  if (Status s = CheckFence(fence); !s.ok()) return s;
  PurgeReport report;
  for (const MessageId& id : plan.messages) PurgeMessage(id, plan, report);
  PurgeMailbox(plan, report);
  return report;
}

void Ledger::PurgeMessage(const MessageId& id, const PurgePlan& plan, PurgeReport& report) {
  auto message = Load(id);
  if (!message.ok()) return;
  const auto answers = PurgeableAnswers(*message, plan.before);
  if (!answers) return;
  const MessageMeta& meta = message->meta;
  writes_.Delete(Family::kPayload, U64(meta.acceptance));
  writes_.Delete(Family::kIndex, keys::ListEntry(meta.provider(), meta.acceptance));
  if (const auto sent = writes_.Get(Family::kIndex, keys::SentDigest(meta.sent_digest)); sent == id.value())
    writes_.Delete(Family::kIndex, keys::SentDigest(meta.sent_digest));
  // The log of a withdrawn message has its sealed proof: it answers every later submit.
  for (uint32_t number = 1; number < message->events && meta.stage != Stage::kWithdrawn; ++number)
    writes_.Delete(Family::kEvent, keys::EventOf(meta.acceptance, number));
  for (const std::string& answer : *answers) Forget(answer, report);
  writes_.Add(Family::kControl, keys::StageCounter(meta.stage), -1);
  writes_.Add(Family::kControl, keys::kPurged, 1);
  ++report.messages;
  report.payload_bytes += meta.payload_size;
  Reduce(*message, plan.at);
  writes_.Put(Family::kMeta, id.value(), Encode(*message));
}

// The answers of a message that may go; none: it may not.
std::optional<std::vector<std::string>> Ledger::PurgeableAnswers(const StoredMessage& message, Time before) {
  const MessageMeta& meta = message.meta;
  if (meta.purged() || !IsFinal(meta.stage) || !(meta.stage_since < before) || !(meta.accepted_at < before))
    return std::nullopt;
  if (AnswersAreParked(meta)) return std::nullopt;
  std::set<std::string> answers;
  for (uint32_t number = 1; number < message.events; ++number) {
    const auto bytes = writes_.Get(Family::kEvent, keys::EventOf(meta.acceptance, number));
    const auto event = DecodeEvent(bytes.value_or(std::string()));
    if (!event.ok() || !(event->at < before)) return std::nullopt;
    if (!event->answer_id.empty()) answers.insert(event->answer_id);
  }
  const uint64_t acknowledged = writes_.Number(Family::kControl, keys::Acknowledgement(meta.provider(), kMain));
  // Of a message that does not know its last item, any may be it.
  const bool knows = message.last_item > 0 || answers.empty();
  const uint64_t last =
      knows ? message.last_item : writes_.Number(Family::kControl, keys::MailboxEnd(meta.provider(), kMain));
  if (last > acknowledged) return std::nullopt;
  return std::vector<std::string>(answers.begin(), answers.end());
}

// An answer goes with the last message and the last mailbox item that need it.
void Ledger::Forget(const std::string& answer_id, PurgeReport& report) {
  const auto bytes = writes_.Get(Family::kAnswer, answer_id);
  if (!bytes) return;
  auto record = DecodeAnswer(*bytes);
  if (!record.ok() || record->references == 0) return;  // who needs it is not known
  if (--record->references > 0) return writes_.Put(Family::kAnswer, answer_id, Encode(*record));
  SetUndecided(*record, Undecided::kNothing);
  writes_.Delete(Family::kAnswer, answer_id);
  writes_.Delete(Family::kAnswerBlob, answer_id);
  ++report.answers;
}

// From the front, so that what is left is dense: up to the first item that is not acknowledged, too young, or of a
// message that is still whole.
void Ledger::PurgeMailbox(const PurgePlan& plan, PurgeReport& report) {
  const std::string counter = keys::MailboxPurged(plan.provider, kMain);
  const uint64_t acknowledged = writes_.Number(Family::kControl, keys::Acknowledgement(plan.provider, kMain));
  uint64_t through = writes_.Number(Family::kControl, counter);
  for (uint32_t left = plan.items; left > 0 && through < acknowledged; --left) {
    const std::string place = keys::MailboxEntry(plan.provider, kMain, through + 1);
    const auto bytes = writes_.Get(Family::kMailbox, place);
    const auto item = DecodeMailboxItem(bytes.value_or(std::string()));
    if (!item.ok() || !(item->at < plan.before)) break;
    if (!item->gateway_id.empty()) {
      const auto message = Load(item->gateway_id);
      if (!message.ok() || !message->meta.purged()) break;
    }
    writes_.Delete(Family::kMailbox, place);
    Forget(item->answer_id, report);
    ++report.items;
    ++through;
  }
  if (report.items > 0) writes_.Put(Family::kControl, counter, U64(through));
}

}  // namespace tvan
