#include "gateway/feedback/feedback_service_items.h"

#include "gateway/validate/answer.h"

namespace tvan {
namespace {

v1::AnswerVerdict ToProto(AnswerVerdict verdict) {
  switch (verdict) {
    case AnswerVerdict::kReceived:
      return v1::ANSWER_VERDICT_RECEIVED;
    case AnswerVerdict::kAccepted:
      return v1::ANSWER_VERDICT_ACCEPTED;
    case AnswerVerdict::kPartly:
      return v1::ANSWER_VERDICT_PARTLY_ACCEPTED;
    case AnswerVerdict::kRefused:
      return v1::ANSWER_VERDICT_REFUSED;
    case AnswerVerdict::kInformation:
      return v1::ANSWER_VERDICT_INFORMATION;
  }
  return v1::ANSWER_VERDICT_UNSPECIFIED;
}

void ToProto(const AnswerError& error, v1::AnswerError& out) {
  out.set_code(error.code);
  out.set_text(error.text);
  out.set_advice(error.advice);
  out.set_note(error.note);
}

void ToProto(const AnswerItem& item, v1::AnswerItem& out) {
  if (item.invoice) {
    out.mutable_invoice()->set_mst(item.invoice->mst.value());
    out.mutable_invoice()->set_khmshdon(item.invoice->khmshdon);
    out.mutable_invoice()->set_khhdon(item.invoice->khhdon);
    out.mutable_invoice()->set_shdon(item.invoice->shdon);
  }
  out.set_accepted(item.verdict == AnswerVerdict::kAccepted);
  out.set_mccqt(item.mccqt);
  for (const AnswerError& error : item.errors) ToProto(error, *out.add_errors());
  out.set_subject(static_cast<v1::AnswerSubject>(item.subject));  // the same numbers
  out.set_verdict(ToProto(item.verdict));
  out.set_mst(item.mst);
  for (const AnswerField& field : item.fields) {
    v1::AnswerField& added = *out.add_fields();
    added.set_tag(field.tag);
    added.set_value(field.value);
  }
}

void ToProto(const ParsedAnswer& parsed, v1::ParsedAnswer& out) {
  out.set_verdict(ToProto(parsed.verdict));
  out.set_mccqt(parsed.mccqt);
  out.set_notice_kind(parsed.notice_kind);
  for (const AnswerItem& item : parsed.items) ToProto(item, *out.add_items());
  for (const AnswerError& error : parsed.errors) ToProto(error, *out.add_errors());
  for (const std::string& deviation : parsed.deviations) out.add_deviations(deviation);
  out.set_depth_known(parsed.depth_known);
  out.mutable_notice()->set_number(parsed.notice.number);
  out.mutable_notice()->set_date(parsed.notice.date);
  out.mutable_notice()->set_place(parsed.notice.place);
  out.mutable_deadline()->set_date(parsed.deadline.date);
  out.mutable_deadline()->set_days(parsed.deadline.days);
  out.mutable_deadline()->set_round(parsed.deadline.round);
  out.set_register_range(parsed.register_range);
}

}  // namespace

Status FillFeedbackItem(const MailboxItem& item, const IncomingAnswer& answer, v1::FeedbackItem& out) {
  out.set_sequence(item.sequence);
  out.set_answer_id(item.answer_id);
  out.set_gateway_mtdiep(item.gateway_id.value());
  if (answer.bytes != nullptr) out.set_authority_bytes(*answer.bytes);
  out.set_rewrapped_bytes(item.rewrapped);
  out.set_signature(answer.annotation);
  out.mutable_received_at()->set_seconds(answer.received_at.us / 1'000'000);
  out.mutable_received_at()->set_nanos(static_cast<int32_t>(answer.received_at.us % 1'000'000) * 1000);
  const auto parsed = DecodeParsedAnswer(answer.parsed);
  if (!parsed) return parsed.status();
  ToProto(*parsed, *out.mutable_parsed());
  out.mutable_parsed()->set_message_type(answer.mltdiep);
  return {};
}

void FillOwner(const MailboxItem& item, const MessageMeta& meta, v1::FeedbackItem& out) {
  if (meta.key.kind == SubmitIdKind::kClientReference) {
    out.set_client_reference(item.provider_reference);
  } else {
    out.set_provider_mtdiep(item.provider_reference);
  }
  out.set_state(static_cast<v1::MessageState>(meta.stage));
}

}  // namespace tvan
