// Accept: idempotency, ids, claims, and the one act that makes a message durable.
#include "store/keys.h"
#include "store/ledger.h"

namespace tvan {
namespace {

// Longest text that becomes part of a key. Edges allow far less.
constexpr size_t kMostKeyText = 1024;

Status CheckKeys(const NewMessage& m) {
  bool good = !m.key.provider.empty() && !m.gateway_id.empty() && m.payload != nullptr &&
              m.key.provider.value().size() <= kMostKeyText && m.key.value.size() <= kMostKeyText;
  for (const auto* list : {&m.claims, &m.refers})
    for (const InvoiceKey& k : *list)
      good = good && k.mst.value().size() + k.khmshdon.size() + k.khhdon.size() + k.shdon.size() <= kMostKeyText;
  if (good) return {};
  return Status::Permanent("store.argument"_reason,
                           "a message without provider, id or payload, or with oversized keys");
}

StoredMessage NewStored(const NewMessage& n, uint64_t acceptance, uint64_t sequence) {
  StoredMessage stored;
  MessageMeta& m = stored.meta;
  m.key = n.key;
  m.gateway_id = n.gateway_id;
  m.provider_mtdiep = n.provider_mtdiep;
  m.provider_mngui = n.provider_mngui;
  m.digest = n.digest;
  m.sent_digest = n.sent_digest;
  m.cls = n.cls;
  m.mltdiep = n.mltdiep;
  m.mst = n.mst;
  m.plan = n.plan;
  m.claims = n.claims;
  m.refers = n.refers;
  m.accepted_at = n.accepted_at;
  m.contract_version = n.contract_version;
  m.acceptance = acceptance;
  m.payload_size = n.payload->size();
  m.stage_since = n.accepted_at;
  stored.accepted_sequence = sequence;
  return stored;
}

}  // namespace

Result<AcceptAnswer> Ledger::Accept(const NewMessage& message, const SharedBytes& record) {
  if (Status s = CheckKeys(message); !s.ok()) return s;
  if (auto first = writes_.Get(Family::kIndex, keys::Idempotency(message.key)))
    return Repeated(message, record, *first);
  AcceptAnswer refused;
  refused.gateway_id = message.gateway_id;
  refused.position = {options_.incarnation, sequence_ - 1};
  if (writes_.Has(Family::kMeta, message.gateway_id.value())) {
    refused.outcome = AcceptAnswer::Outcome::kGatewayIdTaken;
    return refused;
  }
  refused.conflicts = Conflicts(message);
  if (!refused.conflicts.empty()) {
    refused.outcome = AcceptAnswer::Outcome::kInvoiceClaimed;
    return refused;
  }
  if (Status s = Room(message); !s.ok()) return s;
  return Write(message, record);
}

Result<AcceptAnswer> Ledger::Repeated(const NewMessage& message, const SharedBytes& record,
                                      const std::string& first_id) {
  if (IsVoided(first_id)) return AcceptVoided(message, first_id);
  auto first = Load(MessageId::Trusted(first_id));
  if (!first.ok()) return writes_.Fail(first.status()), first.status();
  AcceptAnswer answer;
  answer.gateway_id = first->meta.gateway_id;
  answer.first_digest = first->meta.digest;
  answer.accepted_at = first->meta.accepted_at;
  answer.acceptance = first->meta.acceptance;
  answer.position = {options_.incarnation, first->accepted_sequence};
  answer.outcome = AcceptAnswer::Outcome::kOtherBytes;
  if (first->meta.digest != message.digest) return answer;
  if (first->meta.stage == Stage::kWithdrawn) {
    auto withdrawal = WithdrawalOf(*first);
    if (!withdrawal.ok()) return writes_.Fail(withdrawal.status()), withdrawal.status();
    answer.outcome = AcceptAnswer::Outcome::kWithdrawn;
    answer.proof = std::move(withdrawal->proof);
    answer.proof_at = withdrawal->at;
    return answer;
  }
  if (first->meta.purged()) {
    answer.outcome = AcceptAnswer::Outcome::kPurged;
    return answer;
  }
  answer.outcome = AcceptAnswer::Outcome::kAlreadyAccepted;
  auto payload = writes_.Get(Family::kPayload, U64(first->meta.acceptance));
  auto parts = DecodePayload(payload ? *payload : std::string());
  if (!parts.ok()) return writes_.Fail(parts.status()), parts.status();
  if (parts->receipt.empty() && !message.receipt.empty()) {  // lost in a salvage: the same bytes bring it back
    writes_.Put(Family::kPayload, U64(first->meta.acceptance), {}, record);
    parts->receipt = message.receipt;
    parts->ack999 = message.ack999;
  }
  answer.receipt = std::move(parts->receipt);
  answer.ack999 = std::move(parts->ack999);
  return answer;
}

std::vector<InvoiceKey> Ledger::Conflicts(const NewMessage& message) {
  std::vector<InvoiceKey> conflicts;
  for (const InvoiceKey& key : message.claims) {
    const auto holders = Holders(key);
    if (!holders.empty() && !holders.back().released) conflicts.push_back(key);
  }
  return conflicts;
}

Status Ledger::Room(const NewMessage& message) {
  if (options_.buffer_limit_bytes == 0) return {};
  const uint64_t waiting = writes_.Number(Family::kControl, keys::kWaitingBytes);
  if (waiting + message.payload->size() <= options_.buffer_limit_bytes) return {};
  return Status::Transient("store.full"_reason, "the buffer holds " + std::to_string(waiting) + " bytes of at most " +
                                                    std::to_string(options_.buffer_limit_bytes));
}

AcceptAnswer Ledger::Write(const NewMessage& message, const SharedBytes& record) {
  const uint64_t acceptance = writes_.Add(Family::kControl, keys::kAcceptance, 1);
  StoredMessage stored = NewStored(message, acceptance, sequence_);
  const std::string& id = message.gateway_id.value();
  writes_.Put(Family::kMeta, id, Encode(stored));
  writes_.Put(Family::kPayload, U64(acceptance), {}, record);
  writes_.Put(Family::kIndex, keys::Idempotency(message.key), id);
  writes_.Put(Family::kIndex, keys::DigestEntry(message.digest, acceptance), id);
  writes_.Put(Family::kIndex, keys::SentDigest(message.sent_digest), id);
  writes_.Put(Family::kIndex, keys::ListEntry(message.key.provider, acceptance), id);
  writes_.Add(Family::kControl, keys::ProviderCount(message.key.provider), 1);
  for (const InvoiceKey& key : message.claims) TakeClaim(key, message.gateway_id);
  Enter(stored.meta);
  if (AnswersAreParked(stored.meta)) AnswersWait(stored, message.accepted_at);
  AcceptAnswer answer;
  answer.gateway_id = message.gateway_id;
  answer.receipt = message.receipt;
  answer.ack999 = message.ack999;
  answer.first_digest = message.digest;
  answer.accepted_at = message.accepted_at;
  answer.position = {options_.incarnation, sequence_};
  answer.acceptance = acceptance;
  return answer;
}

std::vector<ClaimEntry> Ledger::Holders(const InvoiceKey& key) {
  auto bytes = writes_.Get(Family::kClaim, keys::Claim(key));
  if (!bytes) return {};
  auto holders = DecodeClaims(*bytes);
  if (!holders.ok()) return writes_.Fail(holders.status()), std::vector<ClaimEntry>();
  return std::move(holders).value();
}

void Ledger::TakeClaim(const InvoiceKey& key, const MessageId& id) {
  auto holders = Holders(key);
  if (!holders.empty() && holders.back().gateway_id == id) return;  // named twice in one message
  if (holders.size() >= kMostHolders) holders.erase(holders.begin());
  holders.push_back({id, false});
  writes_.Put(Family::kClaim, keys::Claim(key), Encode(holders));
}

void Ledger::SetReleased(const InvoiceKey& key, const MessageId& id, bool released) {
  auto holders = Holders(key);
  // Only the newest holder decides whether a key is free; an older one has lost it for good.
  if (holders.empty() || holders.back().gateway_id != id || holders.back().released == released) return;
  holders.back().released = released;
  writes_.Put(Family::kClaim, keys::Claim(key), Encode(holders));
}

}  // namespace tvan
