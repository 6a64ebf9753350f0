#include "gateway/admin/admin_convert.h"

#include "gateway/intake/convert.h"

namespace tvan {
namespace {

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }

template <class Message>
Dates DatesOf(const Message& in) {
  Dates dates;
  if (in.has_from()) dates.from = FromProto(in.from());
  if (in.has_to()) dates.to = FromProto(in.to());
  return dates;
}

template <class Message>
void SetDates(const Dates& dates, Message& out) {
  if (dates.from.us != 0) ToProto(dates.from, *out.mutable_from());
  if (dates.to != kForever) ToProto(dates.to, *out.mutable_to());
}

}  // namespace

Result<ProviderContract> FromProto(const admin::v1::ProviderContract& in) {
  const auto provider = ParseProviderId(in.provider());
  if (!provider) return BadRequest("contract.provider: " + provider.status().message());
  ProviderContract contract;
  contract.provider = *provider;
  contract.name = in.name();
  contract.status = static_cast<ContractStatus>(in.status());
  contract.dates = DatesOf(in);
  for (const std::string& text : in.tax_codes()) {
    const auto code = ParseTaxCode(text);
    if (!code) return BadRequest("contract.tax_codes: " + code.status().message());
    contract.tax_codes.push_back(*code);
  }
  contract.certificates.assign(in.certificates().begin(), in.certificates().end());
  contract.message_types.assign(in.message_types().begin(), in.message_types().end());
  contract.refuse_authority_header = in.refuse_authority_header();
  contract.warn_breaks_on_forward = in.warn_breaks_on_forward();
  contract.allow_legacy_sha1 = in.allow_legacy_sha1();
  contract.allow_enveloped_on_object = in.allow_enveloped_on_object();
  contract.max_in_flight = in.max_in_flight();
  return contract;
}

Result<Mandate> FromProto(const admin::v1::Mandate& in) {
  const auto provider = ParseProviderId(in.provider());
  if (!provider) return BadRequest("mandate.provider: " + provider.status().message());
  const auto mst = ParseTaxCode(in.mst());
  if (!mst) return BadRequest("mandate.mst: " + mst.status().message());
  Mandate mandate;
  mandate.provider = *provider;
  mandate.mst = *mst;
  mandate.status = static_cast<ContractStatus>(in.status());
  mandate.dates = DatesOf(in);
  mandate.message_types.assign(in.message_types().begin(), in.message_types().end());
  mandate.signer_certificates.assign(in.signer_certificates().begin(), in.signer_certificates().end());
  for (const std::string& text : in.delegates()) {
    const auto code = ParseTaxCode(text);
    if (!code) return BadRequest("mandate.delegates: " + code.status().message());
    mandate.delegates.push_back(*code);
  }
  return mandate;
}

void ToProto(const ProviderContract& contract, uint64_t version, admin::v1::ProviderContract& out) {
  out.set_provider(contract.provider.value());
  out.set_name(contract.name);
  out.set_status(static_cast<admin::v1::ContractStatus>(contract.status));
  SetDates(contract.dates, out);
  for (const TaxCode& code : contract.tax_codes) out.add_tax_codes(code.value());
  for (const std::string& certificate : contract.certificates) out.add_certificates(certificate);
  for (const int type : contract.message_types) out.add_message_types(type);
  out.set_refuse_authority_header(contract.refuse_authority_header);
  out.set_warn_breaks_on_forward(contract.warn_breaks_on_forward);
  out.set_allow_legacy_sha1(contract.allow_legacy_sha1);
  out.set_allow_enveloped_on_object(contract.allow_enveloped_on_object);
  out.set_max_in_flight(contract.max_in_flight);
  out.set_version(version);
}

void ToProto(const Mandate& mandate, uint64_t version, admin::v1::Mandate& out) {
  out.set_provider(mandate.provider.value());
  out.set_mst(mandate.mst.value());
  out.set_status(static_cast<admin::v1::ContractStatus>(mandate.status));
  SetDates(mandate.dates, out);
  for (const int type : mandate.message_types) out.add_message_types(type);
  for (const std::string& certificate : mandate.signer_certificates) out.add_signer_certificates(certificate);
  for (const TaxCode& delegate : mandate.delegates) out.add_delegates(delegate.value());
  out.set_version(version);
}

void ToProto(Span span, google::protobuf::Duration& out) {
  out.set_seconds(span.count() / 1'000'000);
  out.set_nanos(static_cast<int32_t>(span.count() % 1'000'000) * 1000);
}

void ToProto(const StoredAnswer& stored, admin::v1::ParkedAnswer& out) {
  const IncomingAnswer& answer = stored.answer;
  out.set_answer_id(answer.answer_id);
  out.set_message_type(answer.mltdiep);
  out.set_authority_mtdiep(answer.authority_mtdiep);
  out.set_mtdtchieu(answer.mtdtchieu);
  out.set_reason(answer.parked_reason);
  ToProto(answer.received_at, *out.mutable_received_at());
}

}  // namespace tvan
