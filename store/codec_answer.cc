// Answers, mailbox items, operators' records, and the small entries of queues.
#include "store/codec.h"
#include "store/codec_fields.h"
#include "store/keys.h"

namespace tvan {

using codec::Damaged;
using codec::Into;
using codec::Text;

std::string Encode(const AnswerRecord& record) {
  const IncomingAnswer& a = record.answer;
  TaggedWriter out;
  out.Bytes(1, a.answer_id);
  Text(out, 2, a.line.value());
  for (const std::string& position : record.positions) out.Bytes(3, position);
  out.Signed(4, a.mltdiep);
  Text(out, 5, a.authority_mtdiep);
  Text(out, 6, a.mtdtchieu);
  out.Signed(7, a.received_at.us);
  Text(out, 8, a.parsed);
  Text(out, 9, a.annotation);
  Text(out, 10, a.parked_reason);
  out.Unsigned(11, record.number).Unsigned(12, record.sequence);
  Text(out, 13, a.reference);
  codec::Number(out, 14, record.references);
  if (a.register_range) out.Bytes(15, keys::Ranges(a.register_range->mst) + a.register_range->range);
  codec::Number(out, 16, static_cast<uint64_t>(a.undecided));
  return out.Take();
}

Result<AnswerRecord> DecodeAnswer(std::string_view bytes) {
  AnswerRecord record;
  IncomingAnswer& a = record.answer;
  Status read = ReadTagged(bytes, [&](const TaggedField& f) {
    if (f.tag == 3) record.positions.push_back(f.String());
    if (f.tag == 15) a.register_range = keys::TakeRange(f.bytes);
    (void)(Into(f, 1, a.answer_id) || Into(f, 2, a.line) || Into(f, 4, a.mltdiep) || Into(f, 5, a.authority_mtdiep) ||
           Into(f, 6, a.mtdtchieu) || Into(f, 7, a.received_at) || Into(f, 8, a.parsed) || Into(f, 9, a.annotation) ||
           Into(f, 10, a.parked_reason) || Into(f, 11, record.number) || Into(f, 12, record.sequence) ||
           Into(f, 13, a.reference) || Into(f, 14, record.references) || Into(f, 16, a.undecided));
  });
  if (!read.ok() || record.answer.answer_id.empty() || record.positions.empty()) return Damaged("answer");
  record.answer.position = record.positions.front();
  return record;
}

std::string Encode(const MailboxItem& item) {
  TaggedWriter out;
  out.Unsigned(1, item.sequence).Bytes(2, item.answer_id);
  Text(out, 3, item.gateway_id.value());
  Text(out, 4, item.provider_reference);
  out.Signed(6, item.at.us);
  Text(out, 5, item.rewrapped);
  return out.Take();
}

Result<MailboxItem> DecodeMailboxItem(std::string_view bytes) {
  MailboxItem item;
  Status read = ReadTagged(bytes, [&](const TaggedField& f) {
    (void)(Into(f, 1, item.sequence) || Into(f, 2, item.answer_id) || Into(f, 3, item.gateway_id) ||
           Into(f, 4, item.provider_reference) || Into(f, 5, item.rewrapped) || Into(f, 6, item.at));
  });
  if (!read.ok() || item.sequence == 0) return Damaged("mailbox item");
  return item;
}

std::string Encode(const OperatorRecord& record) {
  TaggedWriter out;
  out.Bytes(1, record.kind).Bytes(2, record.id).Unsigned(3, record.version).Signed(4, record.changed_at.us);
  Text(out, 5, record.author);
  Text(out, 6, record.reason);
  Text(out, 7, record.body);
  if (record.deleted) out.Unsigned(8, 1);
  codec::Number(out, 9, record.audit);
  return out.Take();
}

Result<OperatorRecord> DecodeRecord(std::string_view bytes) {
  OperatorRecord record;
  Status read = ReadTagged(bytes, [&](const TaggedField& f) {
    if (f.tag == 8) record.deleted = f.Unsigned() == 1;
    (void)(Into(f, 1, record.kind) || Into(f, 2, record.id) || Into(f, 3, record.version) ||
           Into(f, 4, record.changed_at) || Into(f, 5, record.author) || Into(f, 6, record.reason) ||
           Into(f, 7, record.body) || Into(f, 9, record.audit));
  });
  if (!read.ok() || record.version == 0) return Damaged("operators' record");
  return record;
}

std::string Encode(const Own999Entry& entry) {
  TaggedWriter out;
  out.Bytes(1, entry.id.value()).Bytes(2, entry.bytes);
  return out.Take();
}

Result<Own999Entry> DecodeOwn999(std::string_view bytes) {
  Own999Entry entry;
  Status read = ReadTagged(bytes, [&](const TaggedField& f) {
    if (f.tag == 1) entry.id = MessageId::Trusted(f.String());
    if (f.tag == 2) entry.bytes = f.String();
  });
  if (!read.ok() || entry.id.empty()) return Damaged("own 999");
  return entry;
}

std::string Encode(const QueueEntry& entry) {
  return U64(static_cast<uint64_t>(entry.accepted_at.us)) + entry.gateway_id.value();
}

Result<QueueEntry> DecodeQueueEntry(std::string_view bytes) {
  auto at = ReadU64(bytes.substr(0, 8));
  if (!at || bytes.size() == 8) return Damaged("queue entry");
  return QueueEntry{MessageId::Trusted(std::string(bytes.substr(8))), {static_cast<int64_t>(*at)}};
}

std::string Encode(const QueueCount& count) { return U64(count.messages) + U64(count.bytes); }

Result<QueueCount> DecodeQueueCount(std::string_view bytes) {
  if (bytes.size() != 16) return Damaged("queue counter");
  return QueueCount{*ReadU64(bytes.substr(0, 8)), *ReadU64(bytes.substr(8))};
}

std::string Encode(const DayCount& count) {
  return U64(static_cast<uint64_t>(count.day)) + U64(count.messages) + U64(count.bytes);
}

Result<DayCount> DecodeDayCount(std::string_view bytes) {
  if (bytes.size() != 24) return Damaged("day's count");
  return DayCount{static_cast<int32_t>(*ReadU64(bytes.substr(0, 8))), *ReadU64(bytes.substr(8, 8)),
                  *ReadU64(bytes.substr(16))};
}

}  // namespace tvan
