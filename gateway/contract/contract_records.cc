#include "gateway/contract/contract_records.h"

#include "gateway/contract/record_tags.h"
#include "gateway/core/tagged.h"

namespace tvan {
namespace {

using namespace record_tag;  // NOLINT(google-build-using-namespace): the names of the tags alone

Status Damaged(const char* what) {
  return Status::Permanent("contract.damaged"_reason, std::string("a stored contract record cannot be read: ") + what);
}

template <class Value>
bool Append(std::string_view bytes, std::vector<Value>& list) {
  return Read(bytes, list.emplace_back());
}

// A certificate without dates stands under its own tag, as it always did.
bool HasDates(const BoundCertificate& certificate) { return certificate != BoundCertificate(certificate.sha256); }

// --- fields of one kind; false: damaged

bool Take(const TaggedField& field, Agreement& agreement) {
  if (field.tag == kNumber) agreement.number = field.String();
  if (field.tag == kNote) agreement.note = field.String();
  return true;
}

bool TakeSwitch(const TaggedField& field, ProviderContract& contract) {
  const bool on = field.Unsigned() != 0;
  if (field.tag == kRefuseAuthorityHeader) contract.refuse_authority_header = on;
  if (field.tag == kWarnBreaksOnForward) contract.warn_breaks_on_forward = on;
  if (field.tag == kAllowLegacySha1) contract.allow_legacy_sha1 = on;
  if (field.tag == kAllowEnvelopedOnObject) contract.allow_enveloped_on_object = on;
  if (field.tag == kDirectSender) contract.direct_sender = on;
  if (field.tag == kMaxInFlight) contract.max_in_flight = static_cast<uint32_t>(field.Unsigned());
  return true;
}

bool Take(const TaggedField& field, ProviderContract& contract) {
  switch (field.tag) {
    case kProvider:
      contract.provider = ProviderId::Trusted(field.String());
      return true;
    case kName:
      contract.name = field.String();
      return true;
    case kNumber:
      contract.number = field.String();
      return true;
    case kTaxCode:
      contract.tax_codes.push_back(TaxCode::Trusted(field.String()));
      return true;
    case kCertificate:
      contract.certificates.emplace_back(field.String());
      return true;
    case kBoundCertificate:
      return Append(field.bytes, contract.certificates);
    case kMessageClass:
      contract.classes.push_back(static_cast<MessageClass>(field.Unsigned()));
      return true;
    case kQuotas:
      return Read(field.bytes, contract.quotas);
    case kContact:
      return Append(field.bytes, contract.contacts);
    default:
      return TakeSwitch(field, contract);
  }
}

bool Take(const TaggedField& field, Mandate& mandate) {
  if (field.tag == kProvider) mandate.provider = ProviderId::Trusted(field.String());
  if (field.tag == kMst) mandate.mst = TaxCode::Trusted(field.String());
  if (field.tag == kSignerCertificate) mandate.signer_certificates.push_back(field.String());
  if (field.tag == kDelegate) mandate.delegates.push_back(TaxCode::Trusted(field.String()));
  return true;
}

bool Take(const TaggedField& field, Delegation& delegation) {
  if (field.tag == kMst) delegation.mst = TaxCode::Trusted(field.String());
  if (field.tag == kDelegate) delegation.delegate = TaxCode::Trusted(field.String());
  return true;
}

// --- what records with terms have in common

template <class Record>
bool TakeField(const TaggedField& field, Stored<Record>& stored) {
  Record& record = stored.record;
  if (field.tag == kFrom) record.dates.from.us = field.Signed();
  if (field.tag == kTo) record.dates.to.us = field.Signed();
  if constexpr (!std::is_same_v<Record, Agreement>)
    if (field.tag == kMessageType) record.message_types.push_back(static_cast<int>(field.Signed()));
  if (field.tag == kStatusChange) return Append(field.bytes, stored.statuses);
  if (field.tag == kEarlierTerm) return Append(field.bytes, record.earlier);
  return Take(field, record);
}

template <class Record>
bool ReadBody(std::string_view body, Stored<Record>& stored) {
  bool whole = true;
  const Status read = ReadTagged(body, [&](const TaggedField& field) { whole = TakeField(field, stored) && whole; });
  if (!read.ok() || !whole || stored.statuses.empty()) return false;
  stored.record.status = stored.statuses.back().status;
  return true;
}

bool ReadBody(std::string_view body, Stored<Taxpayer>& stored) { return ReadTaxpayer(body, stored.record); }

template <class Record>
void WriteDated(TaggedWriter& out, const Stored<Record>& stored) {
  const Record& record = stored.record;
  out.Signed(kFrom, record.dates.from.us).Signed(kTo, record.dates.to.us);
  if constexpr (!std::is_same_v<Record, Agreement>)
    for (const int type : record.message_types) out.Signed(kMessageType, type);
  for (const StatusSince& change : stored.statuses) out.Bytes(kStatusChange, Encode(change));
  for (const Dates& term : record.earlier) out.Bytes(kEarlierTerm, Encode(term));
}

std::string EncodeBody(const Stored<Agreement>& stored) {
  TaggedWriter out;
  WriteDated(out, stored);
  return out.Bytes(kNumber, stored.record.number).Bytes(kNote, stored.record.note).Take();
}

std::string EncodeBody(const Stored<ProviderContract>& stored) {
  const ProviderContract& contract = stored.record;
  TaggedWriter out;
  out.Bytes(kProvider, contract.provider.value());
  WriteDated(out, stored);
  out.Bytes(kName, contract.name);
  for (const TaxCode& code : contract.tax_codes) out.Bytes(kTaxCode, code.value());
  for (const BoundCertificate& certificate : contract.certificates)
    if (HasDates(certificate))
      out.Bytes(kBoundCertificate, Encode(certificate));
    else
      out.Bytes(kCertificate, certificate.sha256);
  out.Unsigned(kRefuseAuthorityHeader, contract.refuse_authority_header ? 1 : 0);
  out.Unsigned(kWarnBreaksOnForward, contract.warn_breaks_on_forward ? 1 : 0);
  out.Unsigned(kAllowLegacySha1, contract.allow_legacy_sha1 ? 1 : 0);
  out.Unsigned(kAllowEnvelopedOnObject, contract.allow_enveloped_on_object ? 1 : 0);
  out.Unsigned(kMaxInFlight, contract.max_in_flight);
  for (const MessageClass cls : contract.classes) out.Unsigned(kMessageClass, static_cast<uint64_t>(cls));
  if (contract.quotas != Quotas()) out.Bytes(kQuotas, Encode(contract.quotas));
  for (const ContractContact& contact : contract.contacts) out.Bytes(kContact, Encode(contact));
  if (contract.direct_sender) out.Unsigned(kDirectSender, 1);
  if (!contract.number.empty()) out.Bytes(kNumber, contract.number);
  return out.Take();
}

std::string EncodeBody(const Stored<Mandate>& stored) {
  TaggedWriter out;
  out.Bytes(kProvider, stored.record.provider.value());
  WriteDated(out, stored);
  for (const std::string& certificate : stored.record.signer_certificates) out.Bytes(kSignerCertificate, certificate);
  for (const TaxCode& delegate : stored.record.delegates) out.Bytes(kDelegate, delegate.value());
  return out.Bytes(kMst, stored.record.mst.value()).Take();
}

std::string EncodeBody(const Stored<Delegation>& stored) {
  TaggedWriter out;
  WriteDated(out, stored);
  return out.Bytes(kMst, stored.record.mst.value()).Bytes(kDelegate, stored.record.delegate.value()).Take();
}

std::string EncodeBody(const Stored<Taxpayer>& stored) { return EncodeTaxpayer(stored.record); }

template <class Record>
Result<StoredItem> DecodeAs(const std::string& id, std::string_view body) {
  Stored<Record> stored;
  if (!ReadBody(body, stored)) return Damaged("a field is cut short");
  if (IdOf(ContractItem(stored.record)) != id) return Damaged("the body names another record");
  return StoredItem(std::move(stored));
}

}  // namespace

ContractItem ItemOf(const StoredItem& stored) {
  return std::visit([](const auto& one) { return ContractItem(one.record); }, stored);
}

uint64_t VersionOf(const StoredItem& stored) {
  return std::visit([](const auto& one) { return one.version; }, stored);
}

ContractStatus StatusAt(const std::vector<StatusSince>& statuses, Time at) {
  TVAN_CHECK(!statuses.empty());
  ContractStatus status = statuses.front().status;
  for (const StatusSince& change : statuses)
    if (change.since <= at) status = change.status;
  return status;
}

std::vector<StatusSince> WithStatus(std::vector<StatusSince> statuses, ContractStatus status, Time now) {
  if (statuses.empty() || statuses.back().status != status) statuses.push_back({status, now});
  if (statuses.size() > kMostStatusChanges) statuses.erase(statuses.begin());
  return statuses;
}

std::string Encode(const StoredItem& stored) {
  return std::visit([](const auto& one) { return EncodeBody(one); }, stored);
}

Result<StoredItem> Decode(ContractKind kind, const std::string& id, std::string_view body) {
  switch (kind) {
    case ContractKind::kAgreement:
      return DecodeAs<Agreement>(id, body);
    case ContractKind::kProviderContract:
      return DecodeAs<ProviderContract>(id, body);
    case ContractKind::kMandate:
      return DecodeAs<Mandate>(id, body);
    case ContractKind::kTaxpayer:
      return DecodeAs<Taxpayer>(id, body);
    case ContractKind::kDelegation:
      return DecodeAs<Delegation>(id, body);
  }
  return Damaged("its kind is unknown");
}

}  // namespace tvan
