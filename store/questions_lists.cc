// Lists, mailboxes, answers, measures, operators' records.
#include <algorithm>

#include "store/codec_fields.h"
#include "store/keys.h"
#include "store/questions.h"

namespace tvan {
namespace {

constexpr uint32_t kMostListed = 1000;
constexpr uint32_t kMostScanned = 10000;

bool ByAcceptance(const MessageMeta& a, const MessageMeta& b) { return a.acceptance < b.acceptance; }

}  // namespace

// Ends in front of the first entry that is too much, so that `more` is known and not guessed.
Listed Questions::ListOf(const ProviderId& provider, const ListFilter& filter, uint32_t limit, uint32_t scan_limit) {
  Listed page{{}, filter.after_acceptance, false};
  uint32_t scanned = 0;
  Scan(Family::kIndex, keys::ListOf(provider), keys::ListEntry(provider, filter.after_acceptance + 1),
       [&](std::string_view key, std::string_view id) {
         page.more = scanned == scan_limit || page.messages.size() == limit;
         if (page.more) return false;
         ++scanned;
         page.next_after = TailU64(key).value_or(page.next_after);
         auto message = Load(MessageId::Trusted(std::string(id)));
         if (!message) return Note(codec::Damaged("a list names a message that is not there")), false;
         const bool wanted = (!filter.stage || message->meta.stage == *filter.stage) &&
                             (!filter.cls || message->meta.cls == *filter.cls);
         if (wanted) page.messages.push_back(std::move(message->meta));
         return true;
       });
  return page;
}

std::vector<ProviderId> Questions::Providers() {
  std::vector<ProviderId> providers;
  Scan(Family::kControl, keys::kProviders, {}, [&](std::string_view key, std::string_view) {
    if (auto provider = keys::ParseProvider(key)) providers.push_back(std::move(*provider));
    return true;
  });
  return providers;
}

Listed Questions::List(const ListFilter& filter) {
  const uint32_t limit = std::min(filter.limit, kMostListed);
  const uint32_t scan_limit = std::clamp(filter.scan_limit, 1U, kMostScanned);
  if (limit == 0 || filter.after_acceptance == UINT64_MAX) return {{}, filter.after_acceptance, false};
  if (!filter.provider.empty()) return ListOf(filter.provider, filter, limit, scan_limit);
  const std::vector<ProviderId> providers = Providers();
  const uint32_t share =
      std::max<uint32_t>(1, scan_limit / std::max<uint32_t>(1, static_cast<uint32_t>(providers.size())));
  Listed all{{}, filter.after_acceptance, false};
  uint64_t through = UINT64_MAX;  // up to here every provider was looked at
  for (const ProviderId& provider : providers) {
    Listed some = ListOf(provider, filter, limit, share);
    if (some.more) through = std::min(through, some.next_after);
    all.next_after = std::max(all.next_after, some.next_after);
    std::move(some.messages.begin(), some.messages.end(), std::back_inserter(all.messages));
    std::sort(all.messages.begin(), all.messages.end(), ByAcceptance);
    if (all.messages.size() <= limit) continue;
    all.messages.resize(limit);
    through = std::min(through, all.messages.back().acceptance);
  }
  if (through == UINT64_MAX) return all;
  std::erase_if(all.messages, [through](const MessageMeta& meta) { return meta.acceptance > through; });
  all.next_after = through;
  all.more = true;
  return all;
}

std::string Questions::LinePosition(const LineId& line) {
  return Get(Family::kControl, keys::LinePosition(line)).value_or(std::string());
}

Result<StoredAnswer> Questions::LoadAnswer(const std::string& answer_id, const std::string& incarnation) {
  auto bytes = Get(Family::kAnswer, answer_id);
  if (!bytes) {
    if (!damage_.ok()) return damage_;
    return Status::Permanent("store.unknown_answer"_reason, "no answer " + answer_id);
  }
  auto record = DecodeAnswer(*bytes);
  if (!record.ok()) return record.status();
  auto blob = Get(Family::kAnswerBlob, answer_id);
  if (!blob && !damage_.ok()) return damage_;
  if (!blob) return Status::Permanent("store.damaged"_reason, "the bytes of answer " + answer_id + " are missing");
  StoredAnswer answer{std::move(record->answer), {incarnation, record->sequence}};
  answer.answer.bytes = std::make_shared<const std::string>(std::move(*blob));
  return answer;
}

std::vector<StoredAnswer> Questions::Parked(uint32_t limit, const std::string& incarnation) {
  std::vector<std::string> ids;
  if (limit == 0) return {};
  ScanQueue(keys::kParked, 0, [&](std::string_view, std::string_view id) {
    ids.emplace_back(id);
    return ids.size() < limit;
  });
  std::vector<StoredAnswer> answers;
  for (const std::string& id : ids) {
    auto answer = LoadAnswer(id, incarnation);
    if (answer.ok())
      answers.push_back(std::move(answer).value());
    else
      Note(answer.status());
  }
  return answers;
}

// An entry of an answer that is gone or decided, which a program that does not know the list left behind, counts for
// nothing.
UndecidedPage Questions::UndecidedAnswers(uint64_t after, uint32_t limit, const std::string& incarnation) {
  UndecidedPage page{{}, after, false};
  std::vector<std::string> ids;
  if (limit == 0 || after == UINT64_MAX) return page;
  ScanQueue(keys::kUndecided, after, [&](std::string_view key, std::string_view id) {
    page.more = ids.size() == limit;
    if (page.more) return false;
    ids.emplace_back(id);
    page.next_after = TailU64(key).value_or(page.next_after);
    return true;
  });
  for (const std::string& id : ids) {
    auto answer = LoadAnswer(id, incarnation);
    if (!answer.ok() && answer.status().reason() != "store.unknown_answer"_reason) Note(answer.status());
    if (answer.ok() && answer->answer.undecided != Undecided::kNothing) page.answers.push_back(*std::move(answer));
  }
  return page;
}

std::vector<std::pair<MessageId, std::string>> Questions::Own999(uint32_t limit) {
  std::vector<std::pair<MessageId, std::string>> waiting;
  if (limit == 0) return waiting;
  ScanQueue(keys::kOwn999, 0, [&](std::string_view, std::string_view value) {
    auto entry = DecodeOwn999(value);
    if (entry.ok())
      waiting.emplace_back(std::move(entry->id), std::move(entry->bytes));
    else
      Note(entry.status());
    return waiting.size() < limit;
  });
  return waiting;
}

std::vector<MailboxItem> Questions::ReadMailbox(const ProviderId& provider, const std::string& subscription,
                                                uint64_t after_sequence, uint32_t limit, uint64_t max_bytes) {
  std::vector<MailboxItem> items;
  uint64_t bytes = 0;
  if (limit == 0 || after_sequence == UINT64_MAX) return items;
  Scan(Family::kMailbox, keys::MailboxOf(provider, subscription),
       keys::MailboxEntry(provider, subscription, after_sequence + 1), [&](std::string_view, std::string_view value) {
         auto item = DecodeMailboxItem(value);
         // A mailbox without one of its items would be a silent loss: stop in front of the damage.
         if (!item.ok()) return Note(item.status()), false;
         bytes += item->rewrapped.size();
         items.push_back(std::move(item).value());
         return items.size() < limit && bytes < max_bytes;
       });
  return items;
}

std::vector<std::pair<ProviderId, uint64_t>> Questions::Undelivered() {
  std::vector<std::pair<ProviderId, uint64_t>> undelivered;
  std::vector<std::pair<ProviderId, uint64_t>> ends;
  Scan(Family::kControl, keys::kMailboxEnds, {}, [&](std::string_view key, std::string_view value) {
    auto provider = keys::ParseProvider(key);
    if (provider) ends.emplace_back(std::move(*provider), NumberIn(value));
    return true;
  });
  for (auto& [provider, end] : ends) {
    const uint64_t acknowledged = Number(keys::Acknowledgement(provider, "main"));
    if (end > acknowledged) undelivered.emplace_back(std::move(provider), end - acknowledged);
  }
  return undelivered;
}

Measures Questions::Measure() {
  Measures m;
  Scan(Family::kControl, keys::kQueueCounters, {}, [&](std::string_view key, std::string_view value) {
    auto queue = keys::ParseQueueCounter(key);
    auto count = DecodeQueueCount(value);
    if (!count.ok()) Note(count.status());
    if (queue && count.ok()) m.queues.push_back({std::move(*queue), count->messages, count->bytes, {}});
    return true;
  });
  for (QueueDepth& queue : m.queues)
    ScanQueue(keys::QueueOf(queue.key), 0, [&](std::string_view, std::string_view value) {
      auto head = DecodeQueueEntry(value);
      if (head.ok()) queue.oldest_accepted_at = head->accepted_at;
      if (!head.ok()) Note(head.status());
      return false;
    });
  Scan(Family::kControl, keys::kStageCounters, {}, [&](std::string_view key, std::string_view value) {
    const uint64_t count = NumberIn(value);
    if (key.size() == 2 && count > 0) m.stages.emplace_back(static_cast<Stage>(key[1]), count);
    return true;
  });
  m.undelivered = Undelivered();
  m.parked = Number(keys::kParkedCount);
  m.own_999_waiting = Number(keys::kOwn999Count);
  m.accepted_total = Number(keys::kAcceptance);
  m.answers_total = Number(keys::kAnswers);
  m.purged_total = Number(keys::kPurged);
  m.waiting_bytes = Number(keys::kWaitingBytes);
  return m;
}

std::vector<OperatorRecord> Questions::RecordsUnder(const std::string& prefix, const std::string& from,
                                                    const std::string& end) {
  std::vector<OperatorRecord> records;
  Scan(Family::kRecord, prefix, from, [&](std::string_view key, std::string_view value) {
    if (!end.empty() && key >= end) return false;
    auto record = DecodeRecord(value);
    if (record.ok())
      records.push_back(std::move(record).value());
    else
      Note(record.status());
    return true;
  });
  return records;
}

std::vector<OperatorRecord> Questions::ListRecords(const std::string& kind) {
  return RecordsUnder(keys::NewestOf(kind), {}, {});
}

// Versions are dense, so that the first one of a page is known from the one behind it.
std::vector<OperatorRecord> Questions::RecordHistory(const std::string& kind, const std::string& id,
                                                     const HistoryPage& page) {
  const std::string all = keys::VersionsOf(kind, id);
  uint64_t before = page.before;
  if (before == 0 && page.limit != HistoryPage().limit) {
    const auto bytes = Get(Family::kRecord, keys::Newest(kind, id));
    if (!bytes) return {};
    const auto newest = DecodeRecord(*bytes);
    if (!newest.ok()) return Note(newest.status()), std::vector<OperatorRecord>();
    before = newest->version + 1;
  }
  if (before == 0) return RecordsUnder(all, {}, {});
  const uint64_t first = before > page.limit ? before - page.limit : 0;
  return RecordsUnder(all, keys::Version(kind, id, first), keys::Version(kind, id, before));
}

}  // namespace tvan
