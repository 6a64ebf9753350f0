// What an accepted message holds: its invoices, their cash-register codes, and what it does to earlier invoices. All of
// it is taken in the accept's act and freed together, by a refusal (whole or per item) or a withdrawal.
#include <algorithm>

#include "gateway/core/catalogue.h"
#include "store/history_reader.h"
#include "store/keys.h"
#include "store/ledger.h"

namespace tvan {
namespace {

// Of a message's relations: those of the invoice that it files, or, without one, that it names.
bool IsOf(const InvoiceRelation& relation, const InvoiceKey& item) {
  return relation.by ? *relation.by == item : relation.original == item;
}

}  // namespace

std::vector<HistoryFinding> Ledger::Contradictions(const NewMessage& message) {
  HistoryReader reader([this](Family family, const std::string& key) { return writes_.Get(family, key); },
                       [this](const Status& status) { writes_.Fail(status); }, options_.uncertain_until);
  std::vector<HistoryFinding> findings = JudgeHistory(message, reader.FactsOf(message));
  std::erase_if(findings, [](const HistoryFinding& finding) { return !finding.refuses; });
  return findings;
}

void Ledger::TakeHistory(const MessageMeta& meta) {
  for (const InvoiceKey& invoice : meta.claims) TakeClaim(keys::Claim(invoice), meta.gateway_id);
  for (const RegisterCode& code : meta.codes) TakeClaim(keys::CodeClaim(code.code), meta.gateway_id);
  for (const InvoiceRelation& relation : meta.relations) Follow(relation, meta.gateway_id);
  if (IsRegistration(meta.mltdiep)) TakeClaim(keys::Claim(RegistrationOf(meta.mst)), meta.gateway_id);
}

void Ledger::SetReleased(const MessageMeta& meta, bool released) {
  for (const InvoiceKey& invoice : meta.claims) SetReleased(keys::Claim(invoice), meta.gateway_id, released);
  for (const RegisterCode& code : meta.codes) SetReleased(keys::CodeClaim(code.code), meta.gateway_id, released);
  for (const InvoiceRelation& relation : meta.relations) SetReleased(relation, meta.gateway_id, released);
}

void Ledger::SetReleased(const MessageMeta& meta, const InvoiceKey& item, bool released) {
  SetReleased(keys::Claim(item), meta.gateway_id, released);
  for (const RegisterCode& code : meta.codes)
    if (code.invoice == item) SetReleased(keys::CodeClaim(code.code), meta.gateway_id, released);
  for (const InvoiceRelation& relation : meta.relations)
    if (IsOf(relation, item)) SetReleased(relation, meta.gateway_id, released);
}

std::vector<ClaimEntry> Ledger::Holders(const std::string& key) {
  auto bytes = writes_.Get(Family::kClaim, key);
  if (!bytes) return {};
  auto holders = DecodeClaims(*bytes);
  if (!holders.ok()) return writes_.Fail(holders.status()), std::vector<ClaimEntry>();
  return std::move(holders).value();
}

void Ledger::TakeClaim(const std::string& key, const MessageId& id) {
  auto holders = Holders(key);
  if (!holders.empty() && holders.back().gateway_id == id) return;  // named twice in one message
  if (holders.size() >= kMostHolders) holders.erase(holders.begin());
  holders.push_back({id, false});
  writes_.Put(Family::kClaim, key, Encode(holders));
}

void Ledger::SetReleased(const std::string& key, const MessageId& id, bool released) {
  auto holders = Holders(key);
  // Only the newest holder decides whether a key is free; an older one has lost it for good.
  if (holders.empty() || holders.back().gateway_id != id || holders.back().released == released) return;
  holders.back().released = released;
  writes_.Put(Family::kClaim, key, Encode(holders));
}

std::vector<FollowerEntry> Ledger::FollowersOf(const InvoiceKey& original) {
  auto bytes = writes_.Get(Family::kClaim, keys::Followers(original));
  if (!bytes) return {};
  auto followers = DecodeFollowers(*bytes);
  if (!followers.ok()) return writes_.Fail(followers.status()), std::vector<FollowerEntry>();
  return std::move(followers).value();
}

void Ledger::Follow(const InvoiceRelation& relation, const MessageId& id) {
  auto followers = FollowersOf(relation.original);
  if (followers.size() >= kMostFollowers) {
    const auto released = std::find_if(followers.begin(), followers.end(), [](const auto& f) { return f.released; });
    followers.erase(released == followers.end() ? followers.begin() : released);
  }
  followers.push_back({relation.kind, id, relation.by, false});
  writes_.Put(Family::kClaim, keys::Followers(relation.original), Encode(followers));
}

void Ledger::SetReleased(const InvoiceRelation& relation, const MessageId& id, bool released) {
  auto followers = FollowersOf(relation.original);
  bool changed = false;
  for (FollowerEntry& follower : followers) {
    const bool same = follower.gateway_id == id && follower.kind == relation.kind && follower.by == relation.by;
    if (!same || follower.released == released) continue;
    follower.released = released;
    changed = true;
  }
  if (changed) writes_.Put(Family::kClaim, keys::Followers(relation.original), Encode(followers));
}

void Ledger::KeepRange(const RegisterRange& range) {
  std::vector<std::string> ranges;
  const std::string key = keys::Ranges(range.mst);
  if (auto bytes = writes_.Get(Family::kIndex, key)) {
    auto read = DecodeRanges(*bytes);
    if (!read.ok()) return writes_.Fail(read.status());
    ranges = *std::move(read);
  }
  if (std::find(ranges.begin(), ranges.end(), range.range) != ranges.end()) return;
  if (ranges.size() >= kMostRanges) ranges.erase(ranges.begin());
  ranges.push_back(range.range);
  writes_.Put(Family::kIndex, key, EncodeRanges(ranges));
}

}  // namespace tvan
