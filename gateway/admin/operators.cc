#include "gateway/admin/operators.h"

#include <map>

#include "gateway/intake/caller.h"
#include "proto/rpc_details.h"

namespace tvan {
namespace {

grpc::StatusCode CodeOf(const Status& failure) {
  static const std::map<std::string_view, grpc::StatusCode> kCodes = {
      {"admin.not_operator", grpc::StatusCode::PERMISSION_DENIED},
      {"admin.provider_certificate", grpc::StatusCode::PERMISSION_DENIED},
      {"admin.bad_request", grpc::StatusCode::INVALID_ARGUMENT},
      {"contract.invalid", grpc::StatusCode::INVALID_ARGUMENT},
      {"calendar.invalid", grpc::StatusCode::INVALID_ARGUMENT},
      {"calendar.reason_missing", grpc::StatusCode::INVALID_ARGUMENT},
      {"admin.not_found", grpc::StatusCode::NOT_FOUND},
      {"store.conflict", grpc::StatusCode::ABORTED},
      {"contract.certificate_taken", grpc::StatusCode::ALREADY_EXISTS},
      {"store.exists", grpc::StatusCode::ALREADY_EXISTS},
      {"admin.no_backup_dir", grpc::StatusCode::FAILED_PRECONDITION},
      {"admin.window_needs_accept", grpc::StatusCode::FAILED_PRECONDITION},
      {"calendar.not_verifying", grpc::StatusCode::FAILED_PRECONDITION},
      {"calendar.over", grpc::StatusCode::FAILED_PRECONDITION},
      {"calendar.no_incident", grpc::StatusCode::NOT_FOUND},
      {"calendar.incident_closed", grpc::StatusCode::FAILED_PRECONDITION},
      {"calendar.incident_full", grpc::StatusCode::FAILED_PRECONDITION},
      {"store.unwritable", grpc::StatusCode::FAILED_PRECONDITION},
      {"reconcile.no_folder", grpc::StatusCode::FAILED_PRECONDITION},
      {"dispatch.stage", grpc::StatusCode::FAILED_PRECONDITION},
      {"store.stage", grpc::StatusCode::FAILED_PRECONDITION},
      {"admin.not_served", grpc::StatusCode::UNIMPLEMENTED},
      {"admin.too_many_watchers", grpc::StatusCode::RESOURCE_EXHAUSTED}};
  if (const auto code = kCodes.find(failure.reason().text()); code != kCodes.end()) return code->second;
  return failure.is_transient() || failure.is_in_doubt() ? grpc::StatusCode::UNAVAILABLE : grpc::StatusCode::INTERNAL;
}

}  // namespace

grpc::Status AdminFailure(const Status& failure) {
  if (failure.ok()) return grpc::Status::OK;
  RpcDetails details;
  details.code = CodeOf(failure);
  details.message = failure.message();
  details.reason = failure.reason().text();
  return {static_cast<grpc::StatusCode>(details.code), details.message, EncodeRpcDetails(details)};
}

Result<std::string> Operators::AuthorOf(const grpc::ServerContext& context) const {
  const std::string fingerprint = FingerprintOf(context, digester_);
  if (fingerprint.empty() || (!listed_.empty() && listed_.count(fingerprint) == 0))
    return Status::Permanent("admin.not_operator"_reason, "certificate " + fingerprint + " is no operator's");
  if (is_providers_(fingerprint))
    return Status::Permanent("admin.provider_certificate"_reason,
                             "certificate " + fingerprint + " is bound to a provider contract, so it is no operator's");
  const auto names = context.auth_context()->FindPropertyValues("x509_common_name");
  return names.empty() ? fingerprint : std::string(names[0].data(), names[0].size());
}

}  // namespace tvan
