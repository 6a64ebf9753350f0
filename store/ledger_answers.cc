// ReceiveAnswers: store first, then effects, deliveries and our own 999, all in one act with the line's position.
#include <algorithm>
#include <set>

#include "store/keys.h"
#include "store/ledger.h"

namespace tvan {
namespace {

constexpr const char* kMain = "main";
constexpr Reason kUnknownReference = "feedback.unknown_reference"_reason;

uint32_t ReferencesTo(const IncomingAnswer& answer) {
  std::set<MessageId> messages;
  for (const AnswerEffect& effect : answer.effects) messages.insert(effect.gateway_id);
  return static_cast<uint32_t>(messages.size() + answer.deliveries.size());
}

}  // namespace

Result<ReceiveReport> Ledger::ReceiveAnswers(const Fence& fence, const LineId& line,
                                             const std::vector<IncomingAnswer>& answers,
                                             const std::string& new_position) {
  if (Status s = CheckFence(fence); !s.ok()) return s;
  ReceiveReport report;
  for (const IncomingAnswer& answer : answers) {
    if (answer.answer_id.empty() || answer.bytes == nullptr)
      return writes_.Fail(Status::Permanent("store.argument"_reason, "an answer without id or bytes")),
             writes_.status();
    auto bytes = writes_.Get(Family::kAnswer, answer.answer_id);
    if (!bytes) {
      ReceiveNew(answer, report);
      continue;
    }
    auto record = DecodeAnswer(*bytes);
    if (!record.ok()) return writes_.Fail(record.status()), record.status();
    ReceiveKnown(answer, std::move(record).value(), report);
  }
  if (!new_position.empty()) MarkPosition(line, answers);
  if (!new_position.empty()) writes_.Put(Family::kControl, keys::LinePosition(line), new_position);
  return report;
}

void Ledger::ReceiveNew(const IncomingAnswer& answer, ReceiveReport& report) {
  AnswerRecord record{.answer = answer, .sequence = sequence_};
  record.answer.effects.clear();
  record.answer.deliveries.clear();
  record.number = writes_.Add(Family::kControl, keys::kAnswers, 1);
  record.positions = {answer.position};
  if (record.answer.parked_reason.empty() && !AllFound(answer))
    record.answer.parked_reason = std::string(kUnknownReference.text());
  if (!record.answer.parked_reason.empty()) {
    record.answer.register_range.reset();  // the reading that joins it brings it, and what it leaves open
    record.answer.undecided = Undecided::kNothing;
    Park(answer, record);
    ++report.parked;
  } else {
    ApplyAndDeliver(answer, report);
    record.references = ReferencesTo(answer);
    SetUndecided(record, answer.undecided);
  }
  QueueOwn999(answer, record.number);
  writes_.Put(Family::kAnswer, answer.answer_id, Encode(record));
  writes_.Put(Family::kAnswerBlob, answer.answer_id, {}, answer.bytes);
  ++report.stored;
}

void Ledger::ReceiveKnown(const IncomingAnswer& answer, AnswerRecord record, ReceiveReport& report) {
  ++report.known;
  const bool has_owner = !answer.effects.empty() || !answer.deliveries.empty();
  if (!record.answer.parked_reason.empty()) {
    if (!answer.parked_reason.empty() || !has_owner || !AllFound(answer)) return;
    Unpark(record);
    ++report.joined;
    record.answer.parked_reason.clear();
    record.answer.reference.clear();
    record.references = ReferencesTo(answer);
    return TakeReading(answer, record, report);
  }
  if (answer.undecided < record.answer.undecided && has_owner && AllFound(answer)) {
    ++report.decided;
    if (record.references > 0) record.references += static_cast<uint32_t>(answer.deliveries.size());
    return TakeReading(answer, record, report);
  }
  const auto& seen = record.positions;
  const bool new_place = std::find(seen.begin(), seen.end(), answer.position) == seen.end();
  if (!new_place || answer.effects.empty() || seen.size() >= kMostPositions) return;
  record.positions.push_back(answer.position);
  writes_.Put(Family::kAnswer, answer.answer_id, Encode(record));
  Repeat(answer);
}

// Read again, with its owner known, or less undecided: this reading counts from now on.
void Ledger::TakeReading(const IncomingAnswer& answer, AnswerRecord& record, ReceiveReport& report) {
  ApplyAndDeliver(answer, report);
  record.answer.parsed = answer.parsed;
  record.answer.annotation = answer.annotation;
  record.answer.register_range = answer.register_range;
  SetUndecided(record, answer.undecided);
  writes_.Put(Family::kAnswer, answer.answer_id, Encode(record));
}

void Ledger::SetUndecided(AnswerRecord& record, Undecided undecided) {
  const std::string key = keys::Undecided(record.number);
  if (undecided != Undecided::kNothing)
    writes_.Put(Family::kQueue, key, record.answer.answer_id);
  else if (record.answer.undecided != Undecided::kNothing)
    writes_.Delete(Family::kQueue, key);
  record.answer.undecided = undecided;
}

bool Ledger::AllFound(const IncomingAnswer& answer) {
  return std::all_of(answer.effects.begin(), answer.effects.end(),
                     [&](const AnswerEffect& effect) { return Load(effect.gateway_id).ok(); });
}

void Ledger::ApplyAndDeliver(const IncomingAnswer& answer, ReceiveReport& report) {
  if (answer.register_range) KeepRange(*answer.register_range);
  for (const AnswerEffect& effect : answer.effects) Apply(answer, effect);
  for (const Delivery& delivery : answer.deliveries) {
    Deliver(answer, delivery);
    ++report.delivered;
  }
}

void Ledger::Apply(const IncomingAnswer& answer, const AnswerEffect& effect) {
  auto message = Load(effect.gateway_id);
  if (!message.ok()) return writes_.Fail(message.status());
  const Stage before = message->meta.stage;
  Event event;
  const Fold fold = FoldAnswer(effect, answer.answer_id, answer.received_at, message->meta, event);
  Save(*message, before, std::move(event));
  if (fold != Fold::kMoved) return;  // what the stage did not follow frees nothing
  for (const InvoiceKey& item : effect.released_claims) SetReleased(message->meta, item, true);
}

void Ledger::Repeat(const IncomingAnswer& answer) {
  for (const AnswerEffect& effect : answer.effects) {
    auto message = Load(effect.gateway_id);
    if (!message.ok()) continue;
    Event event{.kind = EventKind::kAnswerRepeated,
                .at = answer.received_at,
                .attempt = message->meta.attempts,
                .answer_id = answer.answer_id};
    Save(*message, message->meta.stage, std::move(event));
  }
}

void Ledger::Deliver(const IncomingAnswer& answer, const Delivery& delivery) {
  MailboxItem item;
  item.sequence = writes_.Add(Family::kControl, keys::MailboxEnd(delivery.provider, kMain), 1);
  item.answer_id = answer.answer_id;
  item.gateway_id = delivery.gateway_id;
  item.provider_reference = delivery.provider_reference;
  item.rewrapped = delivery.rewrapped;
  item.at = answer.received_at;
  writes_.Put(Family::kMailbox, keys::MailboxEntry(delivery.provider, kMain, item.sequence), Encode(item));
  writes_.TouchMailbox(delivery.provider);
  if (delivery.gateway_id.empty()) return;
  auto message = Load(delivery.gateway_id);
  if (!message.ok() || message->meta.provider() != delivery.provider) return;
  message->last_item = item.sequence;
  writes_.Put(Family::kMeta, delivery.gateway_id.value(), Encode(*message));
}

void Ledger::QueueOwn999(const IncomingAnswer& answer, uint64_t number) {
  if (answer.own_999_id.empty()) return;
  const std::string by_id = keys::Own999Id(answer.own_999_id);
  if (writes_.Has(Family::kQueue, by_id)) return;
  writes_.Put(Family::kQueue, keys::Own999(number), Encode(Own999Entry{answer.own_999_id, answer.own_999}));
  writes_.Put(Family::kQueue, by_id, U64(number));
  writes_.Add(Family::kControl, keys::kOwn999Count, 1);
}

}  // namespace tvan
