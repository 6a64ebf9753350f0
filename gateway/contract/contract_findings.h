#pragma once
// What a contract verdict says to the sender, in both languages. Pure functions of the room.

#include <vector>

#include "gateway/contract/contract_book.h"

namespace tvan {

Finding ProviderUnknown(const ProviderId& provider);
Finding TypeNotAllowed(const ProviderId& provider, int message_type);
Finding TypeNotInMandate(const TaxCode& mst, int message_type);
Finding NoMandate(const ProviderId& provider, const TaxCode& mst);
// Nothing is added when status and dates allow.
void AddProviderFindings(const ProviderContract& contract, ContractStatus status, Time at, std::vector<Finding>& out);
void AddMandateFindings(const Mandate& mandate, ContractStatus status, Time at, std::vector<Finding>& out);

}  // namespace tvan
