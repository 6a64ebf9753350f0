#include "gateway/contract/contract_records.h"

#include "gateway/core/tagged.h"

namespace tvan {
namespace {

// Tags of both bodies (RECORDS.md): never reuse one.
enum : uint32_t {
  kProvider = 1,
  kName = 2,
  kMst = 3,
  kFrom = 4,
  kTo = 5,
  kTaxCode = 6,
  kCertificate = 7,
  kMessageType = 8,
  kRefuseAuthorityHeader = 9,
  kWarnBreaksOnForward = 10,
  kMaxInFlight = 11,
  kStatusChange = 12,
  kAllowLegacySha1 = 13,
  kAllowEnvelopedOnObject = 14,
  kSignerCertificate = 15,
  kDelegate = 16,
};
enum : uint32_t { kStatus = 1, kSince = 2 };

Status Damaged(const char* what) {
  return Status::Permanent("contract.damaged"_reason, std::string("a stored contract record cannot be read: ") + what);
}

bool IsStatus(uint64_t number) {
  return number >= static_cast<uint64_t>(ContractStatus::kDraft) &&
         number <= static_cast<uint64_t>(ContractStatus::kTerminated);
}

std::string EncodeStatus(const StatusSince& change) {
  TaggedWriter out;
  return out.Unsigned(kStatus, static_cast<uint64_t>(change.status)).Signed(kSince, change.since.us).Take();
}

bool TakeStatus(std::string_view bytes, std::vector<StatusSince>& statuses) {
  StatusSince change;
  bool known = false;
  const Status read = ReadTagged(bytes, [&](const TaggedField& field) {
    if (field.tag == kStatus && IsStatus(field.Unsigned())) {
      change.status = static_cast<ContractStatus>(field.Unsigned());
      known = true;
    }
    if (field.tag == kSince) change.since.us = field.Signed();
  });
  if (!read.ok() || !known) return false;
  statuses.push_back(change);
  return true;
}

// The fields that both records have.
template <class Record>
bool TakeCommon(const TaggedField& field, Record& record, std::vector<StatusSince>& statuses, bool& whole) {
  switch (field.tag) {
    case kProvider:
      record.provider = ProviderId::Trusted(field.String());
      return true;
    case kFrom:
      record.dates.from.us = field.Signed();
      return true;
    case kTo:
      record.dates.to.us = field.Signed();
      return true;
    case kMessageType:
      record.message_types.push_back(static_cast<int>(field.Signed()));
      return true;
    case kStatusChange:
      whole = TakeStatus(field.bytes, statuses) && whole;
      return true;
    default:
      return false;
  }
}

void TakeContractField(const TaggedField& field, ProviderContract& contract) {
  switch (field.tag) {
    case kName:
      contract.name = field.String();
      break;
    case kTaxCode:
      contract.tax_codes.push_back(TaxCode::Trusted(field.String()));
      break;
    case kCertificate:
      contract.certificates.push_back(field.String());
      break;
    case kRefuseAuthorityHeader:
      contract.refuse_authority_header = field.Unsigned() != 0;
      break;
    case kWarnBreaksOnForward:
      contract.warn_breaks_on_forward = field.Unsigned() != 0;
      break;
    case kAllowLegacySha1:
      contract.allow_legacy_sha1 = field.Unsigned() != 0;
      break;
    case kAllowEnvelopedOnObject:
      contract.allow_enveloped_on_object = field.Unsigned() != 0;
      break;
    case kMaxInFlight:
      contract.max_in_flight = static_cast<uint32_t>(field.Unsigned());
      break;
    default:
      break;
  }
}

void TakeMandateField(const TaggedField& field, Mandate& mandate) {
  if (field.tag == kMst) mandate.mst = TaxCode::Trusted(field.String());
  if (field.tag == kSignerCertificate) mandate.signer_certificates.push_back(field.String());
  if (field.tag == kDelegate) mandate.delegates.push_back(TaxCode::Trusted(field.String()));
}

template <class Record>
void WriteCommon(TaggedWriter& out, const Record& record, const std::vector<StatusSince>& statuses) {
  out.Bytes(kProvider, record.provider.value());
  out.Signed(kFrom, record.dates.from.us).Signed(kTo, record.dates.to.us);
  for (const int type : record.message_types) out.Signed(kMessageType, type);
  for (const StatusSince& change : statuses) out.Bytes(kStatusChange, EncodeStatus(change));
}

}  // namespace

ContractStatus StatusAt(const std::vector<StatusSince>& statuses, Time at) {
  TVAN_CHECK(!statuses.empty());
  ContractStatus status = statuses.front().status;
  for (const StatusSince& change : statuses)
    if (change.since <= at) status = change.status;
  return status;
}

std::vector<StatusSince> WithStatus(std::vector<StatusSince> statuses, ContractStatus status, Time now) {
  if (statuses.empty() || statuses.back().status != status) statuses.push_back({status, now});
  return statuses;
}

std::string EncodeContract(const StoredContract& stored) {
  const ProviderContract& contract = stored.contract;
  TaggedWriter out;
  WriteCommon(out, contract, stored.statuses);
  out.Bytes(kName, contract.name);
  for (const TaxCode& code : contract.tax_codes) out.Bytes(kTaxCode, code.value());
  for (const std::string& certificate : contract.certificates) out.Bytes(kCertificate, certificate);
  out.Unsigned(kRefuseAuthorityHeader, contract.refuse_authority_header ? 1 : 0);
  out.Unsigned(kWarnBreaksOnForward, contract.warn_breaks_on_forward ? 1 : 0);
  out.Unsigned(kAllowLegacySha1, contract.allow_legacy_sha1 ? 1 : 0);
  out.Unsigned(kAllowEnvelopedOnObject, contract.allow_enveloped_on_object ? 1 : 0);
  return out.Unsigned(kMaxInFlight, contract.max_in_flight).Take();
}

std::string EncodeMandate(const StoredMandate& stored) {
  TaggedWriter out;
  WriteCommon(out, stored.mandate, stored.statuses);
  for (const std::string& certificate : stored.mandate.signer_certificates) out.Bytes(kSignerCertificate, certificate);
  for (const TaxCode& delegate : stored.mandate.delegates) out.Bytes(kDelegate, delegate.value());
  return out.Bytes(kMst, stored.mandate.mst.value()).Take();
}

Result<StoredContract> DecodeContract(std::string_view body) {
  StoredContract stored;
  bool whole = true;
  const Status read = ReadTagged(body, [&](const TaggedField& field) {
    if (!TakeCommon(field, stored.contract, stored.statuses, whole)) TakeContractField(field, stored.contract);
  });
  if (!read.ok() || !whole || stored.statuses.empty()) return Damaged("a field is cut short");
  if (stored.contract.provider.empty()) return Damaged("it names no provider");
  stored.contract.status = stored.statuses.back().status;
  return stored;
}

Result<StoredMandate> DecodeMandate(std::string_view body) {
  StoredMandate stored;
  bool whole = true;
  const Status read = ReadTagged(body, [&](const TaggedField& field) {
    if (!TakeCommon(field, stored.mandate, stored.statuses, whole)) TakeMandateField(field, stored.mandate);
  });
  if (!read.ok() || !whole || stored.statuses.empty()) return Damaged("a field is cut short");
  if (stored.mandate.provider.empty() || stored.mandate.mst.empty()) return Damaged("it names no provider or taxpayer");
  stored.mandate.status = stored.statuses.back().status;
  return stored;
}

}  // namespace tvan
