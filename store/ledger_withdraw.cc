// Void and Withdraw: what a provider gives up. Decided between the same acceptances and attempts as everything else.
#include "store/keys.h"
#include "store/ledger.h"

namespace tvan {
namespace {

constexpr size_t kMostKeyText = 1024;  // as Accept allows

bool IsWhole(const VoidRequest& r) {
  return !r.key.provider.empty() && !r.key.value.empty() && !r.proof.empty() && r.key.value.size() <= kMostKeyText &&
         r.key.provider.value().size() <= kMostKeyText;
}

}  // namespace

Result<VoidAnswer> Ledger::Void(const VoidRequest& request) {
  if (!IsWhole(request))
    return Status::Permanent("store.argument"_reason, "a voiding without key or proof, or with an oversized key");
  const std::string key = keys::Idempotency(request.key);
  VoidAnswer answer;
  if (auto known = writes_.Get(Family::kIndex, key)) return Known(*known);
  if (request.at < options_.uncertain_until)
    return Status::Permanent("store.uncertain"_reason,
                             "the store was restored: what is unknown here may have been accepted before");
  answer.outcome = VoidAnswer::Outcome::kVoided;
  answer.voided = {request.at, {options_.incarnation, sequence_}, request.proof};
  writes_.Put(Family::kIndex, key, Encode(answer.voided));
  return answer;
}

Result<VoidAnswer> Ledger::Known(const std::string& bytes) {
  VoidAnswer answer;
  if (IsVoided(bytes)) {
    auto voided = DecodeVoided(bytes);
    if (!voided.ok()) return writes_.Fail(voided.status()), voided.status();
    answer.outcome = VoidAnswer::Outcome::kAlreadyVoided;
    answer.voided = std::move(voided).value();
    return answer;
  }
  auto message = Load(MessageId::Trusted(bytes));
  if (!message.ok()) return writes_.Fail(message.status()), message.status();
  answer.outcome = VoidAnswer::Outcome::kSeen;
  answer.message = std::move(message->meta);
  return answer;
}

Result<AcceptAnswer> Ledger::AcceptVoided(const NewMessage& message, const std::string& bytes) {
  auto voided = DecodeVoided(bytes);
  if (!voided.ok()) return writes_.Fail(voided.status()), voided.status();
  AcceptAnswer answer;
  answer.outcome = AcceptAnswer::Outcome::kVoided;
  answer.gateway_id = message.gateway_id;
  answer.position = voided->position;
  answer.proof = std::move(voided->proof);
  answer.proof_at = voided->at;
  return answer;
}

Result<WithdrawAnswer> Ledger::Withdraw(const WithdrawRequest& request) {
  if (request.proof.empty()) return Status::Permanent("store.argument"_reason, "a withdrawal without its proof");
  WithdrawAnswer answer;
  if (!writes_.Has(Family::kMeta, request.gateway_id.value())) return answer;
  auto message = Load(request.gateway_id);
  if (!message.ok()) return writes_.Fail(message.status()), message.status();
  if (message->meta.provider() != request.provider) return answer;  // a foreign one was never seen
  if (message->meta.stage == Stage::kWithdrawn) return Withdrawn(std::move(message).value());
  // After a restore a new message may be one that the older store had taken, and sent, after the copy.
  const bool uncertain = message->meta.accepted_at < options_.uncertain_until;
  const Stage before = message->meta.stage;
  Event event;
  if (!uncertain && FoldWithdrawal(request, message->meta, event).ok()) {
    answer.outcome = WithdrawAnswer::Outcome::kWithdrawn;
    answer.proof = request.proof;
    answer.at = request.at;
    answer.position = {options_.incarnation, sequence_};
    Save(*message, before, std::move(event));
  } else {
    answer.outcome = WithdrawAnswer::Outcome::kTooLate;
  }
  answer.message = std::move(message->meta);
  return answer;
}

Result<WithdrawAnswer> Ledger::Withdrawn(StoredMessage message) {
  auto event = WithdrawalOf(message);
  if (!event.ok()) return writes_.Fail(event.status()), event.status();
  WithdrawAnswer answer;
  answer.outcome = WithdrawAnswer::Outcome::kAlreadyWithdrawn;
  answer.proof = std::move(event->proof);
  answer.at = event->at;
  answer.position = {options_.incarnation, event->sequence};
  answer.message = std::move(message.meta);
  return answer;
}

// The newest events first: hardly anything happens to a message after this one.
Result<Event> Ledger::WithdrawalOf(const StoredMessage& message) {
  for (uint32_t number = message.events - 1; number > 0; --number) {
    auto bytes = writes_.Get(Family::kEvent, keys::EventOf(message.meta.acceptance, number));
    if (!bytes) break;
    auto event = DecodeEvent(*bytes);
    if (!event.ok() || event->kind == EventKind::kWithdrawn) return event;
  }
  return Status::Permanent("store.damaged"_reason, message.meta.gateway_id.value() + " is withdrawn by no event");
}

}  // namespace tvan
