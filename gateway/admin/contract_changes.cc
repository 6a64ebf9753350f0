#include "gateway/admin/contract_changes.h"

#include <algorithm>

#include "gateway/admin/admin_convert.h"
#include "gateway/admin/audit.h"
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

template <class Record>
std::vector<Dates> TermsOf(const Record& record) {
  std::vector<Dates> terms = record.earlier;
  terms.push_back(record.dates);
  return terms;
}

// Whether an instant from now on that a term covered is covered no more; then one of these is.
template <class Record>
bool LosesTime(const Record& before, const Record& after, Time now) {
  std::vector<Time> looked_at = {now};
  for (const Dates& term : TermsOf(before)) looked_at.push_back(term.from);
  for (const Dates& term : TermsOf(after)) looked_at.push_back(term.to);
  return std::any_of(looked_at.begin(), looked_at.end(),
                     [&](Time t) { return t >= now && TermAt(before, t) != nullptr && TermAt(after, t) == nullptr; });
}

// What was ended for good comes back the same way.
template <class Record>
bool Ends(const Record& before, const Record& after, Time now) {
  const bool ended = before.status == ContractStatus::kTerminated, ends = after.status == ContractStatus::kTerminated;
  return ended != ends || (!ended && LosesTime(before, after, now));
}

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

bool EndsForGood(const ContractItem& before, const ContractItem& after, Time now) {
  return std::visit(
      [&](const auto& was) {
        using Record = std::decay_t<decltype(was)>;
        if constexpr (std::is_same_v<Record, Taxpayer>)
          return false;  // facts, which hold nobody's term
        else
          return Ends(was, std::get<Record>(after), now);
      },
      before);
}

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

Result<std::string> ContractChanges::Propose(const std::string& summary, const std::vector<api::ContractItem>& items,
                                             const Caller& by, const std::string& reason) {
  const Time now = clock_.Now();
  api::Proposal asked;
  asked.set_summary(summary);
  asked.set_reason(reason);
  ToProto(now, *asked.mutable_made_at());
  ToProto(now + options_.proposal_keep, *asked.mutable_lapses_at());
  auto id = proposals_.Open(std::move(asked), by, items, now);
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
  if (options_.two_to_end && current && EndsForGood(current->item, item, now)) {
    if (expected && *expected != current->version) return VersionConflict(NameOf(item), current->version, *expected);
    std::vector<ContractSnapshot::ItemFault> faults;
    static_cast<void>(book->With({item}, now, faults));
    if (!faults.empty()) return faults.front().status;
    auto proposal = Propose("end " + NameOf(item), {ProposedItem(item, current->version)}, by, reason);
    if (!proposal) return proposal.status();
    return Done{current->version, *std::move(proposal)};
  }
  const auto version = contracts_.Put(item, {by.name, reason, now}, expected);
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
    api::ContractItem gone = ProposedItem(current->item, current->version);
    gone.set_deleted(true);
    auto proposal = Propose("delete " + NameOf(current->item), {gone}, by, reason);
    if (!proposal) return proposal.status();
    return Done{current->version, *std::move(proposal)};
  }
  Status status = contracts_.Delete(kind, id, {by.name, reason, clock_.Now()}, current->version);
  if (!status.ok()) return status;
  Audit(std::string(RecordKindOf(kind)) + "_deleted", LoggedId(kind, id), current->version + 1, by.name, reason);
  return Done{current->version + 1};
}

bool ContractChanges::NeedsTwo(const std::vector<ContractItem>& items) const {
  if (options_.two_to_import) return true;
  if (!options_.two_to_end) return false;
  const auto book = contracts_.snapshot();
  const Time now = clock_.Now();
  return std::any_of(items.begin(), items.end(), [&](const ContractItem& item) {
    const auto current = book->Get(KindOf(item), IdOf(item));
    return current && EndsForGood(current->item, item, now);
  });
}

Result<ContractChanges::Imported> ContractChanges::Import(std::vector<ContractItem> items, const Caller& by,
                                                          const std::string& reason, bool dry_run) {
  Imported imported;
  for (size_t i = 0; i < items.size(); ++i)
    if (Status taken = CheckCertificates(items[i], by); !taken.ok()) imported.entered.faults.push_back({i, taken});
  if (!imported.entered.faults.empty()) return imported;
  const std::lock_guard lock(mutex_);
  for (ContractItem& item : items) item = WithSources(std::move(item), *contracts_.snapshot(), by.name, clock_.Now());
  const bool two = NeedsTwo(items);
  auto entered = contracts_.Import(items, {by.name, reason, clock_.Now()}, dry_run || two);
  if (!entered) return entered.status();
  imported.entered = *std::move(entered);
  const auto& is = imported.entered;
  const std::string summary = "import " + std::to_string(is.created) + " new, " + std::to_string(is.updated) +
                              " changed, " + std::to_string(is.unchanged) + " as they are";
  if (dry_run || !is.faults.empty()) return imported;
  if (!two) {
    Audit("contract_import", std::to_string(items.size()), 0, by.name, summary + ": " + reason);
    return imported;
  }
  if (is.created + is.updated == 0) return imported;
  const auto book = contracts_.snapshot();
  std::vector<api::ContractItem> asked;
  for (const ContractItem& item : items) {
    const auto current = book->Get(KindOf(item), IdOf(item));
    asked.push_back(ProposedItem(item, current ? current->version : 0));
  }
  auto proposal = Propose(summary, asked, by, reason);
  if (!proposal) return proposal.status();
  imported.proposal = *std::move(proposal);
  return imported;
}

}  // namespace tvan
