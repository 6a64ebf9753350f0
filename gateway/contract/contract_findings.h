#pragma once
// Why a contract verdict says no: rules of the rule table (gateway/validate) with their values. Pure functions of the
// room.

#include <vector>

#include "gateway/contract/contract_book.h"

namespace tvan {

Fault ProviderUnknown(const ProviderId& provider);
Fault TypeNotAllowed(const ProviderId& provider, int message_type);
Fault TypeNotInMandate(const TaxCode& mst, int message_type);
Fault NoMandate(const ProviderId& provider, const TaxCode& mst);
// Nothing is added when status and dates allow.
void AddProviderFindings(const ProviderContract& contract, ContractStatus status, Time at, std::vector<Fault>& out);
void AddMandateFindings(const Mandate& mandate, ContractStatus status, Time at, std::vector<Fault>& out);

}  // namespace tvan
