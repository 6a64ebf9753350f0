#pragma once
// What a proposal would do, item by item, for who has to approve it: against the versions that it was made from, with
// the version that stands there now. Blocking. Internal to admin.

#include "gateway/admin/contract_proposals.h"
#include "gateway/contract/contract_book.h"

namespace tvan {

struct ProposalsAsked {
  const ContractProposals& proposals;
  const ContractBook& contracts;
  Time now;
};
// admin.bad_request, admin.not_found, admin.damaged, store.*
Status ListProposalItems(const ProposalsAsked& asked, const admin::v1::ListProposalItemsRequest& request,
                         admin::v1::ListProposalItemsResponse& response);

}  // namespace tvan
