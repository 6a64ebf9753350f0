#pragma once
// What others changed in the book while an import was being drafted. Internal to the room.

#include <set>
#include <string>
#include <utility>

#include "gateway/contract/contract_entry.h"

namespace tvan {

using ChangedRecords = std::set<std::pair<ContractKind, std::string>>;

// Takes these changes over into the draft. Rows that were drafted from what is no more, or that cannot stand beside it,
// become faults (store.conflict); then the draft says nothing.
void Rebase(const ChangedRecords& changed, const ContractIndex& book, Draft& draft);

}  // namespace tvan
