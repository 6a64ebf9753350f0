#pragma once
// An operators' record as people read it. Blocking where the contract book is asked; thread-safe.

#include <string>
#include <vector>

#include "gateway/contract/contract_book.h"
#include "store/record_store.h"

namespace tvan {

// "field: value" of contracts, windows, modes of intake, orders and operators' acts; of all other kinds, and of what
// cannot be read, its size and digest only: contact sheets and rotas name persons.
std::vector<std::string> LinesOf(const OperatorRecord& record, const ContractBook& contracts);

}  // namespace tvan
