#include "gateway/admin/contract_changes.h"

#include "gateway/admin/admin_convert.h"
#include "gateway/admin/audit.h"
#include "gateway/admin/contract_effects.h"
#include "gateway/admin/contract_sources.h"
#include "gateway/core/utf8.h"
#include "gateway/intake/convert.h"

namespace tvan {
namespace {

namespace api = admin::v1;

const std::string kNeedsApproval = "nothing changed yet, a second person has to approve proposal ";

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }

// For the log, which names no taxpayer; the audit log has every id.
std::string LoggedId(ContractKind kind, const std::string& id) {
  const bool of_taxpayer = kind == ContractKind::kTaxpayer || kind == ContractKind::kDelegation;
  return of_taxpayer ? std::string() : id.substr(0, id.find('/'));
}

std::string NameOf(const ContractItem& item) { return std::string(RecordKindOf(KindOf(item))) + " " + IdOf(item); }

api::ContractItem ProposedItem(const ContractItem& item, uint64_t version) {
  api::ContractItem out;
  ToProto(item, version, out);
  return out;
}

Status VersionConflict(const std::string& what, uint64_t stands, uint64_t expected) {
  return Status::Permanent("store.conflict"_reason,
                           what + " is at version " + std::to_string(stands) + ", not " + std::to_string(expected));
}

}  // namespace

// A certificate that a contract binds is a provider's and no operator's any more.
Status ContractChanges::CheckCertificates(const ContractItem& item, const Caller& by) const {
  const auto* contract = std::get_if<ProviderContract>(&item);
  if (contract == nullptr) return {};
  for (const BoundCertificate& bound : contract->certificates) {
    if (bound.sha256 == by.certificate)
      return BadRequest("contract: names the certificate of this call, which would be no operator's any more");
    if (options_.operators.count(bound.sha256) > 0)
      return BadRequest("contract: names the certificate of an operator (admin_api.operators)");
  }
  return {};
}

Status CheckReason(const std::string& reason) {
  if (reason.empty() || reason.size() > ContractChanges::kLongestReason)
    return BadRequest("reason: 1 to " + std::to_string(ContractChanges::kLongestReason) + " bytes");
  return {};
}

Status NeedsApproval(const std::string& proposal) {
  return Status::Permanent("admin.needs_approval"_reason, kNeedsApproval + proposal);
}

std::string ProposalOf(const Status& needs_approval) {
  if (needs_approval.reason() != "admin.needs_approval"_reason) return "";
  return needs_approval.message().substr(kNeedsApproval.size());
}

Result<std::string> ContractChanges::Propose(Asked asked, const Caller& by, const std::string& reason) {
  const Time now = clock_.Now();
  api::Proposal proposal;
  proposal.set_summary(asked.summary);
  *proposal.mutable_counts() = asked.counts;
  proposal.set_reason(reason);
  ToProto(now, *proposal.mutable_made_at());
  ToProto(now + options_.proposal_keep, *proposal.mutable_lapses_at());
  auto id = proposals_.Open(std::move(proposal), by, asked.items, now);
  if (id) Audit("proposal", *id, 1, by.name, reason);
  return id;
}

Result<ContractChanges::Done> ContractChanges::Put(const ContractItem& asked, std::optional<uint64_t> expected,
                                                   const Caller& by, const std::string& reason) {
  if (Status taken = CheckCertificates(asked, by); !taken.ok()) return taken;
  if (reason.size() > kLongestReason) return BadRequest("reason: at most " + std::to_string(kLongestReason) + " bytes");
  const std::lock_guard lock(mutex_);
  const Time now = clock_.Now();
  const auto book = contracts_.snapshot();
  const ContractItem item = WithSources(asked, *book, by.name, now);
  const auto current = book->Get(KindOf(item), IdOf(item));
  const Effect effect = EffectOf(current ? &current->item : nullptr, &item, now);
  if (options_.two_to_end && EndsForGood(effect)) {
    if (expected && *expected != current->version) return VersionConflict(NameOf(item), current->version, *expected);
    std::vector<ContractSnapshot::ItemFault> faults;
    static_cast<void>(book->With({item}, now, faults));
    if (!faults.empty()) return faults.front().status;
    Asked end{SummaryOf(effect, item), {}, {ProposedItem(item, current->version)}};
    Count(effect, end.counts);
    auto proposal = Propose(std::move(end), by, reason);
    if (!proposal) return proposal.status();
    return Done{current->version, *std::move(proposal)};
  }
  const uint64_t made_from = expected.value_or(current ? current->version : 0);  // what was looked at
  const auto version = contracts_.Put(item, {by.name, reason, now}, made_from);
  if (!version) return version.status();
  Audit(RecordKindOf(KindOf(item)), LoggedId(KindOf(item), IdOf(item)), *version, by.name, reason);
  return Done{*version};
}

