#include "gateway/intake/convert.h"

#include <utility>

#include "gateway/intake/verdicts.h"
#include "gateway/validate/rule_page.h"

namespace tvan {

// The proto enums carry the stored numbers.
static_assert(static_cast<int>(Stage::kQueued) == v1::MESSAGE_STATE_QUEUED);
static_assert(static_cast<int>(Stage::kInDoubt) == v1::MESSAGE_STATE_IN_DOUBT);
static_assert(static_cast<int>(Stage::kWorkItem) == v1::MESSAGE_STATE_WORK_ITEM);
static_assert(static_cast<int>(Stage::kWithdrawn) == v1::MESSAGE_STATE_WITHDRAWN);
static_assert(static_cast<int>(MessageClass::kCoded) == v1::MESSAGE_CLASS_CODED);
static_assert(static_cast<int>(MessageClass::kErrorNotice) == v1::MESSAGE_CLASS_ERROR_NOTICE);
static_assert(static_cast<int>(MessageClass::kTechnical) == v1::MESSAGE_CLASS_TECHNICAL);

void ToProto(Time time, google::protobuf::Timestamp& out) {
  int64_t seconds = time.us / 1'000'000, rest = time.us % 1'000'000;
  if (rest < 0) {
    --seconds;
    rest += 1'000'000;
  }
  out.set_seconds(seconds);
  out.set_nanos(static_cast<int32_t>(rest * 1000));
}

Time FromProto(const google::protobuf::Timestamp& time) {
  constexpr int64_t kMostSeconds = INT64_MAX / 1'000'000 - 1;
  if (time.seconds() > kMostSeconds || time.seconds() < -kMostSeconds) return kForever;
  return {time.seconds() * 1'000'000 + time.nanos() / 1000};
}

std::optional<Stage> FromProto(v1::MessageState state) {
  if (state < v1::MESSAGE_STATE_QUEUED || state > v1::MESSAGE_STATE_WITHDRAWN) return std::nullopt;
  return static_cast<Stage>(state);
}
std::optional<MessageClass> FromProto(v1::MessageClass cls) {
  if (cls < v1::MESSAGE_CLASS_CODED || cls > v1::MESSAGE_CLASS_TECHNICAL) return std::nullopt;
  return static_cast<MessageClass>(cls);
}

void ToProto(const InvoiceKey& key, v1::InvoiceKey& out) {
  out.set_mst(key.mst.value());
  out.set_khmshdon(key.khmshdon);
  out.set_khhdon(key.khhdon);
  out.set_shdon(key.shdon);
}

v1::Severity ToProto(Severity severity) {
  if (severity == Severity::kInfo) return v1::SEVERITY_INFO;
  return severity == Severity::kError ? v1::SEVERITY_ERROR : v1::SEVERITY_WARNING;
}

void ToProto(const std::vector<Finding>& findings, google::protobuf::RepeatedPtrField<v1::Finding>& out) {
  for (const Finding& finding : findings) {
    v1::Finding& added = *out.Add();
    added.set_rule_id(std::string(finding.rule.text()));
    added.set_severity(ToProto(finding.severity));
    added.set_path(finding.path);
    added.set_text_vi(finding.text_vi);
    added.set_text_en(finding.text_en);
    added.set_authority_code(finding.authority_code);
    added.set_page(RuleLink(finding.rule.text()));
  }
}

void ToProto(const ReceiptView& receipt, v1::Receipt& out) {
  out.set_jws(receipt.jws);
  out.set_gateway_mtdiep(receipt.gateway_id.value());
  out.set_provider_mtdiep(receipt.provider_mtdiep);
  out.set_client_reference(receipt.client_reference);
  out.set_sha256(receipt.digest.Hex());
  ToProto(receipt.accepted_at, *out.mutable_accepted_at());
  out.set_message_class(ToProto(receipt.cls));
  out.set_message_type(receipt.message_type);
  out.set_durability(receipt.durability);
  for (const std::string& mark : receipt.signature_marks) out.add_signature_marks(mark);
}

void ToProto(const Voided& proof, v1::Proof& out) {
  out.set_jws(proof.proof);
  ToProto(proof.at, *out.mutable_time());
  if (!proof.position.incarnation.empty()) out.set_position(proof.position.ToString());
}

void ToProto(const MessageMeta& meta, v1::Message& out) {
  out.set_gateway_mtdiep(meta.gateway_id.value());
  out.set_provider_mtdiep(meta.provider_mtdiep);
  if (meta.key.kind == SubmitIdKind::kClientReference) out.set_client_reference(meta.key.value);
  out.set_sha256(meta.digest.Hex());
  out.set_message_class(ToProto(meta.cls));
  out.set_message_type(meta.mltdiep);
  out.set_mst(meta.mst.value());
  out.set_state(ToProto(meta.stage));
  ToProto(meta.accepted_at, *out.mutable_accepted_at());
  ToProto(meta.stage_since, *out.mutable_state_since());
  out.set_reason(meta.reason);
  out.set_attempts(meta.attempts);
  for (const InvoiceKey& key : meta.claims) ToProto(key, *out.add_invoices());
  out.set_acceptance(meta.acceptance);
  if (meta.purged()) ToProto(meta.purged_at, *out.mutable_purged_at());
}

namespace {

bool MayReadDetail(Reader reader, EventKind kind) {
  return reader == Reader::kOperator || kind == EventKind::kAcknowledged || kind == EventKind::kAnswer ||
         kind == EventKind::kAnswerRepeated;
}

}  // namespace

void ToProto(const MessageView& view, Reader reader, v1::Message& out) {
  ToProto(view.meta, out);
  for (const Event& event : view.events) {
    v1::Event& added = *out.add_events();
    ToProto(event.at, *added.mutable_time());
    added.set_kind(ToString(event.kind));
    added.set_attempt(event.attempt);
    added.set_reason(event.reason);
    if (MayReadDetail(reader, event.kind)) added.set_detail(event.detail);
    added.set_answer_id(event.answer_id);
    added.set_sequence(event.sequence);
  }
  if (!view.meta.purged()) ToProto(ViewOfStored(view), *out.mutable_receipt());
  if (view.meta.stage != Stage::kWithdrawn) return;
  const ProofView proof = WithdrawalOf(view);
  ToProto(Voided{proof.at, {}, proof.jws}, *out.mutable_withdrawal());
}

Result<SubmitInput> FromProto(v1::Document document, std::string certificate) {
  SubmitInput input;
  input.certificate = std::move(certificate);
  if (document.form_case() == v1::Document::kTdiep) {
    if (document.message_type() != 0 || !document.client_reference().empty())
      return Status::Permanent("intake.bad_request"_reason,
                               "document: message_type and client_reference belong to a bare HDon only");
    input.submission.bytes = std::move(*document.mutable_tdiep());
    return input;
  }
  if (document.form_case() != v1::Document::kHdon)
    return Status::Permanent("intake.bad_request"_reason, "document: tdiep or hdon is wanted");
  input.form = WrappingPlan::Form::kBareHDon;
  input.submission.bytes = std::move(*document.mutable_hdon());
  input.submission.message_type = document.message_type();
  input.submission.client_reference = document.client_reference();
  return input;
}

void ToProto(SubmitOutcome outcome, v1::SubmitMessageResponse& out) {
  if (outcome.kind == SubmitOutcome::Kind::kReceipt) {
    ToProto(outcome.receipt, *out.mutable_receipt());
    ToProto(outcome.findings, *out.mutable_warnings());
    out.set_already_accepted(outcome.already_accepted);
  } else {
    ToProto(outcome.findings, *out.mutable_rejection()->mutable_findings());
    if (!outcome.proof.jws.empty())
      ToProto(Voided{outcome.proof.at, {}, outcome.proof.jws}, *out.mutable_rejection()->mutable_proof());
  }
  out.set_ack999(std::move(outcome.ack999));
}

}  // namespace tvan
