// Accept: idempotency, ids, the history, and the one act that makes a message durable.
#include <algorithm>
#include <iterator>
#include <set>

#include "gateway/core/local_day.h"
#include "store/day_totals.h"
#include "store/keys.h"
#include "store/ledger.h"

namespace tvan {
namespace {

// Longest text that becomes part of a key. Edges allow far less.
constexpr size_t kMostKeyText = 1024;

bool IsSmall(const InvoiceKey& k) {
  return k.mst.value().size() + k.khmshdon.size() + k.khhdon.size() + k.shdon.size() <= kMostKeyText;
}

bool AreOfClaims(const std::vector<RegisterCode>& codes, const std::vector<InvoiceKey>& claims) {
  if (codes.empty()) return true;
  const std::set<InvoiceKey> known(claims.begin(), claims.end());
  return std::all_of(codes.begin(), codes.end(), [&](const RegisterCode& code) {
    return code.code.size() <= kMostKeyText && known.count(code.invoice) > 0;
  });
}

Status CheckKeys(const NewMessage& m) {
  bool good = !m.key.provider.empty() && !m.gateway_id.empty() && m.payload != nullptr &&
              m.key.provider.value().size() <= kMostKeyText && m.key.value.size() <= kMostKeyText;
  for (const auto* list : {&m.claims, &m.refers})
    for (const InvoiceKey& k : *list) good = good && IsSmall(k);
  for (const InvoiceRelation& r : m.relations) good = good && IsSmall(r.original) && (!r.by || IsSmall(*r.by));
  if (good && AreOfClaims(m.codes, m.claims)) return {};
  return Status::Permanent("store.argument"_reason,
                           "a message without provider, id or payload, with oversized keys, or a code of no claim");
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
  std::copy_if(n.relations.begin(), n.relations.end(), std::back_inserter(m.relations),
               [](const InvoiceRelation& relation) { return IsKept(relation.kind); });
  m.codes = n.codes;
  m.same_day = n.same_day;
  m.accepted_at = n.accepted_at;
  m.contract_version = n.contract_version;
  m.profile = n.profile;
  m.signature_marks = n.signature_marks;
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
  refused.conflicts = Contradictions(message);
  if (!refused.conflicts.empty()) {
    const bool claimed = refused.conflicts.front().rule == "intake.invoice_claimed"_reason;
    refused.outcome = claimed ? AcceptAnswer::Outcome::kInvoiceClaimed : AcceptAnswer::Outcome::kContradicted;
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

Status Ledger::Room(const NewMessage& message) {
  if (options_.buffer_limit_bytes == 0) return {};
  const uint64_t waiting = writes_.Number(Family::kControl, keys::kWaitingBytes);
  if (waiting + message.payload->size() <= options_.buffer_limit_bytes) return {};
  return Status::Transient("store.full"_reason, "the buffer holds " + std::to_string(waiting) + " bytes of at most " +
                                                    std::to_string(options_.buffer_limit_bytes));
}

// The place of a day long ago is taken by this one.
void Ledger::CountOnItsDay(const NewMessage& message) {
  const int32_t day = LocalDay(message.accepted_at);
  const std::string key = keys::DayCountOf(message.key.provider, PlaceOfDay(day));
  DayCount count{day, 0, 0};
  if (const auto bytes = writes_.Get(Family::kControl, key)) {
    const auto read = DecodeDayCount(*bytes);
    if (!read.ok()) return writes_.Fail(read.status());
    if (read->day == day) count = *read;
  }
  ++count.messages;
  count.bytes += message.payload->size();
  writes_.Put(Family::kControl, key, Encode(count));
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
  CountOnItsDay(message);
  TakeHistory(stored.meta);
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

}  // namespace tvan
