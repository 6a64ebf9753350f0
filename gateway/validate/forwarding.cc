#include "gateway/validate/forwarding.h"

#include "gateway/validate/authority_header.h"
#include "gateway/validate/node_reader.h"
#include "gateway/validate/signature_places.h"
#include "gateway/validate/wrap_plan.h"

namespace tvan {
namespace {

constexpr std::string_view kBareInMessage = "/TDiep/DLieu/HDon";

void Refused(const std::string& why, FindingList& findings) {
  findings.Error("envelope.wrapped_refused"_reason, {},
                 {"Thông điệp không thể đóng gói lại để chuyển tiếp: " + FirstCharacters(why, 120) + ".",
                  "The message cannot be wrapped for forwarding: " + FirstCharacters(why, 120) + "."});
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

// Paths of the wrapped message, said as its sender knows them.
void AsSubmitted(WrappingPlan::Form form, std::vector<Finding>& findings) {
  if (form != WrappingPlan::Form::kBareHDon) return;
  for (Finding& finding : findings)
    if (std::string_view(finding.path).substr(0, kBareInMessage.size()) == kBareInMessage)
      finding.path = "/HDon" + finding.path.substr(kBareInMessage.size());
}

void SaysThatItBreaks(const SignatureDemand& demand, Leniency leniency, FindingList& findings) {
  const Said said = {"Chữ ký tham chiếu cả tài liệu hoặc TTChung, sẽ hỏng khi T-VAN đóng gói lại thông điệp.",
                     "The signature refers to the whole document or to TTChung; it breaks when the T-VAN wraps the "
                     "message anew."};
  if (leniency == Leniency::kRefuse)
    findings.Error("signature.breaks_on_forward"_reason, demand.signature.path(), said, "2011");
  else
    findings.Warn("signature.breaks_on_forward"_reason, demand.signature.path(), said);
}

// The demands in both documents, aligned, and which of them cannot hold after wrapping.
struct Demands {
  std::vector<SignatureDemand> source, wrapped;
  std::vector<bool> breaks;
  bool any_breaks = false;
};

Demands Collect(const ForwardJob& job, const XmlDocument& wrapped, FindingList& findings) {
  Demands demands;
  FindingList again;  // the wrapped message has the same faults as the submitted one
  const XmlNode root = job.message.document->root();
  demands.source = FindDemands(root, job.type, findings);
  demands.wrapped = FindDemands(wrapped.root(), job.type, again);
  if (demands.source.size() != demands.wrapped.size()) Refused("the signatures would change", findings);
  const LeftBehind left_behind(root);
  for (const SignatureDemand& demand : demands.source) {
    const bool breaks = demand.signature && left_behind.Breaks(demand.signature);
    if (breaks) SaysThatItBreaks(demand, job.context.breaks_on_forward, findings);
    demands.breaks.push_back(breaks);
    demands.any_breaks = demands.any_breaks || breaks;
  }
  return demands;
}

// Where a switch lets a breaking signature pass, it must at least hold in the message as it came.
void VerifyAsSubmitted(const ForwardJob& job, const Demands& demands, FindingList& findings) {
  std::vector<SignatureDemand> breaking;
  for (size_t i = 0; i < demands.source.size(); ++i) {
    if (!demands.breaks[i]) continue;
    breaking.push_back(demands.source[i]);
    breaking.back().whole_document_breaks = false;
  }
  SignatureCheck check = job.verifier.Verify(*job.message.document, breaking, job.context.accepted_at);
  findings.Append(std::move(check.findings));
  CheckSigners({breaking, check.reports, job.message.header.mst, job.context.unknown_signer}, findings);
}

}  // namespace

void Forward(const ForwardJob& job, CheckedMessage& checked, FindingList& findings) {
  const ReadMessage& message = job.message;
  const CheckContext& context = job.context;
  const XmlDocument& source = *message.document;
  checked.plan = MakePlan(source, message.form, message.header);
  const HopHeader header{"V" + WithoutDash(context.our_mst), context.authority_code, context.gateway_id.value(), ""};
  auto wrapped = job.parser.Parse(RenderWrapped(checked.plan, source.bytes(), header));
  if (!wrapped.ok() && wrapped.status().is_transient()) {
    checked.failure = wrapped.status();
    return;
  }
  if (!wrapped.ok()) return Refused(wrapped.status().message(), findings);
  if (!IsSamePayload(checked.plan, source, **wrapped)) return Refused("the payload would change", findings);
  CheckAuthorityHeader((*wrapped)->root(), header.mnnhan, findings);
  const Demands demands = Collect(job, **wrapped, findings);
  if (findings.has_error()) return;
  std::vector<SignatureDemand> lasting;
  for (size_t i = 0; i < demands.wrapped.size(); ++i)
    if (!demands.breaks[i]) lasting.push_back(demands.wrapped[i]);
  SignatureCheck check = job.verifier.Verify(**wrapped, lasting, context.accepted_at);
  AsSubmitted(message.form, check.findings);
  FindingList signers;
  CheckSigners({lasting, check.reports, message.header.mst, context.unknown_signer}, signers);
  std::vector<Finding> who = signers.Take();
  AsSubmitted(message.form, who);
  findings.Append(std::move(check.findings));
  findings.Append(std::move(who));
  if (demands.any_breaks) VerifyAsSubmitted(job, demands, findings);
  checked.signers = std::move(check.reports);
  checked.sent_bytes = std::string((*wrapped)->bytes());
}

}  // namespace tvan
