#pragma once
// The one door through which operators change the contract book, whichever service they call: what needs a second
// person (contracts.two_persons) becomes a proposal there and is done when somebody else approves it. Every change has
// an author, a reason and a line in the log. Blocking; thread-safe: a mass import, its own or a proposal's, lets other
// changes pass. Borrows its parts.

#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/admin/contract_proposals.h"
#include "gateway/contract/contract_book.h"
#include "gateway/core/clock.h"

namespace tvan {

class ContractChanges {
 public:
  struct Options {
    bool two_to_end = false;  // to end a record for good, also by an import
    bool two_to_import = false;
    Span proposal_keep = std::chrono::hours(24 * 7);
    std::set<std::string> operators{};  // SHA-256 hex of their certificates: no contract may bind one
  };
  static constexpr size_t kLongestReason = 500;  // bytes

  ContractChanges(RecordStore& store, ContractBook& contracts, const Clock& clock, Options options)
      : contracts_(contracts), clock_(clock), options_(options), proposals_(store) {}

  struct Done {
    uint64_t version = 0;    // of the record now
    std::string proposal{};  // not empty: nothing changed yet
  };
  // `expected`: the version that the change was made from; none: whatever there is. admin.bad_request (it binds the
  // caller's own certificate), admin.too_many_proposals, contract.*, store.*
  Result<Done> Put(const ContractItem& asked, std::optional<uint64_t> expected, const Caller& by,
                   const std::string& reason);
  Result<Done> Delete(ContractKind kind, const std::string& id, std::optional<uint64_t> expected, const Caller& by,
                      const std::string& reason);
  struct Imported {
    ContractBook::Entered entered;  // of a proposal: what it would do
    std::string proposal{};
  };
  Result<Imported> Import(std::vector<ContractItem> items, const Caller& by, const std::string& reason, bool dry_run);

  // Done at once; FAILED when what it was made from has changed since, and then nothing is. admin.not_found,
  // admin.own_proposal, admin.proposal_closed, store.*
  Result<admin::v1::Proposal> Approve(const std::string& id, const Caller& by, const std::string& reason);
  Result<admin::v1::Proposal> Reject(const std::string& id, const Caller& by, const std::string& reason);
  Result<std::vector<admin::v1::Proposal>> Proposals(bool all) const;
  // admin.bad_request, admin.not_found, store.*
  Status ProposalItems(const admin::v1::ListProposalItemsRequest& request,
                       admin::v1::ListProposalItemsResponse& response) const;

 private:
  struct Asked {
    std::string summary;
    admin::v1::Proposal::Counts counts{};
    std::vector<admin::v1::ContractItem> items{};
  };
  Status CheckCertificates(const ContractItem& item, const Caller& by) const;
  Result<std::string> Propose(Asked asked, const Caller& by, const std::string& reason);
  Result<StoredProposal> FindOpen(const std::string& id, Time now) const;
  bool NeedsTwo(const admin::v1::Proposal::Counts& counts) const;
  // What stands in its way for good, in words; empty: it is done. store.* when it may be tried again.
  Result<std::string> Carry(const StoredProposal& stored, const std::vector<admin::v1::ContractItem>& items,
                            const ContractBook::By& by, const Caller& approver);
  Result<std::string> CarryDeletion(const admin::v1::ContractItem& item, const ContractBook::By& by);

  ContractBook& contracts_;
  const Clock& clock_;
  const Options options_;
  std::mutex mutex_;         // one change at a time, from the look at what stands there to the act; not of an import
  std::mutex decide_mutex_;  // one proposal is decided at a time
  ContractProposals proposals_;
};

// Of a record's reason: 1..500 bytes. admin.bad_request
Status CheckReason(const std::string& reason);
// What a call answers that has no place for a proposal: admin.needs_approval, and the proposal that it names.
Status NeedsApproval(const std::string& proposal);
std::string ProposalOf(const Status& needs_approval);

}  // namespace tvan
