// Whatever stands in the contract book as messages, both ways.
#include <algorithm>

#include "gateway/admin/admin_convert.h"
#include "gateway/admin/contract_pieces.h"

namespace tvan {
namespace {

namespace api = admin::v1;

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }

// All terms stand in one list there, the newest last.
template <class Record>
Status TakeTerms(const google::protobuf::RepeatedPtrField<api::ContractTerm>& in, const std::string& field,
                 Record& out) {
  if (in.empty()) return BadRequest(field + ".terms: at least one");
  out.earlier = TermsOf(in);
  out.dates = out.earlier.back();
  out.earlier.pop_back();
  return {};
}
template <class Record>
void GiveTerms(const Record& record, google::protobuf::RepeatedPtrField<api::ContractTerm>& out) {
  for (const Dates& term : record.earlier) SetDates(term.from, term.to, *out.Add());
  SetDates(record.dates.from, record.dates.to, *out.Add());
}

Result<Registration> RegistrationOf(const api::Taxpayer::Registration& in) {
  Registration out;
  auto classes = ClassesOf(in.classes(), "taxpayer.registrations.classes");
  if (!classes) return classes.status();
  out.classes = *std::move(classes);
  for (const std::string& kind : in.invoice_kinds()) {
    if (kind.size() != 1) return BadRequest("taxpayer.registrations.invoice_kinds: one digit each");
    out.kinds += kind;
  }
  out.accepted = in.accepted();
  out.from = TimeOr(Time{}, in.has_from(), in.from());
  out.register_range = in.register_range();
  out.source = in.source();
  out.known_at = TimeOr(Time{}, in.has_known_at(), in.known_at());
  return out;
}

void Fill(const Registration& in, api::Taxpayer::Registration& out) {
  out.set_accepted(in.accepted);
  if (in.from.us != 0) ToProto(in.from, *out.mutable_from());
  for (const MessageClass cls : in.classes) out.add_classes(ToProto(cls));
  for (const char kind : in.kinds) out.add_invoice_kinds(std::string(1, kind));
  out.set_register_range(in.register_range);
  out.set_source(in.source);
  if (in.known_at.us != 0) ToProto(in.known_at, *out.mutable_known_at());
}

Result<Agreement> FromProto(const api::Agreement& in) {
  Agreement agreement;
  if (Status status = TakeTerms(in.terms(), "agreement", agreement); !status.ok()) return status;
  agreement.status = StatusOf(in.status());
  agreement.number = in.number();
  agreement.note = in.note();
  return agreement;
}

Result<Delegation> FromProto(const api::Delegation& in) {
  const auto mst = ParseTaxCode(in.mst()), delegate = ParseTaxCode(in.delegate());
  if (!mst) return BadRequest("delegation.mst: " + mst.status().message());
  if (!delegate) return BadRequest("delegation.delegate: " + delegate.status().message());
  Delegation delegation;
  delegation.mst = *mst;
  delegation.delegate = *delegate;
  if (Status status = TakeTerms(in.terms(), "delegation", delegation); !status.ok()) return status;
  delegation.status = StatusOf(in.status());
  delegation.message_types.assign(in.message_types().begin(), in.message_types().end());
  return delegation;
}

Result<Taxpayer> FromProto(const api::Taxpayer& in) {
  const auto mst = ParseTaxCode(in.mst());
  if (!mst) return BadRequest("taxpayer.mst: " + mst.status().message());
  Taxpayer out;
  out.mst = *mst;
  for (const auto& status : in.statuses())
    out.statuses.push_back({status.code(), TimeOr(Time{}, status.has_since(), status.since()), status.source(),
                            TimeOr(Time{}, status.has_known_at(), status.known_at())});
  for (const auto& decision : in.decisions())
    out.decisions.push_back({decision.stop(), TimeOr(Time{}, decision.has_from(), decision.from()), decision.number(),
                             decision.source(), TimeOr(Time{}, decision.has_known_at(), decision.known_at()),
                             static_cast<StopKind>(std::clamp(static_cast<int>(decision.kind()), 0, 255)),
                             TimeOr(kForever, decision.has_to(), decision.to()), decision.answers()});
  for (const auto& registration : in.registrations()) {
    auto said = RegistrationOf(registration);
    if (!said) return said.status();
    out.registrations.push_back(*std::move(said));
  }
  for (const auto& signer : in.signers()) out.signers.push_back(CertificateOf(signer));
  return out;
}

void Fill(const Agreement& agreement, api::Agreement& out) {
  out.set_status(static_cast<api::ContractStatus>(agreement.status));
  GiveTerms(agreement, *out.mutable_terms());
  out.set_number(agreement.number);
  out.set_note(agreement.note);
}

void Fill(const Delegation& delegation, api::Delegation& out) {
  out.set_mst(delegation.mst.value());
  out.set_delegate(delegation.delegate.value());
  out.set_status(static_cast<api::ContractStatus>(delegation.status));
  GiveTerms(delegation, *out.mutable_terms());
  for (const int type : delegation.message_types) out.add_message_types(type);
}

void Fill(const Taxpayer& taxpayer, api::Taxpayer& out) {
  out.set_mst(taxpayer.mst.value());
  for (const TaxStatus& status : taxpayer.statuses) {
    auto& said = *out.add_statuses();
    said.set_code(status.code);
    if (status.since.us != 0) ToProto(status.since, *said.mutable_since());
    said.set_source(status.source);
    if (status.known_at.us != 0) ToProto(status.known_at, *said.mutable_known_at());
  }
  for (const StopDecision& decision : taxpayer.decisions) {
    auto& said = *out.add_decisions();
    said.set_stop(decision.stop);
    if (decision.from.us != 0) ToProto(decision.from, *said.mutable_from());
    said.set_number(decision.number);
    said.set_source(decision.source);
    if (decision.known_at.us != 0) ToProto(decision.known_at, *said.mutable_known_at());
    said.set_kind(static_cast<api::Taxpayer::Decision::Kind>(decision.kind));
    if (decision.to != kForever) ToProto(decision.to, *said.mutable_to());
    said.set_answers(decision.answers);
  }
  for (const Registration& registration : taxpayer.registrations) Fill(registration, *out.add_registrations());
  for (const BoundCertificate& signer : taxpayer.signers) Fill(signer, *out.add_signers());
}

}  // namespace

