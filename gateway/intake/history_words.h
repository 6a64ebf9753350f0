#pragma once
// Puts what the store's history says into words for one sender, and keeps from it what is another provider's matter: a
// message is named only to who sent it, or who held a mandate for its taxpayer when it was accepted. Pure.

#include <vector>

#include "gateway/contract/contract_book.h"
#include "gateway/validate/finding_list.h"
#include "store/history.h"

namespace tvan {

void SayHistory(const std::vector<HistoryFinding>& history, const ProviderId& asker, const ContractSnapshot& contracts,
                FindingList& findings);

}  // namespace tvan
