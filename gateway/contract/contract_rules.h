#pragma once
// What a record of the book must be before it is stored. Pure functions of the room.

#include "gateway/contract/contract_index.h"

namespace tvan {

inline constexpr size_t kMostFacts = 64;  // of each sort, of one taxpayer

// Answers the record as it will be stored: certificates in lower case, lists without repetitions, terms and facts in
// order. Errors (permanent): contract.invalid, contract.overlap, contract.certificate_taken.
Result<ContractItem> UsableItem(const ContractItem& item, const ContractIndex& book);

// --- the parts of it
Status Invalid(const std::string& what);  // contract.invalid
Status MakeUsable(Taxpayer& taxpayer);
Status CheckText(const char* what, const std::string& text, size_t most);  // may be empty
Status CheckFingerprint(std::string& certificate);                         // writes it in lower case
Status CheckCertificates(std::vector<BoundCertificate>& certificates);
Status CheckTaxCode(const TaxCode& code);

}  // namespace tvan
