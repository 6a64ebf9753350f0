#pragma once
// Where facts of a taxpayer come from that an operator enters. Pure.

#include <string>

#include "gateway/contract/contract_book.h"

namespace tvan {

// Facts without source and time: of those that are known, what is known; of others, the author and now.
ContractItem WithSources(ContractItem item, const ContractSnapshot& book, const std::string& author, Time now);

}  // namespace tvan
