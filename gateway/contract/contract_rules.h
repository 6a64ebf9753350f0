#pragma once
// What a contract or mandate must be before it is stored. Pure functions of the room.

#include "gateway/contract/contract_index.h"

namespace tvan {

// Answers the record as it will be stored: certificates in lower case, lists without repetitions.
// Errors (permanent): contract.invalid, contract.certificate_taken.
Result<ProviderContract> UsableContract(ProviderContract contract, const ContractIndex& book);
Result<Mandate> UsableMandate(Mandate mandate, const ContractIndex& book);

}  // namespace tvan
