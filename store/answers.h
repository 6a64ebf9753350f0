#pragma once
// Answers, mailboxes and operators' records as the store keeps them.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/records.h"

namespace tvan {

// What an answer does to one message, decided by feedback before the durable act.
struct AnswerEffect {
  MessageId gateway_id;
  EventKind event = EventKind::kAnswer;  // kAcknowledged, kAnswer or kWorkItem
  std::optional<Stage> stage;            // applied only if it moves forward (see Store::ReceiveAnswers)
  bool back_to_queue = false;            // a system code: to its queue's head, or in doubt after several attempts
  std::string reason, detail;
  // Invoices the authority did not keep: key and code are free again, and what they did to others does not count. Of a
  // notice: those it named in vain.
  std::vector<InvoiceKey> released_claims;
};

// What one provider gets of an answer: an item of its mailbox `main`.
struct Delivery {
  ProviderId provider;
  std::string provider_reference;  // its MTDiep or client_reference; empty for unasked types
  MessageId gateway_id;            // empty for unasked types
  std::string rewrapped;           // the answer as a TDiep for the provider (MTDTChieu = its MTDiep)
};

inline constexpr const char* kVerified = "VERIFIED";

// What of an answer did not count when it was taken, for want of a signature that verifies.
enum class Undecided : uint8_t { kNothing = 0, kRange = 1, kEverything = 2 };  // kRange: facts of a taxpayer too

struct IncomingAnswer {
  std::string answer_id;  // our key of the answer: SHA-256 hex of its bytes
  LineId line;
  std::string position;  // on the line, opaque
  SharedBytes bytes;     // the authority's bytes
  int mltdiep = 0;
  std::string authority_mtdiep, mtdtchieu;
  Time received_at;
  std::string parsed;      // the parsed result, encoded by feedback; opaque here
  std::string annotation;  // kVerified, UNVERIFIED(reason) or UNSIGNED
  std::vector<AnswerEffect> effects;
  std::vector<Delivery> deliveries;
  std::string parked_reason;  // not empty: nobody's; kept under its MTDTChieu
  // Of a parked answer: the message it answers, by our MTDiep or keys::ReferenceOf; when that message is accepted they
  // are joined. Empty: none.
  std::string reference;
  std::optional<RegisterRange> register_range;  // of an accepted 103
  Undecided undecided = Undecided::kNothing;    // listed until a later reading leaves less of it open
  // Our own 999 that goes up for it, queued in the same act; empty id: none for this type.
  MessageId own_999_id;
  std::string own_999;  // rendered bytes, ready for the line
};

struct ReceiveReport {
  uint32_t stored = 0;     // new answers
  uint32_t known = 0;      // same bytes seen before: no second delivery; a new position appends kAnswerRepeated
  uint32_t delivered = 0;  // mailbox items appended
  uint32_t parked = 0;
  uint32_t joined = 0;   // parked before, with their message now
  uint32_t decided = 0;  // known, and less is undecided now: took effect, and were delivered once more
};
// IncomingAnswer::reference, where only the bytes that it returns say whose it is.
std::string ReferenceOf(const Sha256& sent_digest);

struct StoredAnswer {
  IncomingAnswer answer;  // effects, deliveries and own_999 left empty
  StorePosition stored_at;
};

// Undecided answers in the order in which they came.
struct UndecidedPage {
  std::vector<StoredAnswer> answers;
  uint64_t next_after = 0;
  bool more = false;
};

struct MailboxItem {
  uint64_t sequence = 0;  // dense from 1 per (provider, subscription)
  std::string answer_id;
  MessageId gateway_id;
  std::string provider_reference, rewrapped;
  Time at;
};

// A record that operators change: contracts, windows, the line's phase, switches. Versions are kept for ever.
struct OperatorRecord {
  std::string kind;  // "provider_contract", "mandate", "window", "phase", "switch"
  std::string id;
  uint64_t version = 0;  // 1, 2, … per (kind, id)
  Time changed_at;
  std::string author;  // operator's certificate name, or the message that caused it
  std::string reason;
  std::string body;  // encoded by the owning room (tagged.h)
  bool deleted = false;
  uint64_t audit = 0;  // its place in the audit chain, set by the store; 0: it is older than the chain
};

}  // namespace tvan
