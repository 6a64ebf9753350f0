#include "gateway/intake/withdrawals.h"

#include <algorithm>
#include <utility>

#include "gateway/core/log.h"
#include "gateway/intake/convert.h"
#include "gateway/seal/proofs.h"
#include "gateway/validate/bare_invoice.h"

namespace tvan {
namespace {

constexpr Reason kUncertain = "store.uncertain"_reason;
constexpr Reason kTooLate = "intake.too_late"_reason;

Status BadRequest(const std::string& what) { return Status::Permanent("intake.bad_request"_reason, what); }

// Asking again is safe and finds out, so nothing stays in doubt for the caller.
Status Again(const Status& status) {
  if (!status.is_in_doubt()) return status;
  return Status::Transient(status.reason(), status.message() + "; whether it is done is unknown: ask again");
}

// Exactly the ids that a submit can have: to void any other would bind nothing.
Result<IdempotencyKey> MtdiepKey(const ProviderId& provider, const std::string& text) {
  const auto id = ParseMessageId(text);
  if (!id) return BadRequest("provider_mtdiep: " + id.status().message());
  return IdempotencyKey{provider, SubmitIdKind::kMTDiep, id->value()};
}
Result<IdempotencyKey> ReferenceKey(const ProviderId& provider, const std::string& text) {
  if (!IsClientReference(text)) return BadRequest("client_reference: 1 to 64 printable ASCII characters");
  return IdempotencyKey{provider, SubmitIdKind::kClientReference, text};
}
Status NoId() { return BadRequest("by: one of the ids is wanted"); }

Result<IdempotencyKey> KeyOf(const ProviderId& provider, const v1::VoidMessageRequest& request) {
  using Request = v1::VoidMessageRequest;
  if (request.by_case() == Request::kProviderMtdiep) return MtdiepKey(provider, request.provider_mtdiep());
  if (request.by_case() == Request::kClientReference) return ReferenceKey(provider, request.client_reference());
  return NoId();
}

Result<FindBy> ByOf(const ProviderId& provider, const v1::WithdrawMessageRequest& request) {
  using Request = v1::WithdrawMessageRequest;
  FindBy by;
  if (request.by_case() == Request::kGatewayMtdiep) {
    auto id = ParseMessageId(request.gateway_mtdiep());
    if (!id) return BadRequest("gateway_mtdiep: " + id.status().message());
    by.gateway_id = *std::move(id);
    return by;
  }
  if (request.by_case() == Request::BY_NOT_SET) return NoId();
  auto key = request.by_case() == Request::kProviderMtdiep ? MtdiepKey(provider, request.provider_mtdiep())
                                                           : ReferenceKey(provider, request.client_reference());
  if (!key) return key.status();
  by.kind = FindBy::Kind::kProviderKey;
  by.provider_key = *std::move(key);
  return by;
}

v1::VoidMessageResponse::Outcome OutcomeOf(const VoidAnswer& answer) {
  using Response = v1::VoidMessageResponse;
  if (answer.outcome == VoidAnswer::Outcome::kSeen) return Response::SEEN;
  return answer.outcome == VoidAnswer::Outcome::kVoided ? Response::VOIDED : Response::ALREADY_VOIDED;
}

v1::WithdrawMessageResponse::Outcome OutcomeOf(const WithdrawAnswer& answer) {
  using Response = v1::WithdrawMessageResponse;
  switch (answer.outcome) {
    case WithdrawAnswer::Outcome::kWithdrawn:
      return Response::WITHDRAWN;
    case WithdrawAnswer::Outcome::kAlreadyWithdrawn:
      return Response::ALREADY_WITHDRAWN;
    case WithdrawAnswer::Outcome::kTooLate:
      return Response::TOO_LATE;
    default:
      return Response::NOT_SEEN;
  }
}

}  // namespace

Result<v1::VoidMessageResponse> Withdrawals::Void(const ProviderId& provider,
                                                  const v1::VoidMessageRequest& request) const {
  auto key = KeyOf(provider, request);
  if (!key) return key.status();
  const VoidFacts facts{*std::move(key), clock_.Now(), store_.durability(), store_.position().incarnation};
  const auto answer = store_.Void({facts.key, facts.voided_at, sealer_.Seal(kVoidType, VoidJson(facts))});
  v1::VoidMessageResponse response;
  if (answer.status().reason() == kUncertain) {
    response.set_outcome(v1::VoidMessageResponse::UNCERTAIN);
    response.set_reason(std::string(kUncertain.text()));
    return response;
  }
  if (!answer) return Again(answer.status());
  response.set_outcome(OutcomeOf(*answer));
  if (answer->message) ToProto(*answer->message, *response.mutable_message());
  if (!answer->voided.proof.empty()) ToProto(answer->voided, *response.mutable_proof());
  Count("tvan_intake_voids_total", v1::VoidMessageResponse::Outcome_Name(response.outcome()));
  if (response.outcome() == v1::VoidMessageResponse::VOIDED)
    Log(LogLevel::kInfo, "intake.voided",
        {{"provider", provider.value()}, {"id", facts.key.value}, {"position", response.proof().position()}});
  return response;
}

Result<v1::WithdrawMessageResponse> Withdrawals::Withdraw(const ProviderId& provider,
                                                          const v1::WithdrawMessageRequest& request) const {
  const auto by = ByOf(provider, request);
  if (!by) return by.status();
  const Result<Found> found = store_.Find(*by);
  if (!found) return Again(found.status());
  auto response = TakeBack(provider, *found);
  if (response) Count("tvan_intake_withdrawals_total", v1::WithdrawMessageResponse::Outcome_Name(response->outcome()));
  return response;
}

Result<v1::WithdrawMessageResponse> Withdrawals::TakeBack(const ProviderId& provider, const Found& found) const {
  v1::WithdrawMessageResponse response;
  response.set_outcome(v1::WithdrawMessageResponse::NOT_SEEN);
  response.set_as_of(found.as_of.ToString());
  if (found.messages.empty()) return response;
  const MessageMeta& meta = found.messages.front().meta;
  if (meta.provider() != provider) return response;
  const Time now = clock_.Now();
  const auto answer = store_.Withdraw({provider, meta.gateway_id, now, Seal(meta, now)});
  if (!answer) return Again(answer.status());
  if (answer->outcome == WithdrawAnswer::Outcome::kNotSeen) return response;
  response.clear_as_of();
  response.set_outcome(OutcomeOf(*answer));
  if (response.outcome() == v1::WithdrawMessageResponse::TOO_LATE) response.set_reason(std::string(kTooLate.text()));
  if (answer->message) ToProto(*answer->message, *response.mutable_message());
  if (!answer->proof.empty()) ToProto(Voided{answer->at, answer->position, answer->proof}, *response.mutable_proof());
  if (response.outcome() == v1::WithdrawMessageResponse::WITHDRAWN)
    Log(LogLevel::kInfo, "intake.withdrawn",
        {{"provider", provider.value()},
         {"mtdiep", meta.gateway_id.value()},
         {"position", response.proof().position()}});
  return response;
}

std::string Withdrawals::Seal(const MessageMeta& meta, Time at) const {
  const WithdrawalFacts facts{
      meta.key, meta.gateway_id, meta.digest, meta.accepted_at, at, store_.durability(), store_.position().incarnation};
  return sealer_.Seal(kWithdrawalType, WithdrawalJson(facts));
}

void Withdrawals::Count(const char* what, const std::string& outcome) const {
  std::string name = outcome;
  std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c == '_' ? '_' : char(c | 0x20); });
  metrics_.GetCounter(what, "What providers give up, by outcome", {{"outcome", name}}).Add();
}

}  // namespace tvan
