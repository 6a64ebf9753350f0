#include "store/history_reader.h"

#include "store/codec_fields.h"
#include "store/keys.h"

namespace tvan {

HistoryFacts HistoryReader::FactsOf(const NewMessage& message) {
  own_ = message.gateway_id;
  HistoryFacts facts;
  for (const InvoiceKey& invoice : message.claims)
    if (auto holder = HeldByAnother(keys::Claim(invoice))) facts.claimed.emplace(invoice, *std::move(holder));
  for (const RegisterCode& code : message.codes)
    if (auto holder = HeldByAnother(keys::CodeClaim(code.code))) facts.codes.emplace(code.code, *std::move(holder));
  for (const InvoiceRelation& relation : AskedOf(message))
    if (facts.originals.count(relation.original) == 0)
      facts.originals.emplace(relation.original, Original(relation.original));
  if (!message.codes.empty()) Ranges(message.mst, facts);
  return facts;
}

// One may be missing after an upgrade (a 103 of before left none), in a copy (it came after it), or among so many.
void HistoryReader::Ranges(const TaxCode& mst, HistoryFacts& facts) {
  facts.ranges = Read(Family::kIndex, keys::Ranges(mst), DecodeRanges);
  facts.ranges_whole = !facts.ranges.empty() && facts.ranges.size() < kMostRanges && gaps_until_ == Time{} &&
                       !get_(Family::kControl, keys::kHistoryFrom);
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

const HistoryReader::Known* HistoryReader::Load(const MessageId& id) {
  auto found = known_.find(id);
  if (found == known_.end()) found = known_.emplace(id, Read(id)).first;
  return found->second ? &*found->second : nullptr;
}

std::optional<HistoryReader::Known> HistoryReader::Read(const MessageId& id) {
  const auto bytes = get_(Family::kMeta, id.value());
  auto message =
      bytes ? DecodeMessage(*bytes) : codec::Damaged("a claim or relation names a message that is not there");
  if (!message.ok()) return fail_(message.status()), std::nullopt;
  const MessageMeta& meta = message->meta;
  Known known{.holder = {meta.gateway_id, meta.provider(), meta.mst, meta.accepted_at},
              .stage = meta.stage,
              .purged = meta.purged(),
              .whole = IsWhole(meta)};
  for (const InvoiceRelation& relation : meta.relations)
    if (relation.by) known.itself.insert_or_assign(*relation.by, relation.kind);
  return known;
}

std::optional<Holder> HistoryReader::HeldByAnother(const std::string& claim_key) {
  const auto holders = Read(Family::kClaim, claim_key, DecodeClaims);
  if (holders.empty() || holders.back().released || holders.back().gateway_id == own_) return std::nullopt;
  const Known* known = Load(holders.back().gateway_id);
  return known == nullptr ? std::nullopt : std::optional<Holder>(known->holder);
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
  const Known *oldest = Load(holders.front().gateway_id), *newest = Load(holders.back().gateway_id);
  if (oldest == nullptr || newest == nullptr || newest->holder.gateway_id == own_) return;
  original.held = !holders.back().released;
  original.refused = holders.back().released && newest->stage != Stage::kWithdrawn && !newest->purged;
  original.whole = original.held && oldest->whole && newest->whole;
  original.filed_by = newest->holder;
  const auto itself = newest->itself.find(invoice);
  if (original.held && itself != newest->itself.end()) original.itself = itself->second;
}

void HistoryReader::Followers(const InvoiceKey& invoice, OriginalFact& original) {
  const auto followers = Read(Family::kClaim, keys::Followers(invoice), DecodeFollowers);
  if (followers.size() >= kMostFollowers) original.whole = false;
  for (const FollowerEntry& follower : followers) {
    if (follower.released || follower.gateway_id == own_) continue;
    if (const Known* known = Load(follower.gateway_id)) original.followers.push_back({follower.kind, known->holder});
  }
}

bool HistoryReader::IsWhole(const MessageMeta& meta) {
  if (meta.purged() || meta.accepted_at < gaps_until_) return false;
  const auto from = get_(Family::kControl, keys::kHistoryFrom);
  return !from || ReadU64(*from).value_or(UINT64_MAX) < meta.acceptance;
}

}  // namespace tvan
