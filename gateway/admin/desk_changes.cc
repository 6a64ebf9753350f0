// What operators change.
#include "gateway/admin/admin_convert.h"
#include "gateway/admin/desk.h"
#include "gateway/core/log.h"

namespace tvan {
namespace {

void Audit(const char* what, const std::string& id, uint64_t version, const std::string& author,
           const std::string& reason) {
  Log(LogLevel::kInfo, "admin.change",
      {{"what", what}, {"id", id}, {"version", std::to_string(version)}, {"author", author}, {"reason", reason}});
}

}  // namespace

Status Desk::Put(const admin::v1::PutProviderContractRequest& request, const std::string& author,
                 admin::v1::PutProviderContractResponse& response) {
  const auto contract = FromProto(request.contract());
  if (!contract) return contract.status();
  const auto version = parts_.contracts.Put(*contract, author, request.reason(), parts_.clock.Now());
  if (!version) return version.status();
  Audit("provider_contract", contract->provider.value(), *version, author, request.reason());
  ToProto(*contract, *version, *response.mutable_contract());
  return {};
}

Status Desk::Put(const admin::v1::PutMandateRequest& request, const std::string& author,
                 admin::v1::PutMandateResponse& response) {
  const auto mandate = FromProto(request.mandate());
  if (!mandate) return mandate.status();
  const auto version = parts_.contracts.Put(*mandate, author, request.reason(), parts_.clock.Now());
  if (!version) return version.status();
  Audit("mandate", mandate->provider.value(), *version, author, request.reason());
  ToProto(*mandate, *version, *response.mutable_mandate());
  return {};
}

Status Desk::Put(const admin::v1::PutWindowRequest& request, const std::string& author,
                 admin::v1::PutWindowResponse& response) {
  const auto window = FromProto(request.window());
  if (!window) return window.status();
  const auto version = parts_.calendar.Put(*window, author, window->reason, parts_.clock.Now());
  if (!version) return version.status();
  Audit("window", window->id, *version, author, window->reason);
  ToProto(*window, *version, *response.mutable_window());
  return {};
}

Status Desk::Resolve(const admin::v1::ResolveMessageRequest& request, const std::string& author) {
  if (request.decision() != "resend" && request.decision() != "give_up")
    return Status::Permanent("admin.bad_request"_reason, "decision: resend or give_up");
  const auto id = ParseMessageId(request.gateway_mtdiep());
  if (!id) return Status::Permanent("admin.bad_request"_reason, "gateway_mtdiep: " + id.status().message());
  FindBy by;
  by.gateway_id = *id;
  if (parts_.store.Find(by).messages.empty())
    return Status::Permanent("admin.not_found"_reason, "no message has this MTDiep of ours");
  Status status = parts_.dispatcher.Resolve(*id, request.decision(), author);
  if (status.ok()) Audit(request.decision().c_str(), id->value(), 0, author, request.reason());
  return status;
}

}  // namespace tvan
