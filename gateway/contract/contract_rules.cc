#include "gateway/contract/contract_rules.h"

#include <algorithm>

#include "gateway/core/catalogue.h"
#include "gateway/core/hex.h"

namespace tvan {
namespace {

constexpr size_t kMaxList = 256;
constexpr size_t kMaxSigners = 32;  // of one taxpayer
constexpr size_t kMaxName = 400;

Status Invalid(const std::string& what) { return Status::Permanent("contract.invalid"_reason, what); }

// 0 stands for "since ever", kForever for an open end; all else is midnight +07:00.
bool IsMidnight(Time t) {
  constexpr int64_t kDay = 86'400'000'000, kZone = 7 * 3'600'000'000;
  return t == kForever || t.us == 0 || (t.us < kForever.us - kZone && t.us > 0 && (t.us + kZone) % kDay == 0);
}

Status CheckDates(const Dates& dates) {
  if (!IsMidnight(dates.from) || !IsMidnight(dates.to)) return Invalid("dates begin and end at midnight +07:00");
  if (dates.from >= dates.to) return Invalid("the first day is not before the end");
  return {};
}

Status CheckStatus(ContractStatus status) {
  if (status < ContractStatus::kDraft || status > ContractStatus::kTerminated) return Invalid("the status is unknown");
  return {};
}

Status CheckTypes(const std::vector<int>& types) {
  for (const int type : types) {
    const MessageType* known = FindMessageType(type);
    if (known == nullptr || !known->relayed) return Invalid("message type " + std::to_string(type) + " is not relayed");
  }
  return {};
}

template <class T>
void DropRepetitions(std::vector<T>& list) {
  std::vector<T> kept;
  for (T& value : list)
    if (std::find(kept.begin(), kept.end(), value) == kept.end()) kept.push_back(std::move(value));
  list = std::move(kept);
}

// Writes them in lower case.
Status CheckFingerprints(std::vector<std::string>& certificates) {
  for (std::string& certificate : certificates) {
    Sha256 digest;
    if (!ParseHex(certificate, digest.bytes)) return Invalid("a certificate is named by 64 hex digits of its SHA-256");
    certificate = digest.Hex();
  }
  return {};
}

Status CheckCertificates(ProviderContract& contract, const ContractIndex& book) {
  if (Status status = CheckFingerprints(contract.certificates); !status.ok()) return status;
  for (const std::string& certificate : contract.certificates) {
    const ProviderContract* holder = book.FindByCertificate(certificate);
    if (holder != nullptr && holder->provider != contract.provider)
      return Status::Permanent("contract.certificate_taken"_reason,
                               "certificate " + certificate + " is bound to provider " + holder->provider.value());
  }
  return {};
}

Status CheckTaxCodes(const std::vector<TaxCode>& codes) {
  for (const TaxCode& code : codes)
    if (!ParseTaxCode(code.value()).ok()) return Invalid("\"" + code.value().substr(0, 20) + "\" is no tax code");
  return {};
}

Status CheckIds(const ProviderContract& contract) {
  if (!ParseProviderId(contract.provider.value()).ok()) return Invalid("the provider id is not [a-z0-9-]{1,32}");
  if (contract.tax_codes.empty()) return Invalid("a provider contract names at least one tax code");
  return CheckTaxCodes(contract.tax_codes);
}

}  // namespace

Result<ProviderContract> UsableContract(ProviderContract contract, const ContractIndex& book) {
  if (contract.tax_codes.size() > kMaxList || contract.certificates.size() > kMaxList ||
      contract.message_types.size() > kMaxList || contract.name.size() > kMaxName)
    return Invalid("a list has more than 256 entries, or the name more than 400 bytes");
  for (const Status& status : {CheckIds(contract), CheckStatus(contract.status), CheckDates(contract.dates),
                               CheckTypes(contract.message_types), CheckCertificates(contract, book)})
    if (!status.ok()) return status;
  DropRepetitions(contract.tax_codes);
  DropRepetitions(contract.certificates);
  DropRepetitions(contract.message_types);
  return contract;
}

Result<Mandate> UsableMandate(Mandate mandate, const ContractIndex& book) {
  if (mandate.message_types.size() > kMaxList || mandate.signer_certificates.size() > kMaxSigners ||
      mandate.delegates.size() > kMaxSigners)
    return Invalid("more than 256 message types, or more than 32 certificates or delegates");
  if (!ParseTaxCode(mandate.mst.value()).ok()) return Invalid("the taxpayer's tax code is malformed");
  if (book.Find(mandate.provider) == nullptr)
    return Invalid("there is no contract with provider \"" + mandate.provider.value().substr(0, 32) + "\"");
  for (const Status& status :
       {CheckStatus(mandate.status), CheckDates(mandate.dates), CheckTypes(mandate.message_types),
        CheckFingerprints(mandate.signer_certificates), CheckTaxCodes(mandate.delegates)})
    if (!status.ok()) return status;
  DropRepetitions(mandate.message_types);
  DropRepetitions(mandate.signer_certificates);
  DropRepetitions(mandate.delegates);
  return mandate;
}

}  // namespace tvan
