#include "gateway/intake/verdicts.h"

#include <charconv>

#include "gateway/core/json.h"
#include "gateway/validate/header.h"
#include "gateway/validate/rule_table.h"
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
    if (IsPBanForm(header.pban)) response.pban = header.pban;
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

std::string LocalText(Time at) { return FormatLocal(at) + "+07:00"; }

}  // namespace

Finding OtherBytesFinding(const Sha256& accepted, const Sha256& submitted) {
  return FindingOf("intake.other_bytes"_reason, "/TDiep/TTChung/MTDiep", {accepted.Hex(), submitted.Hex()});
}

Finding OtherTypeFinding(int accepted, int submitted) {
  return FindingOf("intake.other_type"_reason, {}, {std::to_string(accepted), std::to_string(submitted)});
}

Finding VoidedFinding(Time at) { return FindingOf("intake.voided"_reason, {}, {LocalText(at)}); }

Finding WithdrawnFinding(Time at) { return FindingOf("intake.withdrawn"_reason, {}, {LocalText(at)}); }

Finding PurgedFinding(const MessageId& gateway_id, Time accepted_at) {
  return FindingOf("intake.purged"_reason, {}, {gateway_id.value(), LocalText(accepted_at)});
}

Finding DocumentFormFinding(WrappingPlan::Form asked) {
  const bool tdiep = asked == WrappingPlan::Form::kTDiep;
  return FindingOf("intake.document_form"_reason, {}, {tdiep ? "tdiep" : "hdon", tdiep ? "TDiep" : "HDon"});
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
  view.signature_marks = stored.meta.signature_marks;
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