Result<ContractChanges::Done> ContractChanges::Delete(ContractKind kind, const std::string& id,
                                                      std::optional<uint64_t> expected, const Caller& by,
                                                      const std::string& reason) {
  const std::lock_guard lock(mutex_);
  const auto current = contracts_.snapshot()->Get(kind, id);
  if (!current) return Status::Permanent("admin.not_found"_reason, "nothing in the book has this id");
  if (expected && *expected != current->version)
    return VersionConflict(NameOf(current->item), current->version, *expected);
  if (options_.two_to_end) {
    Asked end{"delete " + NameOf(current->item), {}, {ProposedItem(current->item, current->version)}};
    end.items.front().set_deleted(true);
    end.counts.set_ends(1);
    auto proposal = Propose(std::move(end), by, reason);
    if (!proposal) return proposal.status();
    return Done{current->version, *std::move(proposal)};
  }
  Status status = contracts_.Delete(kind, id, {by.name, reason, clock_.Now()}, current->version);
  if (!status.ok()) return status;
  Audit(std::string(RecordKindOf(kind)) + "_deleted", LoggedId(kind, id), current->version + 1, by.name, reason);
  return Done{current->version + 1};
}

bool ContractChanges::NeedsTwo(const api::Proposal::Counts& counts) const {
  const bool ends = counts.shortens() + counts.ends() + counts.brings_back() != 0;
  return options_.two_to_import || (options_.two_to_end && ends);
}

Result<ContractChanges::Imported> ContractChanges::Import(std::vector<ContractItem> items, const Caller& by,
                                                          const std::string& reason, bool dry_run) {
  Imported imported;
  for (size_t i = 0; i < items.size(); ++i)
    if (Status taken = CheckCertificates(items[i], by); !taken.ok()) imported.entered.faults.push_back({i, taken});
  if (!imported.entered.faults.empty()) return imported;
  const Time now = clock_.Now();
  const auto book = contracts_.snapshot();
  Asked asked;
  std::vector<uint64_t> made_from;
  for (ContractItem& item : items) {
    item = WithSources(std::move(item), *book, by.name, now);
    const auto current = book->Get(KindOf(item), IdOf(item));
    const ContractItem next = Added(current ? &current->item : nullptr, item);
    Count(EffectOf(current ? &current->item : nullptr, &next, now), asked.counts);
    made_from.push_back(current ? current->version : 0);
  }
  const bool two = NeedsTwo(asked.counts);
  auto entered = contracts_.Import(items, {by.name, reason, now}, dry_run || two, made_from);
  if (!entered) return entered.status();
  imported.entered = *std::move(entered);
  if (dry_run || !imported.entered.faults.empty()) return imported;
  asked.summary = "import " + TextOf(asked.counts);
  if (!two) {
    Audit("contract_import", std::to_string(items.size()), 0, by.name, asked.summary + ": " + reason);
    return imported;
  }
  if (imported.entered.created + imported.entered.updated == 0) return imported;
  for (size_t i = 0; i < items.size(); ++i) asked.items.push_back(ProposedItem(items[i], made_from[i]));
  const std::lock_guard lock(mutex_);
  auto proposal = Propose(std::move(asked), by, reason);
  if (!proposal) return proposal.status();
  imported.proposal = *std::move(proposal);
  return imported;
}

}  // namespace tvan
