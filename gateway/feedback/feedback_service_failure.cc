#include "gateway/feedback/feedback_service_failure.h"

#include "proto/rpc_details.h"

namespace tvan {
namespace {

grpc::StatusCode CodeOf(const Status& failure) {
  const Reason reason = failure.reason();
  if (reason == "intake.unknown_certificate"_reason) return grpc::StatusCode::UNAUTHENTICATED;
  if (reason == "delivery.cursor"_reason || reason == "delivery.subscription"_reason ||
      reason == "delivery.bad_request"_reason)
    return grpc::StatusCode::INVALID_ARGUMENT;
  if (reason == "delivery.cursor_incarnation"_reason || reason == "feedback.cursor_rewound"_reason)
    return grpc::StatusCode::FAILED_PRECONDITION;
  if (reason == "delivery.cursor_range"_reason || reason == "store.mailbox_range"_reason)
    return grpc::StatusCode::OUT_OF_RANGE;
  if (reason == "delivery.overloaded"_reason || reason == "delivery.too_many_streams"_reason)
    return grpc::StatusCode::RESOURCE_EXHAUSTED;
  return failure.is_transient() || failure.is_in_doubt() ? grpc::StatusCode::UNAVAILABLE : grpc::StatusCode::INTERNAL;
}

}  // namespace

grpc::Status DeliveryFailure(const Status& failure, Span retry_after, const GoOn& go_on) {
  const grpc::StatusCode code = CodeOf(failure);
  RpcDetails details;
  details.code = code;
  details.message = failure.message();
  details.reason = failure.reason().text();
  if (!go_on.cursor.empty()) details.metadata["safe_cursor"] = details.metadata["resume_cursor"] = go_on.cursor;
  if (!go_on.submit_again_from.empty()) details.metadata["submit_again_from"] = go_on.submit_again_from;
  if (code == grpc::StatusCode::RESOURCE_EXHAUSTED || code == grpc::StatusCode::UNAVAILABLE)
    details.retry_after_ms = retry_after.count() / 1000;
  return {code, details.message, EncodeRpcDetails(details)};
}

}  // namespace tvan
