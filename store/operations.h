#pragma once
// The arguments and answers of the store's operations; plain values.

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "store/answers.h"
#include "store/records.h"
#include "store/recovery.h"
#include "store/retention.h"
#include "store/withdrawals.h"

namespace tvan {

// Who may settle and take: (incarnation, counter). A newer owner's fence makes older ones fail.
struct Fence {
  std::string incarnation;
  uint64_t counter = 0;
};

struct AttemptIntent {
  MessageId gateway_id;
  Time at;
  Time not_after;  // P6: re-checked right before the write
  LineId line;
  std::string search_from;                   // where a search for its answer begins; kept from the first attempt
  std::optional<Stage> from = std::nullopt;  // recorded only in this stage, else store.stage (permanent)
  std::string contract{};  // versions that let it leave, where they are not those of its acceptance; for its event
};

struct Settlement {
  enum class Outcome { kSent, kNotSent, kInDoubt };
  MessageId gateway_id;
  uint32_t attempt = 0;  // the attempt this settles; an older one changes nothing
  Outcome outcome = Outcome::kInDoubt;
  Time at;
  std::string reason, detail;
};

// A change of stage outside of attempts and answers.
struct StageChange {
  MessageId gateway_id;
  EventKind event = EventKind::kHeld;  // kHeld, kReleased, kSearched, kSilent, kWorkItem, kInDoubt, kResolved
  std::optional<Stage> from;           // applied only in this stage, else store.stage (permanent)
  std::optional<Stage> to;             // none: only the event is appended; never kWithdrawn (Store::Withdraw)
  Time at;
  std::string reason, detail;
};

struct QueueKey {
  ProviderId provider;
  MessageClass cls = MessageClass::kUncoded;
  friend auto operator<=>(const QueueKey&, const QueueKey&) = default;
};
// Where messages stand in order of acceptance: one queue, or one stage.
using Listing = std::variant<QueueKey, Stage>;
struct DamagedPlace {
  uint64_t acceptance = 0;
  MessageId gateway_id;  // empty: the queue's own entry is what cannot be read
};
struct QueueDepth {
  QueueKey key;
  uint64_t messages = 0, bytes = 0;
  Time oldest_accepted_at;
};

struct Measures {
  std::vector<QueueDepth> queues;  // kQueued, per (provider, class)
  std::vector<std::pair<Stage, uint64_t>> stages;
  std::vector<std::pair<ProviderId, uint64_t>> undelivered;  // mailbox items not acknowledged
  uint64_t parked = 0, own_999_waiting = 0;
  uint64_t accepted_total = 0, answers_total = 0;
  uint64_t purged_total = 0;   // messages of which only a tombstone is left; counted by no stage
  uint64_t waiting_bytes = 0;  // payloads that count against the buffer's limit
};

// What was accepted of a provider on one day, also if it was withdrawn since; counted in the act that accepts. Of the
// last 40 days: an older one may be forgotten.
struct DayTotal {
  uint64_t messages = 0, bytes = 0;
};

struct FindBy {
  enum class Kind { kProviderKey, kGatewayId, kInvoiceKey, kDigest, kSentDigest };
  Kind kind = Kind::kGatewayId;
  IdempotencyKey provider_key;  // kProviderKey
  MessageId gateway_id;
  InvoiceKey invoice;
  Sha256 digest;  // kDigest: of the submitted bytes; kSentDigest: of the bytes for the authority
};
struct Found {
  std::vector<MessageView> messages;  // newest first, at most 16; of any provider: the caller checks whose
  std::optional<Voided> voided;       // kProviderKey: nothing was accepted under it, nor will be
  StorePosition as_of;                // "not seen" is true as of here
};

struct ListFilter {
  ProviderId provider;  // empty: all (operators)
  std::optional<Stage> stage;
  std::optional<MessageClass> cls;
  uint64_t after_acceptance = 0;
  uint32_t limit = 100;         // at most 1000
  uint32_t scan_limit = 10000;  // entries looked at, at least 1 per provider; more cannot be asked for
};
struct Listed {
  std::vector<MessageMeta> messages;
  uint64_t next_after = 0;  // after_acceptance of the next page
  bool more = false;        // there may be a next page
};

}  // namespace tvan
