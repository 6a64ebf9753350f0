#pragma once
// The keys of every family. Numbers are big-endian, so that scans go in order; strings carry their length (2 bytes),
// so that no value can be mistaken for another and a prefix ends where it should. Pure functions.
// Written down in store/rocksdb/FORMAT.md; changing one is a new format version.

#include <optional>
#include <string>
#include <string_view>

#include "store/operations.h"

namespace tvan {

std::string U64(uint64_t value);                          // 8 bytes, big-endian
std::optional<uint64_t> ReadU64(std::string_view bytes);  // exactly 8 bytes
std::optional<uint64_t> TailU64(std::string_view key);    // the last 8 bytes of a key
// Length (2 bytes), text. From 65535 bytes on, which nothing stored has: ff ff, length (8 bytes), text; such a key
// names nothing and mixes with none.
void AppendString(std::string& key, std::string_view text);
// Reads one string from the front of `key` and removes it there.
std::optional<std::string> TakeString(std::string_view& key);

namespace keys {

// kControl
inline const std::string kFormat = ".format", kIncarnation = ".incarnation", kFence = ".fence", kSequence = ".sequence",
                         kAcceptance = ".acceptance", kAnswers = ".answers", kParkedCount = ".parked",
                         kOwn999Count = ".own_999", kWaitingBytes = ".waiting_bytes", kOpened = ".opened",
                         kRecovery = ".recovery", kPurged = ".purged", kHistoryFrom = ".history_from",
                         kAuditEnd = ".audit";
inline const std::string kQueueCounters = "Q", kStageCounters = "S", kMailboxEnds = "E", kAcknowledgements = "A",
                         kProviders = "P", kDayCounts = "T";
std::string QueueCounter(const QueueKey& queue);  // value: messages, bytes (2 x 8 bytes)
std::optional<QueueKey> ParseQueueCounter(std::string_view key);
std::string StageCounter(Stage stage);
std::string MailboxEnd(const ProviderId& provider, std::string_view subscription);
std::string Acknowledgement(const ProviderId& provider, std::string_view subscription);
std::string MailboxPurged(const ProviderId& provider, std::string_view subscription);  // items up to here are gone
std::string RejectionCount(const ProviderId& provider);                                // ever noted
std::string ProviderCount(const ProviderId& provider);                  // messages accepted of a provider
std::string DayCountOf(const ProviderId& provider, uint8_t place);      // of the ring of days
std::optional<ProviderId> ParseProvider(std::string_view control_key);  // of what begins with kind and provider
std::string LinePosition(const LineId& line);

// kPayload: U64(acceptance). kMeta: the gateway's MTDiep. kAnswer, kAnswerBlob: the answer id.
std::string EventOf(uint64_t acceptance, uint32_t number);

// kQueue
std::string QueueOf(const QueueKey& queue);  // prefix
std::string QueueEntry(const QueueKey& queue, uint64_t acceptance);
std::string StageOf(Stage stage);  // prefix
std::string StageEntry(Stage stage, uint64_t acceptance);
inline const std::string kParked = "p", kOwn999 = "u", kJoin = "j", kUndecided = "v";
std::string Join(uint64_t acceptance);  // messages whose parked answers are to be joined with them
std::string Parked(uint64_t answer_number);
std::string Undecided(uint64_t answer_number);
std::string Own999(uint64_t answer_number);
std::string Own999Id(const MessageId& id);

// kIndex
std::string Idempotency(const IdempotencyKey& key);
std::string DigestOf(const Sha256& digest);  // prefix
std::string DigestEntry(const Sha256& digest, uint64_t acceptance);
std::string SentDigest(const Sha256& digest);    // of the bytes for the authority; one message
std::string ListOf(const ProviderId& provider);  // prefix
std::string ListEntry(const ProviderId& provider, uint64_t acceptance);

// What an answer calls the message that it answers: our MTDiep, or ReferenceOf the bytes it returns.
std::optional<Sha256> DigestOfReference(const std::string& reference);
std::string ParkedOf(std::string_view reference);  // prefix: parked answers that name it
std::string ParkedEntry(std::string_view reference, uint64_t answer_number);
std::string ParkedCount(std::string_view reference);
std::string MarksOf(const LineId& line);  // prefix: where the line was read to, every ten minutes
std::string Mark(const LineId& line, Time bucket);
std::string RejectionsOf(const ProviderId& provider);                    // prefix
std::string RejectionEntry(const ProviderId& provider, uint64_t place);  // of the ring
std::string Ranges(const TaxCode& mst);                                  // of cash-register codes
std::optional<RegisterRange> TakeRange(std::string_view key_and_range);

// kClaim (also the form of an invoice key inside records)
std::string Claim(const InvoiceKey& invoice);
std::optional<InvoiceKey> ParseClaim(std::string_view key);
std::optional<InvoiceKey> TakeInvoice(std::string_view& bytes);  // from the front, and removes it there
// These begin with a letter, which no length of a tax code has as its first byte.
inline constexpr char kCodeClaims = 'c', kAllFollowers = 'f';
std::string CodeClaim(std::string_view register_code);
std::string Followers(const InvoiceKey& original);

// kMailbox
std::string MailboxOf(const ProviderId& provider, std::string_view subscription);  // prefix
std::string MailboxEntry(const ProviderId& provider, std::string_view subscription, uint64_t sequence);

// kRecord
std::string NewestOf(std::string_view kind);  // prefix
std::string Newest(std::string_view kind, std::string_view id);
std::string VersionsOf(std::string_view kind, std::string_view id);  // prefix
std::string Version(std::string_view kind, std::string_view id, uint64_t version);
inline const std::string kAudit = "a";
std::string Audit(uint64_t sequence);

}  // namespace keys
}  // namespace tvan
