// Message records.
#include "store/codec.h"
#include "store/codec_fields.h"
#include "store/codec_history.h"
#include "store/keys.h"

namespace tvan {
namespace {

using codec::Damaged;
using codec::Instant;
using codec::Into;
using codec::Number;
using codec::Text;

// These fields can be wrong in themselves; `good` falls then.
bool IntoSha(const TaggedField& f, uint32_t tag, Sha256& out, bool& good) {
  if (f.tag != tag) return false;
  good = good && f.bytes.size() == out.bytes.size();
  if (good) std::copy(f.bytes.begin(), f.bytes.end(), reinterpret_cast<char*>(out.bytes.data()));
  return true;
}

bool IntoTexts(const TaggedField& f, uint32_t tag, std::vector<std::string>& out) {
  if (f.tag != tag) return false;
  out.push_back(f.String());
  return true;
}

bool IntoInvoices(const TaggedField& f, uint32_t tag, std::vector<InvoiceKey>& out, bool& good) {
  if (f.tag != tag) return false;
  auto key = keys::ParseClaim(f.bytes);
  good = good && key.has_value();
  if (key) out.push_back(std::move(*key));
  return true;
}

bool IntoPlan(const TaggedField& f, uint32_t tag, WrappingPlan& out, bool& good) {
  if (f.tag != tag) return false;
  auto plan = WrappingPlan::Decode(f.bytes);
  good = good && plan.ok();
  if (plan.ok()) out = std::move(plan).value();
  return true;
}

bool IntoFlag(const TaggedField& f, uint32_t tag, bool& out) {
  if (f.tag == tag) out = f.Unsigned() != 0;
  return f.tag == tag;
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

bool DecodeIdentity(const TaggedField& f, MessageMeta& m, bool& good) {
  return Into(f, 1, m.key.provider) || Into(f, 2, m.key.kind) || Into(f, 3, m.key.value) || Into(f, 4, m.gateway_id) ||
         Into(f, 5, m.provider_mtdiep) || Into(f, 6, m.provider_mngui) || IntoSha(f, 7, m.digest, good) ||
         IntoSha(f, 8, m.sent_digest, good) || Into(f, 9, m.cls) || Into(f, 10, m.mltdiep) || Into(f, 11, m.mst) ||
         IntoPlan(f, 12, m.plan, good) || IntoInvoices(f, 13, m.claims, good) || IntoInvoices(f, 14, m.refers, good) ||
         Into(f, 15, m.accepted_at) || Into(f, 16, m.contract_version) || Into(f, 17, m.acceptance) ||
         Into(f, 18, m.payload_size);
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
  Number(out, 29, m.turned_back);
  Number(out, 30, m.restored ? 1 : 0);
  Number(out, 31, s.last_item);
  Instant(out, 32, m.purged_at);
  Number(out, 35, m.same_day ? 1 : 0);
  Text(out, 36, m.profile);
  for (const std::string& mark : m.signature_marks) out.Bytes(37, mark);
}

bool DecodeState(const TaggedField& f, StoredMessage& s) {
  MessageMeta& m = s.meta;
  return Into(f, 19, m.stage) || Into(f, 20, m.attempts) || Into(f, 21, m.stage_since) ||
         Into(f, 22, m.last_attempt_at) || Into(f, 23, m.last_not_after) || Into(f, 24, m.last_line) ||
         Into(f, 25, m.search_from) || Into(f, 26, m.reason) || Into(f, 27, s.accepted_sequence) ||
         Into(f, 28, s.events) || Into(f, 29, m.turned_back) || IntoFlag(f, 30, m.restored) ||
         Into(f, 31, s.last_item) || Into(f, 32, m.purged_at) || IntoFlag(f, 35, m.same_day) ||
         Into(f, 36, m.profile) || IntoTexts(f, 37, m.signature_marks);
}

bool Sane(const StoredMessage& s) {
  const MessageMeta& m = s.meta;
  return !m.key.provider.empty() && m.key.kind <= SubmitIdKind::kClientReference && !m.gateway_id.empty() &&
         m.acceptance > 0 && s.events > 0 && m.stage >= Stage::kQueued && m.stage <= Stage::kWithdrawn &&
         m.cls >= MessageClass::kCoded && m.cls <= MessageClass::kTechnical;
}

}  // namespace

std::string Encode(const StoredMessage& message) {
  TaggedWriter out;
  EncodeIdentity(message.meta, out);
  EncodeState(message, out);
  EncodeHistory(message.meta, out);
  return out.Take();
}

Result<StoredMessage> DecodeMessage(std::string_view bytes) {
  StoredMessage message;
  message.events = 0;
  bool good = true;
  Status read = ReadTagged(bytes, [&](const TaggedField& field) {
    (void)(DecodeIdentity(field, message.meta, good) || DecodeState(field, message) ||
           DecodeHistory(field, message.meta, good));
  });
  if (!read.ok() || !good || !Sane(message)) return Damaged("message");
  return message;
}

}  // namespace tvan
