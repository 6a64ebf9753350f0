#pragma once
// What a change does to a record of the contract book, in one word; and of many, how many do what. Pure.

#include <string>

#include "gateway/contract/contracts.h"
#include "tvan/admin/v1/contracts.pb.h"

namespace tvan {

using Effect = admin::v1::ListProposalItemsResponse::Effect;

// nullptr: nothing of the id stands there, or would. It shortens what loses time from `now` on that a term covered.
Effect EffectOf(const ContractItem* before, const ContractItem* after, Time now);
// Whether it ends for good what it changes, or brings such back.
bool EndsForGood(Effect effect);

void Count(Effect effect, admin::v1::Proposal::Counts& counts);
// "3 new, 2 changed, 1 as they are; 1 shortened, 2 ended": what is the same, and ends if there are any.
std::string TextOf(const admin::v1::Proposal::Counts& counts);
// "end provider_contract acme".
std::string SummaryOf(Effect effect, const ContractItem& item);

// Facts of a taxpayer are added to those known.
ContractItem Added(const ContractItem* before, const ContractItem& row);

}  // namespace tvan
