#pragma once
// Records as bytes: tagged fields (gateway/core/tagged.h), the one encoding of every backend. Tags are written down in
// store/rocksdb/FORMAT.md; a tag is never reused, an unknown one is skipped. What is decoded is checked: damage
// answers store.damaged, never a crash. Pure functions.

#include <string>
#include <string_view>
#include <vector>

#include "store/operations.h"

namespace tvan {

// The meta record: MessageMeta and what only the store needs.
struct StoredMessage {
  MessageMeta meta;
  uint64_t accepted_sequence = 0;  // of the durable act that accepted it
  uint32_t events = 1;             // length of the event log; the first, kAccepted, is folded into this record
  uint64_t last_item = 0;          // of its provider's mailbox; 0: none, or not known
};
std::string Encode(const StoredMessage& message);
Result<StoredMessage> DecodeMessage(std::string_view bytes);

std::string Encode(const Event& event);
Result<Event> DecodeEvent(std::string_view bytes);

// A payload record is a head (receipt and 999) in front of the payload's bytes, so that one value holds all; packed
// (pack.h) where that makes it shorter, with a dictionary if the store was opened so.
struct PayloadParts {
  std::string receipt, ack999, payload;
};
std::string EncodePayload(std::string_view receipt, std::string_view ack999, std::string_view payload,
                          uint32_t dictionary = 0);
SharedBytes PayloadRecord(const NewMessage& message, uint32_t dictionary = 0);
Result<PayloadParts> DecodePayload(std::string_view record);

// The messages that filed one invoice, newest last. At most kMostHolders are kept.
struct ClaimEntry {
  MessageId gateway_id;
  bool released = false;
};
inline constexpr size_t kMostHolders = 16;
std::string Encode(const std::vector<ClaimEntry>& holders);
Result<std::vector<ClaimEntry>> DecodeClaims(std::string_view bytes);

// The messages that replace, adjust or cancel one invoice, newest last. At most kMostFollowers are kept; a released one
// makes room first.
struct FollowerEntry {
  RelationKind kind = RelationKind::kReplaces;
  MessageId gateway_id;
  std::optional<InvoiceKey> by;  // as in InvoiceRelation
  bool released = false;
};
inline constexpr size_t kMostFollowers = 64;
std::string Encode(const std::vector<FollowerEntry>& followers);
Result<std::vector<FollowerEntry>> DecodeFollowers(std::string_view bytes);

// The ranges of cash-register codes of one taxpayer, newest last.
inline constexpr size_t kMostRanges = 64;
std::string EncodeRanges(const std::vector<std::string>& ranges);
Result<std::vector<std::string>> DecodeRanges(std::string_view bytes);

struct AnswerRecord {
  IncomingAnswer answer;               // bytes, effects, deliveries and own 999 left empty
  uint64_t number = 0;                 // dense over the store
  uint64_t sequence = 0;               // of the durable act that stored it
  std::vector<std::string> positions;  // where it was seen, first one first
  uint32_t references = 0;             // messages and mailbox items that need it; 0: not known
};
inline constexpr size_t kMostPositions = 16;
std::string Encode(const AnswerRecord& record);
Result<AnswerRecord> DecodeAnswer(std::string_view bytes);

std::string Encode(const MailboxItem& item);
Result<MailboxItem> DecodeMailboxItem(std::string_view bytes);

std::string Encode(const OperatorRecord& record);
Result<OperatorRecord> DecodeRecord(std::string_view bytes);

std::string Encode(const Rejection& rejection);
Result<Rejection> DecodeRejection(std::string_view bytes);

struct Own999Entry {
  MessageId id;
  std::string bytes;
};
std::string Encode(const Own999Entry& entry);
Result<Own999Entry> DecodeOwn999(std::string_view bytes);

// The value under an idempotency key when it is no message's id.
std::string Encode(const Voided& voided);
bool IsVoided(std::string_view bytes);
Result<Voided> DecodeVoided(std::string_view bytes);

// A queue entry names its message; the time is kept with it so that the oldest is known without the message.
struct QueueEntry {
  MessageId gateway_id;
  Time accepted_at;
};
std::string Encode(const QueueEntry& entry);
Result<QueueEntry> DecodeQueueEntry(std::string_view bytes);

struct QueueCount {
  uint64_t messages = 0, bytes = 0;
};
std::string Encode(const QueueCount& count);
Result<QueueCount> DecodeQueueCount(std::string_view bytes);

// What was accepted of a provider on a day (+07:00, days since 1970-01-01).
struct DayCount {
  int32_t day = 0;
  uint64_t messages = 0, bytes = 0;
};
std::string Encode(const DayCount& count);
Result<DayCount> DecodeDayCount(std::string_view bytes);

}  // namespace tvan
