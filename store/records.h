#pragma once
// The records that the store keeps and answers: plain values shared by every implementation.
// Wall times are UTC microseconds. Payload bytes are the sender's and never change.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/core/envelope.h"
#include "gateway/core/ids.h"
#include "gateway/core/position.h"
#include "gateway/core/time.h"
#include "gateway/core/wrapping.h"
#include "store/history.h"
#include "store/stages.h"

namespace tvan {

using SharedBytes = std::shared_ptr<const std::string>;

// One entry of a message's append-only event log.
struct Event {
  EventKind kind = EventKind::kAccepted;
  Time at;
  uint64_t sequence = 0;  // of the durable batch, set by the store
  uint32_t attempt = 0;   // kAttempt .. kSearched
  std::string reason;     // room.what, or empty
  std::string detail;     // short text for people, never payload
  std::string answer_id;  // kAcknowledged, kAnswer, kAnswerRepeated: key of the answer
  std::string proof;      // kWithdrawn: what the provider holds, sealed before the act (JWS)
};

// What Accept writes in one durable act (DESIGN section 3, step 4).
struct NewMessage {
  IdempotencyKey key;
  MessageId gateway_id;         // our MTDiep, derived before Accept
  std::string provider_mtdiep;  // MTDiep of the submitted TDiep; empty for a bare HDon
  std::string provider_mngui;   // MNGui as submitted (or the provider's tax code): MNNhan of what goes back
  Sha256 digest, sent_digest;   // of the submitted bytes; of the bytes as they will be rendered for the authority
  MessageClass cls = MessageClass::kUncoded;
  bool same_day = false;  // due the day it was accepted, whatever its class
  int mltdiep = 0;
  TaxCode mst;
  WrappingPlan plan;
  SharedBytes payload;                     // the submitted bytes, byte-order mark excluded
  std::vector<InvoiceKey> claims;          // invoices this message files; exclusive across providers
  std::vector<InvoiceKey> refers;          // invoices it names and must not overtake
  std::vector<InvoiceRelation> relations;  // what it does to earlier invoices, and says of them
  std::vector<RegisterCode> codes;         // of its claims; exclusive as they are
  Time accepted_at;
  std::string contract_version, profile;  // what decided allow; the field tables that judged it ("qd1271@9f86d0818c44")
  std::vector<std::string> signature_marks;  // allowances that its signatures needed, as the receipt names them; sorted
  std::string receipt, ack999;  // sealed receipt (JWS), 999 for the provider: returned again for a repeated submit
};

struct AcceptAnswer {
  enum class Outcome {
    kAccepted,
    kAlreadyAccepted,  // same key, same bytes: receipt and ack999 are those of the first acceptance
    kOtherBytes,       // same key, other bytes: first_digest says which were accepted; nothing written
    kInvoiceClaimed,   // an invoice key is taken by another open or answered message; nothing written
    kContradicted,     // only the history speaks against it (judge.h); nothing written
    kGatewayIdTaken,   // our MTDiep exists for another submission; nothing written (a broken key: alarm)
    kVoided,           // the key was voided, whatever the bytes: proof and proof_at say when; nothing written
    kWithdrawn,        // same key, same bytes, but its provider took the message back: likewise
    kPurged,           // same key, same bytes, accepted so long ago that its receipt was removed
  };
  Outcome outcome = Outcome::kAccepted;
  MessageId gateway_id;
  std::string receipt, ack999;
  Sha256 first_digest;
  Time accepted_at;
  std::vector<HistoryFinding> conflicts;  // kInvoiceClaimed, kContradicted: every one
  StorePosition position;
  uint64_t acceptance = 0;  // order of acceptance over the store, dense
  std::string proof;        // kVoided, kWithdrawn: the sealed proof
  Time proof_at;
};

// What dispatch needs of a message without its payload.
struct MessageMeta {
  IdempotencyKey key;
  MessageId gateway_id;
  std::string provider_mtdiep, provider_mngui;
  Sha256 digest, sent_digest;
  MessageClass cls = MessageClass::kUncoded;
  bool same_day = false;
  int mltdiep = 0;
  TaxCode mst;
  WrappingPlan plan;
  std::vector<InvoiceKey> claims, refers;
  std::vector<InvoiceRelation> relations;  // the kept ones (IsKept)
  std::vector<RegisterCode> codes;
  Time accepted_at;
  std::string contract_version, profile;
  std::vector<std::string> signature_marks;
  uint64_t acceptance = 0, payload_size = 0;
  Stage stage = Stage::kQueued;
  uint32_t attempts = 0;  // recorded so far
  Time stage_since, last_attempt_at;
  Time last_not_after;       // of the last attempt
  uint32_t turned_back = 0;  // the attempt, in flight, that a system code already turned back; 0: none
  std::string last_line;     // of the last attempt
  std::string search_from;   // position on that line before the first attempt
  std::string reason;        // why held, in doubt, or a work item
  bool restored = false;     // may have been sent in a life of the store that was lost (recovery.h)
  Time purged_at;            // only this record is left of it (purge.h); 0: all is there
  const ProviderId& provider() const { return key.provider; }
  bool purged() const { return purged_at.us != 0; }
};

struct MessageView {
  MessageMeta meta;
  std::vector<Event> events;
  std::string receipt, ack999;
};

}  // namespace tvan
