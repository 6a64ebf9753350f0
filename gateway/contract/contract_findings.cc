#include "gateway/contract/contract_findings.h"

namespace tvan {
namespace {

std::string Day(Time t) { return FormatLocal(t).substr(0, 10); }

}  // namespace

const char* ToString(ContractStatus status) {
  switch (status) {
    case ContractStatus::kDraft:
      return "draft";
    case ContractStatus::kActive:
      return "active";
    case ContractStatus::kSuspended:
      return "suspended";
    case ContractStatus::kTerminated:
      return "terminated";
  }
  return "unknown";
}

Fault ProviderUnknown(const ProviderId& provider) {
  return {"contract.provider_unknown"_reason, {}, {provider.value()}};
}

Fault TypeNotAllowed(const ProviderId& provider, int message_type) {
  return {"contract.type_not_allowed"_reason, {}, {provider.value(), std::to_string(message_type)}};
}

Fault TypeNotInMandate(const TaxCode& mst, int message_type) {
  return {"contract.type_not_in_mandate"_reason, {}, {mst.value(), std::to_string(message_type)}};
}

Fault NoMandate(const ProviderId& provider, const TaxCode& mst) {
  return {"contract.no_mandate"_reason, {}, {mst.value(), provider.value()}};
}

void AddProviderFindings(const ProviderContract& contract, ContractStatus status, Time at, std::vector<Fault>& out) {
  const std::string& whose = contract.provider.value();
  if (status == ContractStatus::kDraft) out.push_back({"contract.provider_draft"_reason, {}, {whose}});
  if (status == ContractStatus::kSuspended) out.push_back({"contract.provider_suspended"_reason, {}, {whose}});
  if (status == ContractStatus::kTerminated) out.push_back({"contract.provider_terminated"_reason, {}, {whose}});
  const Dates& dates = contract.dates;
  if (at < dates.from) out.push_back({"contract.provider_not_started"_reason, {}, {whose, Day(dates.from)}});
  if (dates.to <= at) out.push_back({"contract.provider_expired"_reason, {}, {whose, Day(dates.to)}});
}

void AddMandateFindings(const Mandate& mandate, ContractStatus status, Time at, std::vector<Fault>& out) {
  const std::string& whose = mandate.mst.value();
  if (status == ContractStatus::kDraft) out.push_back({"contract.mandate_draft"_reason, {}, {whose}});
  if (status == ContractStatus::kSuspended) out.push_back({"contract.mandate_suspended"_reason, {}, {whose}});
  if (status == ContractStatus::kTerminated) out.push_back({"contract.mandate_terminated"_reason, {}, {whose}});
  const Dates& dates = mandate.dates;
  if (at < dates.from) out.push_back({"contract.mandate_not_started"_reason, {}, {whose, Day(dates.from)}});
  if (dates.to <= at) out.push_back({"contract.mandate_expired"_reason, {}, {whose, Day(dates.to)}});
}

}  // namespace tvan
