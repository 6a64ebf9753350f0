#include "gateway/validate/forwarding.h"

#include "gateway/validate/authority_header.h"
#include "gateway/validate/covered.h"
#include "gateway/validate/node_reader.h"
#include "gateway/validate/signature_places.h"
#include "gateway/validate/signers.h"
#include "gateway/validate/wrap_plan.h"
#include "gateway/validate/xml_refusals.h"

namespace tvan {
namespace {

constexpr std::string_view kBareInMessage = "/TDiep/DLieu/HDon";

void Refused(const std::string& why, FindingList& findings) {
  findings.Say("envelope.wrapped_refused"_reason, "", {FirstCharacters(why, 120)});
}

// The payload as it will be sent, byte for byte the submitted one.
bool IsSamePayload(const WrappingPlan& plan, const XmlDocument& source, const XmlDocument& wrapped) {
  XmlNode payload = wrapped.root().Child("DLieu");
  if (payload && plan.form == WrappingPlan::Form::kBareHDon) payload = payload.Child("HDon");
  if (!payload || payload.range().In(wrapped.bytes()) != plan.payload.In(source.bytes())) return false;
  const XmlNode package = wrapped.root().Child("CKSNNT");
  if (!package || !plan.cksnnt) return !package && !plan.cksnnt;
  return package.range().In(wrapped.bytes()) == plan.cksnnt->In(source.bytes());
}

// Verifies `demands`; answers the reports. What is said of who signed, and what was allowed, is said here.
std::vector<SignatureReport> VerifySigners(const ForwardJob& job, const XmlDocument& document,
                                           const std::vector<SignatureDemand>& demands, CheckedMessage& checked,
                                           FindingList& findings) {
  VerifyContext context(job.context.accepted_at);
  context.allowed = job.context.allowed;
  context.signing_time_behind = job.context.signing_time_behind;
  SignatureCheck check = job.verifier.Verify(document, demands, context);
  findings.Say(check.faults);
  CheckCovered(demands, check.reports, findings);
  const Signers signers{demands, check.reports, job.message.header.mst, job.context};
  CheckSigners(signers, findings);
  SayMarks(signers, checked.signature_marks, findings);
  return std::move(check.reports);
}

// Where a switch lets a breaking signature pass, it must at least hold in the message as it came.
void VerifyAsSubmitted(const ForwardJob& job, const std::vector<bool>& breaks, CheckedMessage& checked,
                       FindingList& findings) {
  auto whole = job.submitted.Parse(std::string(job.message.outline->bytes()));
  if (!whole.ok() && whole.status().is_transient()) {
    checked.failure = whole.status();
    return;
  }
  if (!whole.ok()) return findings.Add(XmlRefusal(whole.status()));
  FindingList again;  // the wrapped message has the same faults as the submitted one
  std::vector<SignatureDemand> breaking;
  const std::vector<SignatureDemand> demands = FindDemands((*whole)->root(), job.type, again);
  if (demands.size() != breaks.size()) return Refused("the signatures would change", findings);
  for (size_t i = 0; i < demands.size(); ++i) {
    if (!breaks[i]) continue;
    breaking.push_back(demands[i]);
    breaking.back().whole_document_breaks = false;
  }
  VerifySigners(job, **whole, breaking, checked, findings);
}

}  // namespace

void AsSubmitted(WrappingPlan::Form form, std::vector<Finding>& findings) {
  if (form != WrappingPlan::Form::kBareHDon) return;
  for (Finding& finding : findings)
    if (std::string_view(finding.path).substr(0, kBareInMessage.size()) == kBareInMessage)
      finding.path = "/HDon" + finding.path.substr(kBareInMessage.size());
}

Wrapped Wrap(const ForwardJob& job, FindingList& findings) {
  const CheckContext& context = job.context;
  const XmlDocument& source = *job.message.outline;
  Wrapped result;
  result.plan = MakePlan(source, job.message.form, job.message.header);
  const HopHeader header{"V" + WithoutDash(context.our_mst), context.authority_code, context.gateway_id.value(), ""};
  auto wrapped = job.rendered.Parse(RenderWrapped(result.plan, source.bytes(), header));
  if (!wrapped.ok() && wrapped.status().is_transient()) {
    result.failure = wrapped.status();
    return result;
  }
  if (!wrapped.ok()) {
    // Nearly always the sender's own fault: then it is said of the message as it came.
    const auto whole = job.submitted.Parse(std::string(source.bytes()));
    if (whole.ok())
      Refused(wrapped.status().message(), findings);
    else if (whole.status().is_transient())
      result.failure = whole.status();
    else
      findings.Add(XmlRefusal(whole.status()));
    return result;
  }
  if (!IsSamePayload(result.plan, source, **wrapped)) {
    Refused("the payload would change", findings);
    return result;
  }
  result.document = std::move(*wrapped);
  return result;
}

void VerifyWrapped(const ForwardJob& job, const XmlDocument& wrapped, CheckedMessage& checked, FindingList& findings) {
  const CheckContext& context = job.context;
  CheckAuthorityHeader(wrapped.root(), context.authority_code, findings);
  std::vector<SignatureDemand> demands = FindDemands(wrapped.root(), job.type, findings);
  if (findings.has_error()) return;  // it will not be sent: nothing is computed of it
  const LeftBehind left_behind(job.message.outline->root());
  std::vector<SignatureDemand> lasting;
  std::vector<bool> breaks;
  for (SignatureDemand& demand : demands) {
    breaks.push_back(demand.signature && left_behind.Breaks(demand.signature));
    if (breaks.back())
      SayAt(demand.signature, "signature.breaks_on_forward"_reason, SeverityOf(context.breaks_on_forward), findings);
    else
      lasting.push_back(std::move(demand));
  }
  if (findings.has_error()) return;
  checked.signers = VerifySigners(job, wrapped, lasting, checked, findings);
  if (lasting.size() != demands.size()) VerifyAsSubmitted(job, breaks, checked, findings);
}

}  // namespace tvan
