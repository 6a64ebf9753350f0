// Relations of messages and the followers of invoices, cash-register codes and their ranges.
#include "store/codec_history.h"

#include "store/codec.h"
#include "store/codec_fields.h"
#include "store/keys.h"

namespace tvan {
namespace {

constexpr uint32_t kRelation = 33, kCode = 34;
constexpr uint32_t kLive = 1, kReleased = 2;

std::optional<RelationKind> TakeKind(std::string_view& bytes) {
  if (bytes.empty()) return std::nullopt;
  const auto kind = static_cast<RelationKind>(bytes.front());
  bytes.remove_prefix(1);
  return IsKept(kind) ? std::optional<RelationKind>(kind) : std::nullopt;
}

std::string WithBy(std::string bytes, const std::optional<InvoiceKey>& by) {
  return by ? bytes + keys::Claim(*by) : bytes;
}

// The rest of `bytes`; false: neither empty nor an invoice.
bool TakeBy(std::string_view bytes, std::optional<InvoiceKey>& by) {
  if (!bytes.empty()) by = keys::ParseClaim(bytes);
  return bytes.empty() || by.has_value();
}

std::optional<InvoiceRelation> DecodeRelation(std::string_view bytes) {
  const auto kind = TakeKind(bytes);
  auto original = keys::TakeInvoice(bytes);
  InvoiceRelation relation;
  if (!kind || !original || !TakeBy(bytes, relation.by)) return std::nullopt;
  relation.kind = *kind;
  relation.original = *std::move(original);
  return relation;
}

std::optional<FollowerEntry> DecodeFollower(std::string_view bytes) {
  const auto kind = TakeKind(bytes);
  auto id = TakeString(bytes);
  FollowerEntry follower;
  if (!kind || !id || !TakeBy(bytes, follower.by)) return std::nullopt;
  follower.kind = *kind;
  follower.gateway_id = MessageId::Trusted(*std::move(id));
  return follower;
}

// The place among the claims, looked for from `from` on: codes stand in the order of their invoices.
size_t PlaceOf(const InvoiceKey& invoice, const std::vector<InvoiceKey>& claims, size_t from) {
  for (size_t step = 0; step < claims.size(); ++step) {
    const size_t place = (from + step) % claims.size();
    if (claims[place] == invoice) return place;
  }
  return claims.size();
}

}  // namespace

void EncodeHistory(const MessageMeta& meta, TaggedWriter& out) {
  for (const InvoiceRelation& relation : meta.relations)
    out.Bytes(kRelation, WithBy(static_cast<char>(relation.kind) + keys::Claim(relation.original), relation.by));
  size_t place = 0;
  for (const RegisterCode& code : meta.codes) {
    place = PlaceOf(code.invoice, meta.claims, place);
    out.Bytes(kCode, U64(place) + code.code);
  }
}

bool DecodeHistory(const TaggedField& field, MessageMeta& meta, bool& good) {
  if (field.tag == kRelation) {
    auto relation = DecodeRelation(field.bytes);
    good = good && relation.has_value();
    if (relation) meta.relations.push_back(*std::move(relation));
    return true;
  }
  if (field.tag != kCode) return false;
  const auto place = ReadU64(field.bytes.substr(0, 8));
  good = good && place && *place < meta.claims.size();
  if (good) meta.codes.push_back({std::string(field.bytes.substr(8)), meta.claims[*place]});
  return true;
}

std::string Encode(const std::vector<FollowerEntry>& followers) {
  TaggedWriter out;
  for (const FollowerEntry& follower : followers) {
    std::string bytes(1, static_cast<char>(follower.kind));
    AppendString(bytes, follower.gateway_id.value());
    out.Bytes(follower.released ? kReleased : kLive, WithBy(std::move(bytes), follower.by));
  }
  return out.Take();
}

Result<std::vector<FollowerEntry>> DecodeFollowers(std::string_view bytes) {
  std::vector<FollowerEntry> followers;
  bool good = true;
  const Status read = ReadTagged(bytes, [&](const TaggedField& f) {
    if (f.tag != kLive && f.tag != kReleased) return;
    auto follower = DecodeFollower(f.bytes);
    good = good && follower.has_value();
    if (!follower) return;
    follower->released = f.tag == kReleased;
    followers.push_back(*std::move(follower));
  });
  if (!read.ok() || !good || followers.empty()) return codec::Damaged("followers");
  return followers;
}

std::string EncodeRanges(const std::vector<std::string>& ranges) {
  TaggedWriter out;
  for (const std::string& range : ranges) out.Bytes(1, range);
  return out.Take();
}

Result<std::vector<std::string>> DecodeRanges(std::string_view bytes) {
  std::vector<std::string> ranges;
  const Status read = ReadTagged(bytes, [&](const TaggedField& f) {
    if (f.tag == 1) ranges.push_back(f.String());
  });
  if (!read.ok() || ranges.empty()) return codec::Damaged("ranges");
  return ranges;
}

}  // namespace tvan
