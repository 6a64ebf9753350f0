// What operators change.
#include "gateway/admin/admin_convert.h"
#include "gateway/admin/audit.h"
#include "gateway/admin/desk.h"
#include "gateway/admin/operator_act.h"

namespace tvan {
namespace {

constexpr size_t kLongestReason = 500;  // bytes; it is kept in the message's log for ever

}  // namespace

bool Desk::IsProviders(const std::string& certificate) const {
  return parts_.contracts.snapshot()->FindByCertificate(certificate) != nullptr;
}

Status Desk::Put(const admin::v1::PutProviderContractRequest& request, const Caller& by,
                 admin::v1::PutProviderContractResponse& response) {
  const auto contract = FromProto(request.contract());
  if (!contract) return contract.status();
  const auto done = parts_.changes.Put(*contract, Expected(request.contract().version()), by, request.reason());
  if (!done) return done.status();
  if (!done->proposal.empty()) return NeedsApproval(done->proposal);
  ToProto(*contract, done->version, *response.mutable_contract());
  return {};
}

Status Desk::Put(const admin::v1::PutMandateRequest& request, const Caller& by,
                 admin::v1::PutMandateResponse& response) {
  const auto mandate = FromProto(request.mandate());
  if (!mandate) return mandate.status();
  const auto done = parts_.changes.Put(*mandate, Expected(request.mandate().version()), by, request.reason());
  if (!done) return done.status();
  if (!done->proposal.empty()) return NeedsApproval(done->proposal);
  ToProto(*mandate, done->version, *response.mutable_mandate());
  return {};
}

Status Desk::Resolve(const admin::v1::ResolveMessageRequest& request, const std::string& author) {
  if (request.decision() != "resend" && request.decision() != "release" && request.decision() != "give_up")
    return Status::Permanent("admin.bad_request"_reason, "decision: resend, release or give_up");
  if (request.reason().size() > kLongestReason)
    return Status::Permanent("admin.bad_request"_reason,
                             "reason: at most " + std::to_string(kLongestReason) + " bytes");
  const auto id = ParseMessageId(request.gateway_mtdiep());
  if (!id) return Status::Permanent("admin.bad_request"_reason, "gateway_mtdiep: " + id.status().message());
  FindBy by;
  by.gateway_id = *id;
  const Result<Found> found = parts_.store.Find(by);
  if (!found) return found.status();
  if (found->messages.empty()) return Status::Permanent("admin.not_found"_reason, "no message has this MTDiep of ours");
  // Who and why stand in the message's own log, not only in the gateway's (P7).
  const std::string who = request.reason().empty() ? author : author + ": " + request.reason();
  Status status = parts_.dispatcher.Resolve(*id, request.decision(), who);
  if (!status.ok()) return status;
  Audit(request.decision().c_str(), id->value(), 0, author, request.reason());
  NoteAct(parts_.store,
          {"resolve_message", id->value(), request.decision(), author, request.reason(), parts_.clock.Now()});
  return status;
}

}  // namespace tvan
