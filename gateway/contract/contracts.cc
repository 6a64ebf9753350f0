#include "gateway/contract/contracts.h"

#include <iterator>

#include "gateway/core/status.h"

namespace tvan {

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

ContractKind KindOf(const ContractItem& item) { return static_cast<ContractKind>(item.index()); }

std::string IdOf(const ContractItem& item) {
  switch (KindOf(item)) {
    case ContractKind::kAgreement:
      return kAgreementId;
    case ContractKind::kProviderContract:
      return std::get<ProviderContract>(item).provider.value();
    case ContractKind::kMandate:
      return std::get<Mandate>(item).id();
    case ContractKind::kTaxpayer:
      return std::get<Taxpayer>(item).mst.value();
    case ContractKind::kDelegation:
      return std::get<Delegation>(item).id();
  }
  return "";
}

const char* RecordKindOf(ContractKind kind) {
  static constexpr const char* kNames[] = {"authority_agreement", "provider_contract", "mandate", "taxpayer",
                                           "delegation"};
  TVAN_CHECK(static_cast<size_t>(kind) < std::size(kNames));
  return kNames[static_cast<size_t>(kind)];
}

}  // namespace tvan
