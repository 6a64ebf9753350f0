#include "gateway/intake/verdicts.h"

#include <charconv>

#include "gateway/core/json.h"
#include "gateway/validate/header.h"
#include "gateway/validate/technical_response.h"

namespace tvan {
namespace {

// A rejected message may hold anything in any field: what has not the field's form is not said again.
TechnicalResponse Response(const ReplySigns& signs, const ReplyFacts& facts) {
  TechnicalResponse response;
  response.pban = "2.1.0";
  response.mngui = "V" + WithoutDash(signs.our_mst);
  response.mnnhan = ReplyAddress(facts);
  if (facts.message != nullptr) {
    const Envelope& header = facts.message->header;
    if (IsKnownPBan(header.pban)) response.pban = header.pban;
    if (ParseMessageId(header.mtdiep).ok()) response.mtdtchieu = header.mtdiep;
    if (TaxCodeOfParty(header.mngui)) response.original_mngui = header.mngui;
  }
  response.received_at = facts.at;
  return response;
}

// The text of a receipt from a member's value on; empty: the receipt cannot be read or names no such member.
std::string MemberOf(const std::string& jws, const std::string& name) {
  const size_t first = jws.find('.'), second = jws.find('.', first + 1);
  if (first == std::string::npos || second == std::string::npos) return "";
  const auto payload = Base64UrlDecode(std::string_view(jws).substr(first + 1, second - first - 1));
  if (!payload) return "";
  const std::string member = "\"" + name + "\":";
  const size_t begin = payload->find(member);
  return begin == std::string::npos ? std::string() : payload->substr(begin + member.size());
}

}  // namespace

Finding OtherBytesFinding(const Sha256& accepted, const Sha256& submitted) {
  const std::string digests = "SHA-256 " + accepted.Hex() + " / " + submitted.Hex();
  return {"intake.other_bytes"_reason,
          Severity::kError,
          "/TDiep/TTChung/MTDiep",
          "Mã thông điệp này đã được tiếp nhận với nội dung khác (đã nhận / vừa gửi: " + digests +
              "). Thông điệp đã sửa cần một MTDiep mới.",
          "This id was accepted with other bytes before (accepted / submitted: " + digests +
              "). A corrected document needs a new MTDiep (or client_reference).",
          ""};
}

Finding OtherTypeFinding(int accepted, int submitted) {
  const std::string types = std::to_string(accepted) + " / " + std::to_string(submitted);
  return {
      "intake.other_type"_reason,
      Severity::kError,
      "",
      "Hóa đơn này đã được tiếp nhận với cùng client_reference theo loại thông điệp khác (đã nhận / vừa gửi: " + types +
          ").",
      "This HDon was accepted under the same client_reference as another message type (accepted / submitted: " + types +
          ").",
      ""};
}

Finding VoidedFinding(Time at) {
  const std::string time = FormatLocal(at) + "+07:00";
  return {"intake.voided"_reason,
          Severity::kError,
          "",
          "Mã này đã được chính bên gửi hủy lúc " + time + " khi chưa có thông điệp nào; sẽ không được tiếp nhận nữa.",
          "This id was voided by its provider at " + time + ", before any message came under it; nothing is accepted.",
          ""};
}

Finding WithdrawnFinding(Time at) {
  const std::string time = FormatLocal(at) + "+07:00";
  return {"intake.withdrawn"_reason,
          Severity::kError,
          "",
          "Thông điệp này đã được tiếp nhận rồi được bên gửi rút lại lúc " + time + "; không gửi cơ quan thuế.",
          "This message was accepted and then withdrawn by its provider at " + time + "; it is not sent.",
          ""};
}

Finding PurgedFinding(const MessageId& gateway_id, Time accepted_at) {
  const std::string facts = gateway_id.value() + ", " + FormatLocal(accepted_at) + "+07:00";
  return {"intake.purged"_reason,
          Severity::kError,
          "",
          "Thông điệp này đã được tiếp nhận từ trước (" + facts + "); chứng từ đã hết thời hạn lưu trữ.",
          "This message was accepted before (" + facts + "); its receipt was removed after the retention time.",
          ""};
}

Finding InvoiceClaimedFinding(const InvoiceKey& key) {
  return {"intake.invoice_claimed"_reason,
          Severity::kError,
          "",
          "Hóa đơn " + key.ToString() + " đã có trong một thông điệp khác đã được tiếp nhận.",
          "Invoice " + key.ToString() + " is filed by another accepted message already.",
          ""};
}

Finding DocumentFormFinding(WrappingPlan::Form asked) {
  const bool tdiep = asked == WrappingPlan::Form::kTDiep;
  return {"intake.document_form"_reason,
          Severity::kError,
          "",
          tdiep ? "Tài liệu được gửi ở trường tdiep nhưng phần tử gốc không phải TDiep."
                : "Tài liệu được gửi ở trường hdon nhưng phần tử gốc không phải HDon.",
          tdiep ? "The document came in field tdiep, but its root is no TDiep."
                : "The document came in field hdon, but its root is no HDon.",
          ""};
}

std::string ReplyAddress(const ReplyFacts& facts) {
  const bool from_tdiep = facts.message != nullptr && facts.message->form == WrappingPlan::Form::kTDiep;
  if (from_tdiep && TaxCodeOfParty(facts.message->header.mngui)) return facts.message->header.mngui;
  return facts.contract.tax_codes.empty() ? std::string() : WithoutDash(facts.contract.tax_codes.front());
}

std::string Render999Accepted(const ReplySigns& signs, const ReplyFacts& facts, const MessageId& gateway_id) {
  TechnicalResponse response = Response(signs, facts);
  response.mtdiep =
      DeriveOwnMessageId(signs.digester, signs.message_id_key, signs.our_mst, "ack999", gateway_id.value()).value();
  return Render999(response);
}

std::string Render999Rejected(const ReplySigns& signs, const ReplyFacts& facts, const std::vector<Finding>& findings,
                              const std::string& seed) {
  TechnicalResponse response = Response(signs, facts);
  response.accepted = false;
  response.findings = findings;
  const std::string source = facts.contract.provider.value() + "|" + seed + "|" + std::to_string(facts.at.us);
  response.mtdiep = DeriveOwnMessageId(signs.digester, signs.message_id_key, signs.our_mst, "nack999", source).value();
  return Render999(response);
}

ProofView WithdrawalOf(const MessageView& stored) {
  for (const Event& event : stored.events)
    if (event.kind == EventKind::kWithdrawn) return {event.proof, event.at};
  return {};
}

ReceiptView ViewOfStored(const MessageView& stored) {
  ReceiptView view;
  view.jws = stored.receipt;
  view.gateway_id = stored.meta.gateway_id;
  view.provider_mtdiep = stored.meta.provider_mtdiep;
  if (stored.meta.key.kind == SubmitIdKind::kClientReference) view.client_reference = stored.meta.key.value;
  view.digest = stored.meta.digest;
  view.accepted_at = stored.meta.accepted_at;
  view.cls = stored.meta.cls;
  view.message_type = stored.meta.mltdiep;
  view.durability = DurabilityOf(stored.receipt);
  return view;
}

std::string DurabilityOf(const std::string& jws) {
  const std::string value = MemberOf(jws, "durability");
  return value.size() >= 2 && value.front() == '"' ? value.substr(1, value.find('"', 1) - 1) : std::string();
}

int MessageTypeOf(const std::string& jws) {
  const std::string value = MemberOf(jws, "message_type");
  int type = 0;
  std::from_chars(value.data(), value.data() + value.size(), type);
  return type;
}

}  // namespace tvan
