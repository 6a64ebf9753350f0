#include "store/keys.h"

#include <algorithm>
#include <initializer_list>

namespace tvan {
namespace {

constexpr size_t kLongString = 0xffff;

std::string WithStrings(char kind, std::initializer_list<std::string_view> texts) {
  std::string key(1, kind);
  for (std::string_view text : texts) AppendString(key, text);
  return key;
}

void AppendU64(std::string& key, uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(value >> shift));
}

std::string WithNumber(std::string key, uint64_t number) {
  AppendU64(key, number);
  return key;
}

}  // namespace

std::string U64(uint64_t value) { return WithNumber({}, value); }

std::optional<uint64_t> ReadU64(std::string_view bytes) {
  if (bytes.size() != 8) return std::nullopt;
  uint64_t value = 0;
  for (char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

std::optional<uint64_t> TailU64(std::string_view key) {
  if (key.size() < 8) return std::nullopt;
  return ReadU64(key.substr(key.size() - 8));
}

void AppendString(std::string& key, std::string_view text) {
  const size_t size = std::min(text.size(), kLongString);
  key.push_back(static_cast<char>(size >> 8));
  key.push_back(static_cast<char>(size));
  if (size == kLongString) AppendU64(key, text.size());
  key.append(text);
}

std::optional<std::string> TakeString(std::string_view& key) {
  if (key.size() < 2) return std::nullopt;
  const size_t size = static_cast<size_t>(static_cast<uint8_t>(key[0])) << 8 | static_cast<uint8_t>(key[1]);
  if (size == kLongString || key.size() - 2 < size) return std::nullopt;
  std::string text(key.substr(2, size));
  key.remove_prefix(2 + size);
  return text;
}

std::string ReferenceOf(const Sha256& sent_digest) { return "sha256:" + sent_digest.Hex(); }

namespace keys {

std::string QueueCounter(const QueueKey& queue) {
  std::string key = WithStrings('Q', {queue.provider.value()});
  key.push_back(static_cast<char>(queue.cls));
  return key;
}

std::optional<QueueKey> ParseQueueCounter(std::string_view key) {
  key.remove_prefix(std::min<size_t>(1, key.size()));
  auto provider = TakeString(key);
  if (!provider || key.size() != 1) return std::nullopt;
  return QueueKey{ProviderId::Trusted(std::move(*provider)), static_cast<MessageClass>(key[0])};
}

std::string StageCounter(Stage stage) { return std::string("S") + static_cast<char>(stage); }

std::string MailboxEnd(const ProviderId& provider, std::string_view subscription) {
  return WithStrings('E', {provider.value(), subscription});
}

std::string Acknowledgement(const ProviderId& provider, std::string_view subscription) {
  return WithStrings('A', {provider.value(), subscription});
}

std::string MailboxPurged(const ProviderId& provider, std::string_view subscription) {
  return WithStrings('D', {provider.value(), subscription});
}

std::string RejectionCount(const ProviderId& provider) { return WithStrings('R', {provider.value()}); }

std::string ProviderCount(const ProviderId& provider) { return WithStrings('P', {provider.value()}); }

std::string DayCountOf(const ProviderId& provider, uint8_t place) {
  return WithStrings('T', {provider.value()}) + static_cast<char>(place);
}

std::optional<ProviderId> ParseProvider(std::string_view control_key) {
  control_key.remove_prefix(std::min<size_t>(1, control_key.size()));
  auto provider = TakeString(control_key);
  if (!provider) return std::nullopt;
  return ProviderId::Trusted(std::move(*provider));
}

std::string LinePosition(const LineId& line) { return WithStrings('L', {line.value()}); }

std::string EventOf(uint64_t acceptance, uint32_t number) {
  std::string key = U64(acceptance);
  for (int shift = 24; shift >= 0; shift -= 8) key.push_back(static_cast<char>(number >> shift));
  return key;
}

std::string QueueOf(const QueueKey& queue) {
  std::string key = WithStrings('q', {queue.provider.value()});
  key.push_back(static_cast<char>(queue.cls));
  return key;
}
std::string QueueEntry(const QueueKey& queue, uint64_t acceptance) { return WithNumber(QueueOf(queue), acceptance); }

std::string StageOf(Stage stage) { return std::string("s") + static_cast<char>(stage); }
std::string StageEntry(Stage stage, uint64_t acceptance) { return WithNumber(StageOf(stage), acceptance); }

std::string Parked(uint64_t answer_number) { return WithNumber(kParked, answer_number); }
std::string Undecided(uint64_t answer_number) { return WithNumber(kUndecided, answer_number); }
std::string Own999(uint64_t answer_number) { return WithNumber(kOwn999, answer_number); }
std::string Join(uint64_t acceptance) { return WithNumber(kJoin, acceptance); }
std::string Own999Id(const MessageId& id) { return WithStrings('U', {id.value()}); }

std::string Idempotency(const IdempotencyKey& key) {
  std::string out = WithStrings('k', {key.provider.value()});
  out.push_back(static_cast<char>(key.kind));
  return out + key.value;
}

std::string DigestOf(const Sha256& digest) { return std::string("d").append(digest.view()); }
std::string DigestEntry(const Sha256& digest, uint64_t acceptance) { return WithNumber(DigestOf(digest), acceptance); }

std::string SentDigest(const Sha256& digest) { return std::string("s").append(digest.view()); }

std::string RejectionsOf(const ProviderId& provider) { return WithStrings('r', {provider.value()}); }
std::string RejectionEntry(const ProviderId& provider, uint64_t place) {
  return WithNumber(RejectionsOf(provider), place);
}

std::string ListOf(const ProviderId& provider) { return WithStrings('l', {provider.value()}); }
std::string ListEntry(const ProviderId& provider, uint64_t acceptance) {
  return WithNumber(ListOf(provider), acceptance);
}

std::optional<Sha256> DigestOfReference(const std::string& reference) {
  if (reference.rfind("sha256:", 0) != 0) return std::nullopt;
  auto digest = ParseSha256Hex(reference.substr(7));
  return digest.ok() ? std::optional<Sha256>(*digest) : std::nullopt;
}
std::string ParkedOf(std::string_view reference) { return WithStrings('a', {reference}); }
std::string ParkedEntry(std::string_view reference, uint64_t answer_number) {
  return WithNumber(ParkedOf(reference), answer_number);
}
std::string ParkedCount(std::string_view reference) { return WithStrings('A', {reference}); }

std::string MarksOf(const LineId& line) { return WithStrings('t', {line.value()}); }
std::string Mark(const LineId& line, Time bucket) {
  return WithNumber(MarksOf(line), static_cast<uint64_t>(std::max<int64_t>(bucket.us, 0)));
}

std::string Claim(const InvoiceKey& invoice) {
  std::string key;
  AppendString(key, invoice.mst.value());
  AppendString(key, invoice.khmshdon);
  AppendString(key, invoice.khhdon);
  AppendString(key, invoice.shdon);
  return key;
}

std::optional<InvoiceKey> ParseClaim(std::string_view key) {
  auto invoice = TakeInvoice(key);
  return key.empty() ? invoice : std::nullopt;
}

std::optional<InvoiceKey> TakeInvoice(std::string_view& bytes) {
  auto mst = TakeString(bytes), khmshdon = TakeString(bytes), khhdon = TakeString(bytes), shdon = TakeString(bytes);
  if (!mst || !khmshdon || !khhdon || !shdon) return std::nullopt;
  return InvoiceKey{TaxCode::Trusted(std::move(*mst)), std::move(*khmshdon), std::move(*khhdon), std::move(*shdon)};
}

std::string CodeClaim(std::string_view register_code) { return WithStrings(kCodeClaims, {register_code}); }
std::string Followers(const InvoiceKey& original) { return kAllFollowers + Claim(original); }
std::string Ranges(const TaxCode& mst) { return WithStrings('g', {mst.value()}); }

std::optional<RegisterRange> TakeRange(std::string_view bytes) {
  bytes.remove_prefix(std::min<size_t>(1, bytes.size()));
  auto mst = TakeString(bytes);
  if (!mst) return std::nullopt;
  return RegisterRange{TaxCode::Trusted(*std::move(mst)), std::string(bytes)};
}

std::string MailboxOf(const ProviderId& provider, std::string_view subscription) {
  return WithStrings('m', {provider.value(), subscription});
}
std::string MailboxEntry(const ProviderId& provider, std::string_view subscription, uint64_t sequence) {
  return WithNumber(MailboxOf(provider, subscription), sequence);
}

std::string NewestOf(std::string_view kind) { return WithStrings('h', {kind}); }
std::string Newest(std::string_view kind, std::string_view id) { return WithStrings('h', {kind, id}); }
std::string VersionsOf(std::string_view kind, std::string_view id) { return WithStrings('v', {kind, id}); }
std::string Version(std::string_view kind, std::string_view id, uint64_t version) {
  return WithNumber(VersionsOf(kind, id), version);
}
std::string Audit(uint64_t sequence) { return WithNumber(kAudit, sequence); }

}  // namespace keys
}  // namespace tvan
