#pragma once
// The book's index, read from the store. Internal to the room.

#include <memory>

#include "gateway/contract/contract_index.h"
#include "store/record_store.h"

namespace tvan {

// contract.damaged: a record cannot be read, or two contracts bind one certificate.
Result<std::shared_ptr<const ContractIndex>> LoadIndex(const RecordStore& store, ContractRules rules);
// The record as it stands in the index. contract.damaged
Result<StoredItem> StoredOf(ContractKind kind, const OperatorRecord& record);

}  // namespace tvan
