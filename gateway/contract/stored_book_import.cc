// Imports into the book: looked at without the lock, begun in one act, stored in acts between which others change it.
#include "gateway/contract/contract_rules.h"
#include "gateway/contract/stored_book.h"

namespace tvan {
namespace {

ContractBook::Entered EnteredOf(const Draft& draft) {
  ContractBook::Entered entered;
  for (const auto& fault : draft.faults) entered.faults.push_back({fault.index, fault.status});
  if (!entered.faults.empty()) return entered;
  entered.created = draft.created;
  entered.updated = draft.updated;
  entered.unchanged = draft.unchanged;
  return entered;
}

}  // namespace

// What an import is drafted from, without the lock; `to_change`: what others change meanwhile is noted.
Result<std::shared_ptr<const ContractIndex>> StoredContractBook::Base(bool to_change) {
  const std::lock_guard lock(put_mutex_);
  if (Status status = FinishPending(); !status.ok()) return status;
  if (to_change) changed_.emplace();
  return Current();
}

Result<ContractBook::Entered> StoredContractBook::Import(const std::vector<ContractItem>& items, const By& by,
                                                         bool dry_run, const std::vector<uint64_t>& made_from) {
  if (items.size() > kMostInOneImport) return Invalid("more than 100 000 rows in one import");
  if (!made_from.empty() && made_from.size() != items.size()) return Invalid("a version is wanted for each row");
  std::unique_lock one(import_mutex_, std::defer_lock);
  if (!dry_run) one.lock();
  const auto base = Base(!dry_run);
  if (!base.ok()) return base.status();
  Draft draft = Drafted(**base, items, by.now, made_from);
  if (dry_run) return EnteredOf(draft);
  auto entered = EnterAll(std::move(draft), by);
  const std::lock_guard lock(put_mutex_);
  changed_.reset();
  return entered;
}

Result<ContractBook::Entered> StoredContractBook::EnterAll(Draft draft, const By& by) {
  Entered entered = EnteredOf(draft);
  if (!draft.faults.empty() || draft.entries.empty()) return entered;
  auto run = std::make_unique<ImportRun>(store_, draft.entries, by);
  if (Status status = run->WriteParts(); !status.ok()) return status;
  if (Status status = Begin(draft, std::move(run)); !status.ok()) return status;
  if (!draft.faults.empty()) return EnteredOf(draft);
  if (Status status = StoreRows(); !status.ok())
    return Status::InDoubt("contract.import_unfinished"_reason,
                           "the import counts, and is to be finished from its journal: " + status.ToString());
  return entered;
}

// From here on all rows count: durable, and seen at once.
Status StoredContractBook::Begin(Draft& draft, std::unique_ptr<ImportRun> run) {
  const std::lock_guard lock(put_mutex_);
  Rebase(*changed_, *Current(), draft);
  changed_.reset();
  if (!draft.faults.empty()) return {};
  if (Status status = run->Begin(); !status.ok()) {
    pending_ = status.is_in_doubt();
    return status;
  }
  run_ = std::move(run);
  Publish(draft.index);
  return {};
}

// The lock is let go between the acts.
Status StoredContractBook::StoreRows() {
  for (std::unique_ptr<ImportRun> over; !over;) {
    const std::lock_guard lock(put_mutex_);
    if (!run_) return FinishPending();  // somebody else's change met its failure
    Status status = run_->StoreNext();
    pending_ = !status.ok();
    if (pending_ || run_->over()) over = std::move(run_);
    if (pending_) return status;
  }
  return {};
}

// The row of an import that is being stored goes before what is built on it.
Status StoredContractBook::RowFirst(ContractKind kind, const std::string& id) {
  if (!run_) return {};
  Status status = run_->StoreRow(KeyOf(kind, id));
  if (status.ok()) return {};
  run_.reset();
  pending_ = true;
  return status;
}

}  // namespace tvan
