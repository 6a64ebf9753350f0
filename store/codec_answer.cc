// Answers, mailbox items, operators' records, and the small entries of queues.
#include "gateway/core/tagged.h"
#include "store/codec.h"
#include "store/keys.h"

namespace tvan {
namespace {

Status Damaged(const char* what) {
  return Status::Permanent("store.damaged"_reason, std::string("a stored record cannot be read: ") + what);
}

void Text(TaggedWriter& out, uint32_t tag, std::string_view value) {
  if (!value.empty()) out.Bytes(tag, value);
}

void ReadAnswerField(const TaggedField& f, AnswerRecord& record) {
  IncomingAnswer& a = record.answer;
  switch (f.tag) {
    case 1:
      a.answer_id = f.String();
      break;
    case 2:
      a.line = LineId::Trusted(f.String());
      break;
    case 3:
      record.positions.push_back(f.String());
      break;
    case 4:
      a.mltdiep = static_cast<int>(f.Signed());
      break;
    case 5:
      a.authority_mtdiep = f.String();
      break;
    case 6:
      a.mtdtchieu = f.String();
      break;
    case 7:
      a.received_at = {f.Signed()};
      break;
    case 8:
      a.parsed = f.String();
      break;
    case 9:
      a.annotation = f.String();
      break;
    case 10:
      a.parked_reason = f.String();
      break;
    case 11:
      record.number = f.Unsigned();
      break;
    case 12:
      record.sequence = f.Unsigned();
      break;
    default:
      break;
  }
}

}  // namespace

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
  return out.Take();
}

Result<AnswerRecord> DecodeAnswer(std::string_view bytes) {
  AnswerRecord record;
  Status read = ReadTagged(bytes, [&](const TaggedField& f) { ReadAnswerField(f, record); });
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
    switch (f.tag) {
      case 1:
        item.sequence = f.Unsigned();
        break;
      case 2:
        item.answer_id = f.String();
        break;
      case 3:
        item.gateway_id = MessageId::Trusted(f.String());
        break;
      case 4:
        item.provider_reference = f.String();
        break;
      case 5:
        item.rewrapped = f.String();
        break;
      case 6:
        item.at = {f.Signed()};
        break;
      default:
        break;
    }
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
  return out.Take();
}

Result<OperatorRecord> DecodeRecord(std::string_view bytes) {
  OperatorRecord record;
  Status read = ReadTagged(bytes, [&](const TaggedField& f) {
    switch (f.tag) {
      case 1:
        record.kind = f.String();
        break;
      case 2:
        record.id = f.String();
        break;
      case 3:
        record.version = f.Unsigned();
        break;
      case 4:
        record.changed_at = {f.Signed()};
        break;
      case 5:
        record.author = f.String();
        break;
      case 6:
        record.reason = f.String();
        break;
      case 7:
        record.body = f.String();
        break;
      case 8:
        record.deleted = f.Unsigned() != 0;
        break;
      default:
        break;
    }
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

}  // namespace tvan
