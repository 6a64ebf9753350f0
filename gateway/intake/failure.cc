#include "gateway/intake/failure.h"

#include "gateway/validate/rule_page.h"
#include "gateway/validate/rule_table.h"

namespace tvan {
namespace {

RpcCode CodeOf(const Status& failure) {
  const Reason reason = failure.reason();
  if (reason == "intake.unknown_certificate"_reason) return RpcCode::kUnauthenticated;
  if (reason == "intake.bad_request"_reason || reason == "intake.request_id"_reason) return RpcCode::kInvalidArgument;
  if (reason == "calendar.no_notice"_reason) return RpcCode::kNotFound;
  if (reason == "intake.overloaded"_reason || reason == "intake.provider_overloaded"_reason ||
      reason == "intake.unread_answers"_reason || reason == "contract.rate_quota"_reason ||
      reason == "contract.day_quota"_reason || reason == "store.full"_reason || reason == "store.busy"_reason)
    return RpcCode::kResourceExhausted;
  if (reason == "store.uncertain"_reason) return RpcCode::kFailedPrecondition;
  return failure.is_transient() || failure.is_in_doubt() ? RpcCode::kUnavailable : RpcCode::kInternal;
}

}  // namespace

RpcDetails DetailsOf(const Status& failure, Span retry_after, const std::string& quota_subject) {
  RpcDetails details;
  const RpcCode code = CodeOf(failure);
  details.code = static_cast<int>(code);
  details.reason = failure.reason().text();
  details.message = failure.message();
  const bool rule = FindRule(details.reason) != nullptr;
  details.metadata["rules"] = rule ? RuleLink(details.reason) : "ops/REASONS.md";  // where the reason is explained
  if (failure.is_in_doubt())
    details.message += "; whether the message was accepted is unknown: submit the same bytes again";
  if (code == RpcCode::kResourceExhausted || code == RpcCode::kUnavailable)
    details.retry_after_ms = retry_after.count() / 1000;
  details.quota_subject = quota_subject;
  if (code == RpcCode::kInvalidArgument) {
    const size_t colon = details.message.find(':');
    details.bad_fields.emplace_back(details.message.substr(0, colon), details.message);
  }
  return details;
}

}  // namespace tvan
