#include "proto/rpc_details.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace tvan {
namespace {

void AddErrorInfo(const RpcDetails& details, google::rpc::Status& status) {
  google::rpc::ErrorInfo info;
  info.set_reason(details.reason);
  info.set_domain("tvan");
  for (const auto& [key, value] : details.metadata) (*info.mutable_metadata())[key] = value;
  status.add_details()->PackFrom(info);
}

void AddRetryInfo(const RpcDetails& details, google::rpc::Status& status) {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(details.retry_after_ms / 1000);
  retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(details.retry_after_ms % 1000) * 1'000'000);
  status.add_details()->PackFrom(retry);
}

void AddQuota(const RpcDetails& details, google::rpc::Status& status) {
  google::rpc::QuotaFailure quota;
  auto& violation = *quota.add_violations();
  violation.set_subject(details.quota_subject);
  violation.set_description(details.message);
  status.add_details()->PackFrom(quota);
}

void AddBadFields(const RpcDetails& details, google::rpc::Status& status) {
  google::rpc::BadRequest bad;
  for (const auto& [field, description] : details.bad_fields) {
    auto& violation = *bad.add_field_violations();
    violation.set_field(field);
    violation.set_description(description);
  }
  status.add_details()->PackFrom(bad);
}

}  // namespace

std::string EncodeRpcDetails(const RpcDetails& details) {
  google::rpc::Status status;
  status.set_code(details.code);
  status.set_message(details.message);
  if (!details.reason.empty()) AddErrorInfo(details, status);
  if (details.retry_after_ms > 0) AddRetryInfo(details, status);
  if (!details.quota_subject.empty()) AddQuota(details, status);
  if (!details.bad_fields.empty()) AddBadFields(details, status);
  return status.SerializeAsString();
}

}  // namespace tvan