std::optional<ContractKind> FromProto(api::ContractKind kind) {
  if (kind < api::AGREEMENT || kind > api::DELEGATION) return std::nullopt;
  return static_cast<ContractKind>(kind - 1);
}

api::ContractKind ToProto(ContractKind kind) { return static_cast<api::ContractKind>(static_cast<int>(kind) + 1); }

Result<ContractItem> FromProto(const api::ContractItem& in) {
  const auto convert = [](const auto& message) -> Result<ContractItem> {
    auto item = FromProto(message);
    if (!item) return item.status();
    return ContractItem(*std::move(item));
  };
  switch (in.item_case()) {
    case api::ContractItem::kAgreement:
      return convert(in.agreement());
    case api::ContractItem::kProviderContract:
      return convert(in.provider_contract());
    case api::ContractItem::kMandate:
      return convert(in.mandate());
    case api::ContractItem::kTaxpayer:
      return convert(in.taxpayer());
    case api::ContractItem::kDelegation:
      return convert(in.delegation());
    default:
      return BadRequest("item: an agreement, a provider_contract, a mandate, a taxpayer or a delegation");
  }
}

void ToProto(const ContractItem& item, uint64_t version, api::ContractItem& out) {
  out.set_version(version);
  std::visit(
      [&](const auto& record) {
        using Record = std::decay_t<decltype(record)>;
        if constexpr (std::is_same_v<Record, Agreement>) Fill(record, *out.mutable_agreement());
        if constexpr (std::is_same_v<Record, ProviderContract>)
          ToProto(record, version, *out.mutable_provider_contract());
        if constexpr (std::is_same_v<Record, Mandate>) ToProto(record, version, *out.mutable_mandate());
        if constexpr (std::is_same_v<Record, Taxpayer>) Fill(record, *out.mutable_taxpayer());
        if constexpr (std::is_same_v<Record, Delegation>) Fill(record, *out.mutable_delegation());
      },
      item);
}

}  // namespace tvan
