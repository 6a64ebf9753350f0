#pragma once
// A contract desk where to end a record, or to import, needs two persons.

#include "tests/unit/admin/contract_world.h"

namespace tvan {

class TwoToEnd : public ContractDeskTest {
 protected:
  explicit TwoToEnd(ContractChanges::Options options = {.two_to_end = true}) : ContractDeskTest(options) {
    EXPECT_TRUE(Create(ContractOf("acme", On("to", "2027-01-01"))).ok());
    EXPECT_TRUE(Create(MandateOf("acme", "0101234567")).ok());
  }
  Status Decide(const std::string& id, const Caller& by, bool approve = true) {
    admin::v1::ApproveProposalRequest yes;
    yes.set_id(id);
    yes.set_reason("seen");
    admin::v1::RejectProposalRequest no;
    no.set_id(id);
    no.set_reason("seen");
    decided_.Clear();
    return approve ? desk_->Approve(yes, by, decided_) : desk_->Reject(no, by, decided_);
  }
  std::vector<admin::v1::Proposal> Proposals(bool all = false) {
    admin::v1::ListProposalsRequest request;
    request.set_all(all);
    admin::v1::ListProposalsResponse response;
    EXPECT_TRUE(desk_->Proposals(request, response).ok());
    return {response.proposals().begin(), response.proposals().end()};
  }
  Status Terminate() {
    return Update("provider_contract { provider: 'acme' status: CONTRACT_STATUS_TERMINATED }", "status");
  }
  admin::v1::Proposal decided_;
};

class TwoToImport : public TwoToEnd {
 protected:
  TwoToImport() : TwoToEnd({.two_to_import = true}) {}
};

}  // namespace tvan
