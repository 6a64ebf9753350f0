// What happens to a proposal: approved and done, or rejected.
#include "gateway/admin/admin_convert.h"
#include "gateway/admin/audit.h"
#include "gateway/admin/contract_changes.h"
#include "gateway/admin/contract_proposal_items.h"
#include "gateway/core/utf8.h"

namespace tvan {
namespace {

namespace api = admin::v1;

std::string WordOf(const Status& status) { return std::string(status.reason().text()) + ": " + status.message(); }

// A failure that says nothing against the proposal.
bool MayBeTriedAgain(const Status& status) { return status.is_transient() || status.is_in_doubt(); }

}  // namespace

Result<StoredProposal> ContractChanges::FindOpen(const std::string& id, Time now) const {
  auto stored = proposals_.Find(id);
  if (!stored) return stored;
  const auto state = StateOf(stored->proposal, now);
  if (state != api::Proposal::OPEN)
    return Status::Permanent("admin.proposal_closed"_reason,
                             "proposal " + id + " is open no more: " + api::Proposal::State_Name(state));
  return stored;
}

Result<std::string> ContractChanges::CarryDeletion(const api::ContractItem& item, const ContractBook::By& by) {
  const auto record = FromProto(item);
  if (!record) return WordOf(record.status());
  const auto current = contracts_.snapshot()->Get(KindOf(*record), IdOf(*record));
  if (!current) return std::string();  // a crash came between the act and its note
  const Status deleted = contracts_.Delete(KindOf(*record), IdOf(*record), by, item.version());
  if (MayBeTriedAgain(deleted)) return deleted;
  return deleted.ok() ? std::string() : WordOf(deleted);
}

Result<std::string> ContractChanges::Carry(const StoredProposal& stored, const std::vector<api::ContractItem>& items,
                                           const ContractBook::By& by, const Caller& approver) {
  if (items.size() != stored.proposal.items()) return std::string("its items cannot be read");
  if (items.size() == 1 && items.front().deleted()) return CarryDeletion(items.front(), by);
  std::vector<ContractItem> records;
  std::vector<uint64_t> made_from;
  for (const api::ContractItem& item : items) {
    auto record = FromProto(item);
    if (!record) return WordOf(record.status());
    if (const Status taken = CheckCertificates(*record, approver); !taken.ok()) return WordOf(taken);
    records.push_back(*std::move(record));
    made_from.push_back(item.version());
  }
  const auto entered = contracts_.Import(records, by, false, made_from);
  if (!entered) return entered.status();
  if (entered->faults.empty()) return std::string();
  const auto again = contracts_.Import(records, by, true);
  if (!again) return again.status();
  const bool done = again->faults.empty() && again->created + again->updated == 0;
  if (done) return std::string();  // a crash came between the act and its note
  const std::string others = std::to_string(entered->faults.size() - 1);
  return WordOf(entered->faults.front().status) + (others == "0" ? "" : " (and " + others + " more)");
}

Result<api::Proposal> ContractChanges::Approve(const std::string& id, const Caller& by, const std::string& reason) {
  const std::lock_guard lock(decide_mutex_);
  const Time now = clock_.Now();
  auto stored = FindOpen(id, now);
  if (!stored) return stored.status();
  // A person who got a new certificate is no second one.
  if (stored->certificate == by.certificate || stored->proposal.author() == by.name)
    return Status::Permanent("admin.own_proposal"_reason, "proposal " + id + " was made by the same operator");
  const auto items = proposals_.ItemsOf(id, 0, ContractBook::kMostInOneImport);
  if (!items) return items.status();
  const std::string why = id + ", approved by " + by.name + ": " + stored->proposal.reason();
  const auto against =
      Carry(*stored, *items, {stored->proposal.author(), std::string(CutUtf8(why, kLongestReason)), now}, by);
  if (!against) return against.status();
  const bool done = against->empty();
  const std::string said = done ? reason : *against + (reason.empty() ? "" : "; " + reason);
  const auto state = done ? api::Proposal::APPROVED : api::Proposal::FAILED;
  if (Status status = proposals_.Close(*stored, state, by, std::string(CutUtf8(said, kLongestReason)), now);
      !status.ok())
    return status;
  Audit(done ? "proposal_approved" : "proposal_failed", id, stored->version + 1, by.name, reason);
  return stored->proposal;
}

Result<api::Proposal> ContractChanges::Reject(const std::string& id, const Caller& by, const std::string& reason) {
  const std::lock_guard lock(decide_mutex_);
  const Time now = clock_.Now();
  auto stored = FindOpen(id, now);
  if (!stored) return stored.status();
  if (Status status = proposals_.Close(*stored, api::Proposal::REJECTED, by, reason, now); !status.ok()) return status;
  Audit("proposal_rejected", id, stored->version + 1, by.name, reason);
  return stored->proposal;
}

Result<std::vector<api::Proposal>> ContractChanges::Proposals(bool all) const {
  return proposals_.List(all, clock_.Now());
}

Status ContractChanges::ProposalItems(const api::ListProposalItemsRequest& request,
                                      api::ListProposalItemsResponse& response) const {
  return ListProposalItems({proposals_, contracts_, clock_.Now()}, request, response);
}

}  // namespace tvan
