#include "store/history_reader.h"

#include <algorithm>

#include "store/codec_fields.h"
#include "store/keys.h"

namespace tvan {
namespace {

Holder HolderOf(const MessageMeta& meta) { return {meta.gateway_id, meta.provider(), meta.mst, meta.accepted_at}; }

}  // namespace

HistoryFacts HistoryReader::FactsOf(const NewMessage& message) {
  own_ = message.gateway_id;
  HistoryFacts facts;
  for (const InvoiceKey& invoice : message.claims)
    if (auto holder = HeldByAnother(keys::Claim(invoice))) facts.claimed.emplace(invoice, *std::move(holder));
  for (const RegisterCode& code : message.codes)
    if (auto holder = HeldByAnother(keys::CodeClaim(code.code))) facts.codes.emplace(code.code, *std::move(holder));
  for (const InvoiceRelation& relation : message.relations)
    if (facts.originals.count(relation.original) == 0)
      facts.originals.emplace(relation.original, Original(relation.original));
  if (!message.codes.empty()) facts.ranges = Read(Family::kIndex, keys::Ranges(message.mst), DecodeRanges);
  return facts;
}

template <class Records>
Records HistoryReader::Read(Family family, const std::string& key, Result<Records> (*decode)(std::string_view)) {
  const auto bytes = get_(family, key);
  if (!bytes) return {};
  auto records = decode(*bytes);
  if (records.ok()) return *std::move(records);
  fail_(records.status());
  return {};
}

std::optional<MessageMeta> HistoryReader::Load(const MessageId& id) {
  const auto bytes = get_(Family::kMeta, id.value());
  auto message =
      bytes ? DecodeMessage(*bytes) : codec::Damaged("a claim or relation names a message that is not there");
  if (message.ok()) return std::move(message->meta);
  fail_(message.status());
  return std::nullopt;
}

std::optional<Holder> HistoryReader::HeldByAnother(const std::string& claim_key) {
  const auto holders = Read(Family::kClaim, claim_key, DecodeClaims);
  if (holders.empty() || holders.back().released || holders.back().gateway_id == own_) return std::nullopt;
  const auto meta = Load(holders.back().gateway_id);
  return meta ? std::optional<Holder>(HolderOf(*meta)) : std::nullopt;
}

OriginalFact HistoryReader::Original(const InvoiceKey& invoice) {
  OriginalFact original;
  Filed(invoice, original);
  Followers(invoice, original);
  return original;
}

// The newest holder decides; of a tombstone is known that the invoice was filed, not what became of it since.
void HistoryReader::Filed(const InvoiceKey& invoice, OriginalFact& original) {
  const auto holders = Read(Family::kClaim, keys::Claim(invoice), DecodeClaims);
  if (holders.empty()) return;
  const auto oldest = Load(holders.front().gateway_id), newest = Load(holders.back().gateway_id);
  if (!oldest || !newest || newest->gateway_id == own_) return;
  original.held = !holders.back().released;
  original.refused = holders.back().released && newest->stage != Stage::kWithdrawn && !newest->purged();
  original.whole = original.held && IsWhole(*oldest) && IsWhole(*newest);
  original.filed_by = HolderOf(*newest);
  if (!original.held) return;
  for (const InvoiceRelation& relation : newest->relations)
    if (relation.by == invoice) original.itself = relation.kind;
}

void HistoryReader::Followers(const InvoiceKey& invoice, OriginalFact& original) {
  const auto followers = Read(Family::kClaim, keys::Followers(invoice), DecodeFollowers);
  if (followers.size() >= kMostFollowers) original.whole = false;
  for (const FollowerEntry& follower : followers) {
    if (follower.released || follower.gateway_id == own_) continue;
    if (const auto meta = Load(follower.gateway_id)) original.followers.push_back({follower.kind, HolderOf(*meta)});
  }
}

bool HistoryReader::IsWhole(const MessageMeta& meta) {
  if (meta.purged() || meta.accepted_at < gaps_until_) return false;
  const auto from = get_(Family::kControl, keys::kHistoryFrom);
  return !from || ReadU64(*from).value_or(UINT64_MAX) < meta.acceptance;
}

}  // namespace tvan
