#pragma once
// A proposal as who has to approve it reads it: what it would do, item by item. One thread.

#include "ops/ctl/tool.h"
#include "tvan/admin/v1/contracts.pb.h"

namespace tvan::ctl {

void ShowProposal(const Tool& tool, const admin::v1::Proposal& proposal);
void ShowItem(const Tool& tool, const admin::v1::ListProposalItemsResponse::Item& item);
// It is shortened, ended, or brought back after its end.
bool EndsForGood(const admin::v1::ListProposalItemsResponse::Item& item);
// The record has changed since the proposal was made: its approval would fail.
bool IsOvertaken(const admin::v1::Proposal& proposal, const admin::v1::ListProposalItemsResponse::Item& item);

}  // namespace tvan::ctl
