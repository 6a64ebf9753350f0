#include "gateway/admin/operators.h"

#include <map>

#include "gateway/admin/contract_changes.h"
#include "gateway/intake/caller.h"
#include "proto/rpc_details.h"

namespace tvan {
namespace {

grpc::StatusCode CodeOf(const Status& failure) {
  static const std::map<std::string_view, grpc::StatusCode> kCodes = {
      {"admin.not_operator", grpc::StatusCode::PERMISSION_DENIED},
      {"admin.provider_certificate", grpc::StatusCode::PERMISSION_DENIED},
      {"admin.role", grpc::StatusCode::PERMISSION_DENIED},
      {"admin.bad_request", grpc::StatusCode::INVALID_ARGUMENT},
      {"contract.invalid", grpc::StatusCode::INVALID_ARGUMENT},
      {"calendar.invalid", grpc::StatusCode::INVALID_ARGUMENT},
      {"calendar.reason_missing", grpc::StatusCode::INVALID_ARGUMENT},
      {"admin.not_found", grpc::StatusCode::NOT_FOUND},
      {"store.conflict", grpc::StatusCode::ABORTED},
      {"contract.certificate_taken", grpc::StatusCode::ALREADY_EXISTS},
      {"contract.not_found", grpc::StatusCode::NOT_FOUND},
      {"contract.overlap", grpc::StatusCode::INVALID_ARGUMENT},
      {"contract.in_use", grpc::StatusCode::FAILED_PRECONDITION},
      {"admin.exists", grpc::StatusCode::ALREADY_EXISTS},
      {"admin.needs_approval", grpc::StatusCode::FAILED_PRECONDITION},
      {"admin.own_proposal", grpc::StatusCode::FAILED_PRECONDITION},
      {"admin.proposal_closed", grpc::StatusCode::FAILED_PRECONDITION},
      {"admin.too_many_proposals", grpc::StatusCode::RESOURCE_EXHAUSTED},
      {"admin.busy", grpc::StatusCode::RESOURCE_EXHAUSTED},
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

// What keeps others waiting lasts seconds.
constexpr int64_t kRetryAfterMs = 5000;

}  // namespace

grpc::Status AdminFailure(const Status& failure, const std::map<std::string, std::string>& facts) {
  if (failure.ok()) return grpc::Status::OK;
  RpcDetails details;
  details.code = CodeOf(failure);
  details.message = failure.message();
  details.reason = failure.reason().text();
  details.metadata = facts;
  if (details.code == grpc::StatusCode::RESOURCE_EXHAUSTED && failure.is_transient())
    details.retry_after_ms = kRetryAfterMs;
  if (const std::string proposal = ProposalOf(failure); !proposal.empty()) details.metadata["proposal"] = proposal;
  return {static_cast<grpc::StatusCode>(details.code), details.message, EncodeRpcDetails(details)};
}

Result<Operator> Operators::Of(const grpc::ServerContext& context) const {
  Operator caller;
  caller.certificate = FingerprintOf(context, parts_.digester);
  const auto listed = listed_.find(caller.certificate);
  if (caller.certificate.empty() || (!listed_.empty() && listed == listed_.end()))
    return Status::Permanent("admin.not_operator"_reason, "certificate " + caller.certificate + " is no operator's");
  if (parts_.is_providers(caller.certificate))
    return Status::Permanent(
        "admin.provider_certificate"_reason,
        "certificate " + caller.certificate + " is bound to a provider contract, so it is no operator's");
  caller.role = listed_.empty() ? admin::v1::APPROVER : listed->second;
  const auto names = context.auth_context()->FindPropertyValues("x509_common_name");
  caller.name = names.empty() ? caller.certificate : std::string(names[0].data(), names[0].size());
  return caller;
}

Result<std::string> Operators::AuthorOf(const grpc::ServerContext& context) const {
  const auto caller = Of(context);
  if (!caller) return caller.status();
  return caller->name;
}

grpc::Status Operators::Check(const grpc::ServerContext& context,
                              const google::protobuf::MethodDescriptor& method) const {
  const auto caller = Of(context);
  if (!caller) {
    parts_.on_refused({"", FingerprintOf(context, parts_.digester)}, method.name(), caller.status());
    return AdminFailure(caller.status());
  }
  const OperatorRole needed = RoleFor(method);
  if (May(caller->role, needed)) return grpc::Status::OK;
  const std::string held = ToString(caller->role), wanted = ToString(needed);
  const Status refusal = Status::Permanent(
      "admin.role"_reason, method.name() + " needs the role " + wanted + "; this certificate is listed as " + held);
  parts_.on_refused(*caller, method.name(), refusal);
  return AdminFailure(refusal, {{"method", method.name()}, {"role_needed", wanted}, {"role_held", held}});
}

}  // namespace tvan
