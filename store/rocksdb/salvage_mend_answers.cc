// Answers, mailboxes, our own 999s, and the counters of all.
#include <algorithm>

#include "store/keys.h"
#include "store/rocksdb/salvage_mend.h"

namespace tvan {

void Mender::MendAnswers() {
  target_.Scan(Family::kAnswer, "", [&](std::string_view key, std::string_view value) {
    auto record = DecodeAnswer(value);
    const auto blob = target_.Get(Family::kAnswerBlob, std::string(key));
    if (!record.ok() || !blob || request_.digester.Sha256Of(*blob).Hex() != key) {
      Lose("answer", record.ok() ? record->answer.mtdtchieu : "", std::string(key));
      target_.Delete(Family::kAnswer, key);
      target_.Delete(Family::kAnswerBlob, key);
      return true;
    }
    ++report_.answers;
    Note(record->answer.received_at);
    answers_ = std::max(answers_, record->number);
    if (record->answer.register_range) KeepRange(*record->answer.register_range);
    sequence_ = std::max(sequence_, record->sequence);
    // Parked, so that it is joined with its message, and that is not sent before.
    if (record->answer.parked_reason.empty() && WasNotApplied(record->answer)) {
      if (!target_.Has(Family::kMeta, record->answer.mtdtchieu))
        Lose("message", record->answer.mtdtchieu, "an answer names it, and it is not there");
      before_first_loss_ = std::min(before_first_loss_, messages_as_of_);  // the answers go on behind it
      record->answer.parked_reason = "feedback.unknown_reference";
      record->answer.reference = record->answer.mtdtchieu;
      record->answer.undecided = Undecided::kNothing;
      target_.Put(Family::kAnswer, key, Encode(*record));
    }
    if (!record->answer.parked_reason.empty()) Park(*record);
    if (record->answer.undecided != Undecided::kNothing)
      target_.Put(Family::kQueue, keys::Undecided(record->number), record->answer.answer_id);
    return true;
  });
}

// Answers can be older than the damage, their messages newer: lost, or kept as they were before the answer.
bool Mender::WasNotApplied(const IncomingAnswer& answer) {
  if (answer.mtdtchieu.empty()) return false;
  const auto bytes = target_.Get(Family::kMeta, answer.mtdtchieu);
  const auto message = DecodeMessage(bytes.value_or(std::string()));
  if (!message.ok()) return true;
  if (message->meta.purged()) return false;
  for (uint32_t number = 1; number < message->events; ++number) {
    const auto text = target_.Get(Family::kEvent, keys::EventOf(message->meta.acceptance, number));
    const auto event = DecodeEvent(text.value_or(std::string()));
    if (event.ok() && event->answer_id == answer.answer_id) return false;
    if (!event.ok() && IsFinal(message->meta.stage)) return false;  // it may be this one; nothing is sent again
  }
  return true;
}

void Mender::Park(const AnswerRecord& record) {
  ++parked_;
  target_.Put(Family::kQueue, keys::Parked(record.number), record.answer.answer_id);
  const std::string& reference = record.answer.reference;
  if (reference.empty()) return;
  target_.Put(Family::kIndex, keys::ParkedEntry(reference, record.number), record.answer.answer_id);
  const std::string counter = keys::ParkedCount(reference);
  const auto count = target_.Get(Family::kIndex, counter);
  target_.Put(Family::kIndex, counter, U64((count ? ReadU64(*count).value_or(0) : 0) + 1));
  const auto bytes = target_.Get(Family::kMeta, reference);
  const auto message = DecodeMessage(bytes ? *bytes : std::string());
  if (message.ok()) target_.Put(Family::kQueue, keys::Join(message->meta.acceptance), reference);
}

void Mender::KeepRange(const RegisterRange& range) {
  const std::string key = keys::Ranges(range.mst);
  const auto read = DecodeRanges(target_.Get(Family::kIndex, key).value_or(std::string()));
  std::vector<std::string> ranges = read.ok() ? *read : std::vector<std::string>();
  if (std::find(ranges.begin(), ranges.end(), range.range) != ranges.end()) return;
  ranges.push_back(range.range);
  target_.Put(Family::kIndex, key, EncodeRanges(ranges));
}

// An item without its answer would stop its mailbox; it is told instead.
void Mender::MendMailboxes() {
  target_.Scan(Family::kMailbox, "", [&](std::string_view key, std::string_view value) {
    const auto item = DecodeMailboxItem(value);
    std::string_view rest = key.substr(1);
    const auto provider = TakeString(rest), subscription = TakeString(rest);
    if (!provider || !subscription) return true;
    uint64_t& end = numbers_[keys::MailboxEnd(ProviderId::Trusted(*provider), *subscription)];
    end = std::max(end, TailU64(key).value_or(0));
    if (item.ok() && target_.Has(Family::kAnswer, item->answer_id)) return ++report_.mailbox_items, true;
    Lose("mailbox_item", item.ok() ? item->gateway_id.value() : "",
         *provider + " " + std::to_string(TailU64(key).value_or(0)));
    target_.Delete(Family::kMailbox, key);
    return true;
  });
}

void Mender::MendOwn999() {
  target_.Scan(Family::kQueue, keys::kOwn999, [&](std::string_view key, std::string_view value) {
    const auto entry = DecodeOwn999(value);
    if (!entry.ok()) return target_.Delete(Family::kQueue, key), true;
    ++own_999_;
    target_.Put(Family::kQueue, keys::Own999Id(entry->id), U64(TailU64(key).value_or(0)));
    return true;
  });
}

void Mender::WriteCounters() {
  for (const std::string& prefix : {keys::kQueueCounters, keys::kStageCounters})
    target_.Scan(Family::kControl, prefix,
                 [&](std::string_view key, std::string_view) { return target_.Delete(Family::kControl, key), true; });
  for (const auto& [key, count] : queues_) target_.Put(Family::kControl, key, Encode(count));
  // What only ever grows keeps the larger number: what was lost had a place as well.
  for (const auto& [key, number] : numbers_)
    target_.Put(Family::kControl, key, U64(key.front() == 'S' ? number : std::max(number, Number(key))));
  const auto at_least = [&](const std::string& key, uint64_t number) {
    target_.Put(Family::kControl, key, U64(std::max(number, Number(key))));
  };
  at_least(keys::kAcceptance, acceptance_);
  at_least(keys::kAnswers, answers_);
  at_least(keys::kSequence, sequence_);
  target_.Put(Family::kControl, keys::kWaitingBytes, U64(waiting_bytes_));
  target_.Put(Family::kControl, keys::kParkedCount, U64(parked_));
  target_.Put(Family::kControl, keys::kOwn999Count, U64(own_999_));
}

}  // namespace tvan
