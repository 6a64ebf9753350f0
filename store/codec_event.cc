// Events, payload records and claims.
#include "store/codec.h"
#include "store/codec_fields.h"
#include "store/keys.h"
#include "store/pack.h"

namespace tvan {

using codec::Damaged;
using codec::Instant;
using codec::Into;
using codec::Number;
using codec::Text;

std::string Encode(const Event& event) {
  TaggedWriter out;
  out.Unsigned(1, static_cast<uint64_t>(event.kind));
  Instant(out, 2, event.at);
  Number(out, 3, event.sequence);
  Number(out, 4, event.attempt);
  Text(out, 5, event.reason);
  Text(out, 6, event.detail);
  Text(out, 7, event.answer_id);
  Text(out, 8, event.proof);
  return out.Take();
}

Result<Event> DecodeEvent(std::string_view bytes) {
  Event event;
  uint64_t kind = 0;
  Status read = ReadTagged(bytes, [&](const TaggedField& f) {
    (void)(Into(f, 1, kind) || Into(f, 2, event.at) || Into(f, 3, event.sequence) || Into(f, 4, event.attempt) ||
           Into(f, 5, event.reason) || Into(f, 6, event.detail) || Into(f, 7, event.answer_id) ||
           Into(f, 8, event.proof));
  });
  if (!read.ok() || kind == 0 || kind > static_cast<uint64_t>(EventKind::kResolved)) return Damaged("event");
  event.kind = static_cast<EventKind>(kind);
  return event;
}

std::string EncodePayload(std::string_view receipt, std::string_view ack999, std::string_view payload,
                          uint32_t dictionary) {
  TaggedWriter out;
  Text(out, 1, receipt);
  Text(out, 2, ack999);
  std::string record = U64(out.bytes().size());
  record.reserve(record.size() + out.bytes().size() + payload.size());
  record.append(out.bytes()).append(payload);
  return Pack(std::move(record), dictionary);
}

SharedBytes PayloadRecord(const NewMessage& message, uint32_t dictionary) {
  const std::string_view payload = message.payload == nullptr ? std::string_view() : std::string_view(*message.payload);
  return std::make_shared<const std::string>(EncodePayload(message.receipt, message.ack999, payload, dictionary));
}

Result<PayloadParts> DecodePayload(std::string_view record) {
  std::string unpacked;
  if (IsPacked(record)) {
    auto bytes = Unpack(record);
    if (!bytes.ok()) return bytes.status();
    unpacked = std::move(*bytes);
    record = unpacked;
  }
  auto size = ReadU64(record.substr(0, 8));
  if (!size || *size > record.size() - 8) return Damaged("payload");
  PayloadParts parts;
  parts.payload = record.substr(8 + *size);
  Status read = ReadTagged(record.substr(8, *size), [&](const TaggedField& f) {
    if (f.tag == 1) parts.receipt = f.String();
    if (f.tag == 2) parts.ack999 = f.String();
  });
  if (!read.ok()) return Damaged("payload");
  return parts;
}

std::string Encode(const std::vector<ClaimEntry>& holders) {
  TaggedWriter out;
  for (const ClaimEntry& holder : holders) out.Bytes(holder.released ? 2 : 1, holder.gateway_id.value());
  return out.Take();
}

Result<std::vector<ClaimEntry>> DecodeClaims(std::string_view bytes) {
  std::vector<ClaimEntry> holders;
  Status read = ReadTagged(bytes, [&](const TaggedField& f) {
    if (f.tag == 1 || f.tag == 2) holders.push_back({MessageId::Trusted(f.String()), f.tag == 2});
  });
  if (!read.ok() || holders.empty()) return Damaged("claim");
  return holders;
}

}  // namespace tvan
