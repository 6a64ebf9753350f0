// Provider contracts and mandates as messages, both ways.
#include <set>

#include "gateway/admin/admin_convert.h"
#include "gateway/admin/contract_pieces.h"

namespace tvan {
namespace {

namespace api = admin::v1;

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }

// Those that are named alone, then those that have dates; each once.
Result<std::vector<BoundCertificate>> CertificatesOf(const api::ProviderContract& in) {
  std::vector<BoundCertificate> certificates;
  std::set<std::string> dated;
  for (const auto& bound : in.bound_certificates())
    if (!dated.insert(LowerCase(bound.sha256())).second)
      return BadRequest("contract.bound_certificates: the same certificate twice");
  for (const std::string& sha256 : in.certificates())
    if (dated.count(LowerCase(sha256)) == 0) certificates.emplace_back(LowerCase(sha256));
  for (const auto& bound : in.bound_certificates()) certificates.push_back(CertificateOf(bound));
  return certificates;
}

void FillRest(const api::ProviderContract& in, ProviderContract& out) {
  out.name = in.name();
  out.number = in.number();
  out.status = StatusOf(in.status());
  out.dates = DatesOf(in);
  out.earlier = TermsOf(in.earlier_terms());
  out.message_types.assign(in.message_types().begin(), in.message_types().end());
  const api::Quotas& quotas = in.quotas();
  out.quotas = {quotas.per_second(), quotas.burst(), quotas.per_day(), quotas.bytes_per_day()};
  for (const auto& contact : in.contacts())
    out.contacts.push_back({contact.role(), contact.name(), contact.email(), contact.phone()});
  out.direct_sender = in.direct_sender();
  out.refuse_authority_header = in.refuse_authority_header();
  out.warn_breaks_on_forward = in.warn_breaks_on_forward();
  out.allow_legacy_sha1 = in.allow_legacy_sha1();
  out.allow_enveloped_on_object = in.allow_enveloped_on_object();
  out.max_in_flight = in.max_in_flight();
}

}  // namespace

Result<ProviderContract> FromProto(const api::ProviderContract& in) {
  const auto provider = ParseProviderId(in.provider());
  if (!provider) return BadRequest("contract.provider: " + provider.status().message());
  auto codes = TaxCodesOf(in.tax_codes(), "contract.tax_codes");
  if (!codes) return codes.status();
  auto classes = ClassesOf(in.message_classes(), "contract.message_classes");
  if (!classes) return classes.status();
  auto certificates = CertificatesOf(in);
  if (!certificates) return certificates.status();
  ProviderContract contract;
  contract.provider = *provider;
  contract.tax_codes = *std::move(codes);
  contract.classes = *std::move(classes);
  contract.certificates = *std::move(certificates);
  FillRest(in, contract);
  return contract;
}

Result<Mandate> FromProto(const api::Mandate& in) {
  const auto provider = ParseProviderId(in.provider());
  if (!provider) return BadRequest("mandate.provider: " + provider.status().message());
  const auto mst = ParseTaxCode(in.mst());
  if (!mst) return BadRequest("mandate.mst: " + mst.status().message());
  auto delegates = TaxCodesOf(in.delegates(), "mandate.delegates");
  if (!delegates) return delegates.status();
  Mandate mandate;
  mandate.provider = *provider;
  mandate.mst = *mst;
  mandate.status = StatusOf(in.status());
  mandate.dates = DatesOf(in);
  mandate.earlier = TermsOf(in.earlier_terms());
  mandate.message_types.assign(in.message_types().begin(), in.message_types().end());
  mandate.signer_certificates.assign(in.signer_certificates().begin(), in.signer_certificates().end());
  mandate.delegates = *std::move(delegates);
  return mandate;
}

void ToProto(const ProviderContract& contract, uint64_t version, api::ProviderContract& out) {
  out.set_provider(contract.provider.value());
  out.set_name(contract.name);
  out.set_number(contract.number);
  out.set_status(static_cast<api::ContractStatus>(contract.status));
  SetDates(contract.dates.from, contract.dates.to, out);
  for (const Dates& term : contract.earlier) SetDates(term.from, term.to, *out.add_earlier_terms());
  for (const TaxCode& code : contract.tax_codes) out.add_tax_codes(code.value());
  for (const BoundCertificate& certificate : contract.certificates) {
    out.add_certificates(certificate.sha256);
    if (certificate != BoundCertificate(certificate.sha256)) Fill(certificate, *out.add_bound_certificates());
  }
  for (const int type : contract.message_types) out.add_message_types(type);
  for (const MessageClass cls : contract.classes) out.add_message_classes(ToProto(cls));
  if (contract.quotas != Quotas()) {
    out.mutable_quotas()->set_per_second(contract.quotas.per_second);
    out.mutable_quotas()->set_burst(contract.quotas.burst);
    out.mutable_quotas()->set_per_day(contract.quotas.per_day);
    out.mutable_quotas()->set_bytes_per_day(contract.quotas.bytes_per_day);
  }
  for (const ContractContact& contact : contract.contacts) {
    auto& said = *out.add_contacts();
    said.set_role(contact.role);
    said.set_name(contact.name);
    said.set_email(contact.email);
    said.set_phone(contact.phone);
  }
  out.set_direct_sender(contract.direct_sender);
  out.set_refuse_authority_header(contract.refuse_authority_header);
  out.set_warn_breaks_on_forward(contract.warn_breaks_on_forward);
  out.set_allow_legacy_sha1(contract.allow_legacy_sha1);
  out.set_allow_enveloped_on_object(contract.allow_enveloped_on_object);
  out.set_max_in_flight(contract.max_in_flight);
  out.set_version(version);
}

void ToProto(const Mandate& mandate, uint64_t version, api::Mandate& out) {
  out.set_provider(mandate.provider.value());
  out.set_mst(mandate.mst.value());
  out.set_status(static_cast<api::ContractStatus>(mandate.status));
  SetDates(mandate.dates.from, mandate.dates.to, out);
  for (const Dates& term : mandate.earlier) SetDates(term.from, term.to, *out.add_earlier_terms());
  for (const int type : mandate.message_types) out.add_message_types(type);
  for (const std::string& certificate : mandate.signer_certificates) out.add_signer_certificates(certificate);
  for (const TaxCode& delegate : mandate.delegates) out.add_delegates(delegate.value());
  out.set_version(version);
}

}  // namespace tvan
