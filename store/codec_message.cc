// Messages, their events, payload records and claims.
#include "gateway/core/tagged.h"
#include "store/codec.h"
#include "store/keys.h"

namespace tvan {
namespace {

Status Damaged(const char* what) {
  return Status::Permanent("store.damaged"_reason, std::string("a stored record cannot be read: ") + what);
}

// Absent fields are empty or zero, so they are not written.
void Text(TaggedWriter& out, uint32_t tag, std::string_view value) {
  if (!value.empty()) out.Bytes(tag, value);
}
void Number(TaggedWriter& out, uint32_t tag, uint64_t value) {
  if (value != 0) out.Unsigned(tag, value);
}
void Instant(TaggedWriter& out, uint32_t tag, Time value) {
  if (value.us != 0) out.Signed(tag, value.us);
}

bool ReadSha(const TaggedField& field, Sha256& out) {
  if (field.bytes.size() != out.bytes.size()) return false;
  std::copy(field.bytes.begin(), field.bytes.end(), reinterpret_cast<char*>(out.bytes.data()));
  return true;
}

bool ReadInvoice(const TaggedField& field, std::vector<InvoiceKey>& out) {
  auto key = keys::ParseClaim(field.bytes);
  if (key) out.push_back(std::move(*key));
  return key.has_value();
}

void EncodeIdentity(const MessageMeta& m, TaggedWriter& out) {
  out.Bytes(1, m.key.provider.value()).Unsigned(2, static_cast<uint64_t>(m.key.kind)).Bytes(3, m.key.value);
  out.Bytes(4, m.gateway_id.value());
  Text(out, 5, m.provider_mtdiep);
  Text(out, 6, m.provider_mngui);
  out.Bytes(7, m.digest.view()).Bytes(8, m.sent_digest.view());
  out.Unsigned(9, static_cast<uint64_t>(m.cls)).Signed(10, m.mltdiep);
  Text(out, 11, m.mst.value());
  out.Bytes(12, m.plan.Encode());
  for (const InvoiceKey& key : m.claims) out.Bytes(13, keys::Claim(key));
  for (const InvoiceKey& key : m.refers) out.Bytes(14, keys::Claim(key));
  Instant(out, 15, m.accepted_at);
  Text(out, 16, m.contract_version);
  out.Unsigned(17, m.acceptance).Unsigned(18, m.payload_size);
}

bool DecodeIdentity(const TaggedField& f, MessageMeta& m) {
  switch (f.tag) {
    case 1:
      m.key.provider = ProviderId::Trusted(f.String());
      return true;
    case 2:
      m.key.kind = static_cast<SubmitIdKind>(f.Unsigned());
      return true;
    case 3:
      m.key.value = f.String();
      return true;
    case 4:
      m.gateway_id = MessageId::Trusted(f.String());
      return true;
    case 5:
      m.provider_mtdiep = f.String();
      return true;
    case 6:
      m.provider_mngui = f.String();
      return true;
    case 7:
      return ReadSha(f, m.digest);
    case 8:
      return ReadSha(f, m.sent_digest);
    case 9:
      m.cls = static_cast<MessageClass>(f.Unsigned());
      return true;
    case 10:
      m.mltdiep = static_cast<int>(f.Signed());
      return true;
    case 11:
      m.mst = TaxCode::Trusted(f.String());
      return true;
    case 13:
      return ReadInvoice(f, m.claims);
    case 14:
      return ReadInvoice(f, m.refers);
    case 15:
      m.accepted_at = {f.Signed()};
      return true;
    case 16:
      m.contract_version = f.String();
      return true;
    case 17:
      m.acceptance = f.Unsigned();
      return true;
    case 18:
      m.payload_size = f.Unsigned();
      return true;
    default:
      return true;
  }
}

bool DecodePlan(const TaggedField& f, MessageMeta& m) {
  if (f.tag != 12) return true;
  auto plan = WrappingPlan::Decode(f.bytes);
  if (plan.ok()) m.plan = std::move(plan).value();
  return plan.ok();
}

void EncodeState(const StoredMessage& s, TaggedWriter& out) {
  const MessageMeta& m = s.meta;
  out.Unsigned(19, static_cast<uint64_t>(m.stage));
  Number(out, 20, m.attempts);
  Instant(out, 21, m.stage_since);
  Instant(out, 22, m.last_attempt_at);
  Instant(out, 23, m.last_not_after);
  Text(out, 24, m.last_line);
  Text(out, 25, m.search_from);
  Text(out, 26, m.reason);
  Number(out, 27, s.accepted_sequence);
  Number(out, 28, s.events);
}

void DecodeState(const TaggedField& f, StoredMessage& s) {
  MessageMeta& m = s.meta;
  switch (f.tag) {
    case 19:
      m.stage = static_cast<Stage>(f.Unsigned());
      break;
    case 20:
      m.attempts = static_cast<uint32_t>(f.Unsigned());
      break;
    case 21:
      m.stage_since = {f.Signed()};
      break;
    case 22:
      m.last_attempt_at = {f.Signed()};
      break;
    case 23:
      m.last_not_after = {f.Signed()};
      break;
    case 24:
      m.last_line = f.String();
      break;
    case 25:
      m.search_from = f.String();
      break;
    case 26:
      m.reason = f.String();
      break;
    case 27:
      s.accepted_sequence = f.Unsigned();
      break;
    case 28:
      s.events = static_cast<uint32_t>(f.Unsigned());
      break;
    default:
      break;
  }
}

bool Sane(const StoredMessage& s) {
  const MessageMeta& m = s.meta;
  return !m.key.provider.empty() && !m.gateway_id.empty() && m.acceptance > 0 && s.events > 0 &&
         m.stage >= Stage::kQueued && m.stage <= Stage::kWithdrawn && m.cls >= MessageClass::kCoded &&
         m.cls <= MessageClass::kTechnical;
}

}  // namespace

std::string Encode(const StoredMessage& message) {
  TaggedWriter out;
  EncodeIdentity(message.meta, out);
  EncodeState(message, out);
  return out.Take();
}

Result<StoredMessage> DecodeMessage(std::string_view bytes) {
  StoredMessage message;
  message.events = 0;
  bool good = true;
  Status read = ReadTagged(bytes, [&](const TaggedField& field) {
    good = good && DecodeIdentity(field, message.meta) && DecodePlan(field, message.meta);
    DecodeState(field, message);
  });
  if (!read.ok() || !good || !Sane(message)) return Damaged("message");
  return message;
}

std::string Encode(const Event& event) {
  TaggedWriter out;
  out.Unsigned(1, static_cast<uint64_t>(event.kind));
  Instant(out, 2, event.at);
  Number(out, 3, event.sequence);
  Number(out, 4, event.attempt);
  Text(out, 5, event.reason);
  Text(out, 6, event.detail);
  Text(out, 7, event.answer_id);
  return out.Take();
}

Result<Event> DecodeEvent(std::string_view bytes) {
  Event event;
  uint64_t kind = 0;
  Status read = ReadTagged(bytes, [&](const TaggedField& f) {
    switch (f.tag) {
      case 1:
        kind = f.Unsigned();
        break;
      case 2:
        event.at = {f.Signed()};
        break;
      case 3:
        event.sequence = f.Unsigned();
        break;
      case 4:
        event.attempt = static_cast<uint32_t>(f.Unsigned());
        break;
      case 5:
        event.reason = f.String();
        break;
      case 6:
        event.detail = f.String();
        break;
      case 7:
        event.answer_id = f.String();
        break;
      default:
        break;
    }
  });
  if (!read.ok() || kind == 0 || kind > static_cast<uint64_t>(EventKind::kResolved)) return Damaged("event");
  event.kind = static_cast<EventKind>(kind);
  return event;
}

std::string EncodePayloadHead(std::string_view receipt, std::string_view ack999) {
  TaggedWriter out;
  Text(out, 1, receipt);
  Text(out, 2, ack999);
  return U64(out.bytes().size()) + out.bytes();
}

Result<PayloadParts> DecodePayload(std::string_view record) {
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
