// Messages first: who is there. Then everything that names them.
#include "store/rocksdb/salvage_mend.h"

#include <algorithm>

#include "gateway/core/catalogue.h"
#include "store/fold.h"
#include "store/keys.h"
#include "store/rocksdb/store_files.h"

namespace tvan {

void Mender::Mend() {
  if (!target_.Has(Family::kControl, keys::kIncarnation))
    target_.Put(Family::kControl, keys::kIncarnation, report_.incarnation);
  target_.Put(Family::kControl, keys::kFormat, U64(files::kFormatVersion));
  MendMessages();
  messages_as_of_ = std::max(Time{1}, report_.as_of);
  DropDangling();
  MendClaims();
  MendAnswers();
  MendMailboxes();
  MendOwn999();
  MendAudit();
  WriteCounters();
  WriteDays();
  report_.as_of = std::min(report_.as_of, before_first_loss_);
}

void Mender::Lose(const std::string& what, const std::string& mtdiep, const std::string& detail) {
  if (what == "message" && !lost_.insert(mtdiep).second) return;
  on_loss_({what, mtdiep, detail});
}

uint64_t Mender::Number(const std::string& key) {
  const auto bytes = target_.Get(Family::kControl, key);
  return bytes ? ReadU64(*bytes).value_or(0) : 0;
}

void Mender::MendMessages() {
  std::vector<std::string> bad;
  target_.Scan(Family::kMeta, "", [&](std::string_view key, std::string_view value) {
    auto message = DecodeMessage(value);
    if (message.ok() && message->meta.gateway_id.value() == key)
      MendMessage(*std::move(message));
    else
      bad.emplace_back(key);
    return true;
  });
  for (const std::string& id : bad) {
    Lose("message", id, "its record cannot be read");
    target_.Delete(Family::kMeta, id);
  }
}

void Mender::MendMessage(StoredMessage message) {
  MessageMeta& meta = message.meta;
  ++report_.messages;
  Note(meta.accepted_at);
  Note(meta.stage_since);
  acceptance_ = std::max(acceptance_, meta.acceptance);
  sequence_ = std::max(sequence_, message.accepted_sequence);
  const std::string& id = meta.gateway_id.value();
  if (!meta.purged() && !PayloadIsWhole(meta)) {
    Lose("payload", id, std::string("accepted ") + FormatTime(meta.accepted_at) + ", " + ToString(meta.stage));
    target_.Put(Family::kPayload, U64(meta.acceptance), EncodePayload("", "", ""));
    if (IsOpen(meta.stage)) GiveUpSending(message);
  }
  target_.Put(Family::kIndex, keys::Idempotency(meta.key), id);
  target_.Put(Family::kIndex, keys::DigestEntry(meta.digest, meta.acceptance), id);
  ++numbers_[keys::ProviderCount(meta.provider())];
  CountOnItsDay(meta);
  Hold(meta);
  if (meta.purged()) return;
  target_.Put(Family::kIndex, keys::SentDigest(meta.sent_digest), id);
  target_.Put(Family::kIndex, keys::ListEntry(meta.provider(), meta.acceptance), id);
  Enter(meta);
}

bool Mender::PayloadIsWhole(const MessageMeta& meta) {
  const auto record = target_.Get(Family::kPayload, U64(meta.acceptance)).value_or(std::string());
  const auto parts = DecodePayload(record);
  return parts.ok() && parts->payload.size() == meta.payload_size &&
         request_.digester.Sha256Of(parts->payload) == meta.digest;
}

// What cannot be sent as it was accepted is a person's matter; its answers still come in.
void Mender::GiveUpSending(StoredMessage& message) {
  MessageMeta& meta = message.meta;
  if (meta.stage != Stage::kQueued && meta.stage != Stage::kHeld && meta.stage != Stage::kInDoubt &&
      meta.stage != Stage::kSending)
    return;
  meta.stage = Stage::kWorkItem;
  meta.stage_since = request_.now;
  meta.reason = std::string("dispatch.payload_damaged"_reason.text());
  const Event event{.kind = EventKind::kWorkItem,
                    .at = request_.now,
                    .sequence = sequence_,
                    .attempt = meta.attempts,
                    .reason = meta.reason,
                    .detail = "salvage"};
  target_.Put(Family::kEvent, keys::EventOf(meta.acceptance, message.events++), Encode(event));
  target_.Put(Family::kMeta, meta.gateway_id.value(), Encode(message));
}

void Mender::Enter(const MessageMeta& meta) {
  ++numbers_[keys::StageCounter(meta.stage)];
  if (IsWaiting(meta.stage)) waiting_bytes_ += meta.payload_size;
  if (meta.stage == Stage::kQueued) {
    const QueueKey queue{meta.provider(), meta.cls};
    target_.Put(Family::kQueue, keys::QueueEntry(queue, meta.acceptance),
                Encode(QueueEntry{meta.gateway_id, meta.accepted_at}));
    QueueCount& count = queues_[keys::QueueCounter(queue)];
    ++count.messages;
    count.bytes += meta.payload_size;
  } else if (IsOpen(meta.stage)) {
    target_.Put(Family::kQueue, keys::StageEntry(meta.stage, meta.acceptance), meta.gateway_id.value());
  }
}

void Mender::Hold(const MessageMeta& meta) {
  const bool freed = meta.stage == Stage::kRefused || meta.stage == Stage::kWithdrawn;
  std::set<InvoiceKey> released;
  for (const InvoiceKey& invoice : meta.claims)
    if (Claim(keys::Claim(invoice), meta, freed)) released.insert(invoice);
  if (IsRegistration(meta.mltdiep)) Claim(keys::Claim(RegistrationOf(meta.mst)), meta, false);
  for (const RegisterCode& code : meta.codes) Claim(keys::CodeClaim(code.code), meta, released.count(code.invoice) > 0);
  // Which invoices of a notice were refused was in the record alone: what is not known forbids nothing.
  const bool forgotten = freed || meta.stage == Stage::kPartly;
  for (const InvoiceRelation& relation : meta.relations)
    Follow(relation, meta, relation.by ? released.count(*relation.by) > 0 : forgotten);
}

// A claim whose record was lost is taken again, unless `released`; the newest message by acceptance decides. Answers
// whether it is released now.
bool Mender::Claim(const std::string& key, const MessageMeta& meta, bool released) {
  const auto bytes = target_.Get(Family::kClaim, key);
  const auto read = DecodeClaims(bytes ? *bytes : std::string());
  std::vector<ClaimEntry> holders = read.ok() ? *read : std::vector<ClaimEntry>();
  const auto mine = std::find_if(holders.begin(), holders.end(),
                                 [&](const ClaimEntry& e) { return e.gateway_id == meta.gateway_id; });
  if (mine != holders.end()) return mine->released;
  const auto older = [&](const ClaimEntry& e) {
    const auto other = target_.Get(Family::kMeta, e.gateway_id.value());
    const auto message = DecodeMessage(other ? *other : std::string());
    return message.ok() && message->meta.acceptance < meta.acceptance;
  };
  holders.insert(std::stable_partition(holders.begin(), holders.end(), older), {meta.gateway_id, released});
  if (holders.size() > kMostHolders) holders.erase(holders.begin());
  target_.Put(Family::kClaim, key, Encode(holders));
  return released;
}

void Mender::Follow(const InvoiceRelation& relation, const MessageMeta& meta, bool released) {
  const std::string key = keys::Followers(relation.original);
  const auto read = DecodeFollowers(target_.Get(Family::kClaim, key).value_or(std::string()));
  std::vector<FollowerEntry> followers = read.ok() ? *read : std::vector<FollowerEntry>();
  const bool known = std::any_of(followers.begin(), followers.end(), [&](const FollowerEntry& f) {
    return f.gateway_id == meta.gateway_id && f.kind == relation.kind && f.by == relation.by;
  });
  if (known || followers.size() >= kMostFollowers) return;
  followers.push_back({relation.kind, meta.gateway_id, relation.by, released});
  target_.Put(Family::kClaim, key, Encode(followers));
}

void Mender::DropFromIndex(std::string_view key, std::string_view value) {
  const char kind = key.empty() ? '\0' : key.front();
  if (kind == 'a' || kind == 'A') return target_.Delete(Family::kIndex, key);  // made again with the answers
  if (kind == 'g' && !DecodeRanges(value).ok()) return target_.Delete(Family::kIndex, key);  // likewise
  const bool names_a_message = kind == 'k' || kind == 'd' || kind == 's' || kind == 'l';
  if (!names_a_message || (kind == 'k' && IsVoided(value)) || target_.Has(Family::kMeta, std::string(value))) return;
  Lose("message", std::string(value), "an index names it, and it is not there");
  if (const auto acceptance = kind == 'd' || kind == 'l' ? TailU64(key) : std::nullopt) {
    first_lost_ = std::min(first_lost_, *acceptance);
    acceptance_ = std::max(acceptance_, *acceptance);  // its place is not given away again
  }
  target_.Delete(Family::kIndex, key);
}

void Mender::DropDangling() {
  target_.Scan(Family::kIndex, "", [&](std::string_view key, std::string_view value) {
    DropFromIndex(key, value);
    return true;
  });
  if (first_lost_ == UINT64_MAX) return;
  // Providers submit again from before the first one that was lost.
  Time before{1};
  target_.Scan(Family::kMeta, "", [&](std::string_view, std::string_view value) {
    const auto message = DecodeMessage(value);
    if (message.ok() && message->meta.acceptance < first_lost_) before = std::max(before, message->meta.accepted_at);
    return true;
  });
  before_first_loss_ = before;
}

// Holders of an invoice or a code, or followers of an invoice.
template <class Entry>
void Mender::KeepThoseWithMessages(std::string_view key, Result<std::vector<Entry>> entries) {
  if (!entries.ok()) return target_.Delete(Family::kClaim, key);
  const size_t gone =
      std::erase_if(*entries, [&](const Entry& e) { return !target_.Has(Family::kMeta, e.gateway_id.value()); });
  if (entries->empty())
    target_.Delete(Family::kClaim, key);
  else if (gone > 0)
    target_.Put(Family::kClaim, key, Encode(*entries));
}

void Mender::MendClaims() {
  target_.Scan(Family::kClaim, "", [&](std::string_view key, std::string_view value) {
    if (key.substr(0, 1) == std::string_view(&keys::kAllFollowers, 1))
      KeepThoseWithMessages(key, DecodeFollowers(value));
    else
      KeepThoseWithMessages(key, DecodeClaims(value));
    return true;
  });
}

}  // namespace tvan
