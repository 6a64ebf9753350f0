#include "gateway/contract/contract_book.h"

#include <mutex>

#include "gateway/contract/contract_import.h"
#include "gateway/contract/contract_load.h"
#include "gateway/contract/contract_rules.h"
#include "gateway/contract/taxpayer_rules.h"

namespace tvan {
namespace {

class StoredContractBook final : public ContractBook {
 public:
  StoredContractBook(RecordStore& store, std::shared_ptr<const ContractIndex> index)
      : store_(store), index_(std::move(index)) {}

  std::shared_ptr<const ContractSnapshot> snapshot() const override { return Current(); }
  Result<uint64_t> Put(const ContractItem& item, const By& by, std::optional<uint64_t> expected_version) override;
  Status Delete(ContractKind kind, const std::string& id, const By& by,
                std::optional<uint64_t> expected_version) override;
  Result<Entered> Import(const std::vector<ContractItem>& items, const By& by, bool dry_run) override;
  Status Learn(const Taxpayer& news, const By& by) override;
  Result<std::vector<Version>> History(ContractKind kind, const std::string& id, uint64_t before_version,
                                       uint32_t limit) const override;
  void SetListener(std::function<void()> on_change) override { on_change_ = std::move(on_change); }

 private:
  std::shared_ptr<const ContractIndex> Current() const {
    const std::lock_guard lock(index_mutex_);
    return index_;
  }
  void Publish(std::shared_ptr<const ContractIndex> next);
  Status FinishPending();
  Result<uint64_t> LastVersionOf(ContractKind kind, const std::string& id) const;
  Result<uint64_t> Enter(const ContractItem& item, const By& by, std::optional<uint64_t> expected_version);
  Result<Draft> Drafted(const std::vector<ContractItem>& items, Time now) const;

  RecordStore& store_;
  std::mutex put_mutex_;            // one change at a time, held over the durable write
  mutable std::mutex index_mutex_;  // held for the pointer only
  std::shared_ptr<const ContractIndex> index_;
  bool pending_ = false;  // an import is in the journal and not in the book
  std::function<void()> on_change_;
};

void StoredContractBook::Publish(std::shared_ptr<const ContractIndex> next) {
  {
    const std::lock_guard lock(index_mutex_);
    index_.swap(next);
  }
  if (on_change_) on_change_();
}

// A journal that could not be worked off stands before every other change: its rows name the versions they replace.
Status StoredContractBook::FinishPending() {
  if (!pending_) return {};
  auto journal = OpenImport(store_);
  if (!journal.ok()) return journal.status();
  if (*journal) {
    if (Status status = FinishImport(store_, **journal, Rows::kPerhapsThere); !status.ok()) return status;
  }
  auto index = LoadIndex(store_, Current()->rules());
  if (!index.ok()) return index.status();
  pending_ = false;
  Publish(*std::move(index));
  return {};
}

Result<uint64_t> StoredContractBook::LastVersionOf(ContractKind kind, const std::string& id) const {
  const auto newest = Newest(store_, RecordKindOf(kind), id);
  if (!newest.ok()) return newest.status();
  return *newest && (*newest)->deleted ? (*newest)->version : uint64_t{0};
}

Result<uint64_t> StoredContractBook::Enter(const ContractItem& item, const By& by,
                                           std::optional<uint64_t> expected_version) {
  const auto index = Current();
  auto entry = EntryOf(*index, item, by.now);
  if (!entry.ok()) return entry.status();
  uint64_t replaces = expected_version.value_or(entry->replaces);
  if (replaces == 0 && entry->replaces == 0) {
    const auto last = LastVersionOf(entry->kind, entry->id);
    if (!last.ok()) return last.status();
    replaces = *last;
  }
  auto written = store_.PutRecord(NewRecord(RecordKindOf(entry->kind), entry->id, entry->body, by), replaces);
  if (!written.ok()) return written.status();
  std::visit([&](auto& one) { one.version = written->version; }, entry->stored);
  const auto next = index->Next();
  next->Insert(std::move(entry->stored));
  Publish(next);
  return written->version;
}

Result<uint64_t> StoredContractBook::Put(const ContractItem& item, const By& by,
                                         std::optional<uint64_t> expected_version) {
  const std::lock_guard lock(put_mutex_);
  if (Status status = FinishPending(); !status.ok()) return status;
  return Enter(item, by, expected_version);
}

Status StoredContractBook::Delete(ContractKind kind, const std::string& id, const By& by,
                                  std::optional<uint64_t> expected_version) {
  const std::lock_guard lock(put_mutex_);
  if (Status status = FinishPending(); !status.ok()) return status;
  const auto index = Current();
  const auto old = index->FindStored(kind, id);
  if (!old) return Status::Permanent("contract.not_found"_reason, "nothing in the book has this id");
  if (kind == ContractKind::kProviderContract && index->CountMandates(ProviderId::Trusted(id)) != 0)
    return Status::Permanent("contract.in_use"_reason, "there are mandates under the contract with " + id);
  OperatorRecord record = NewRecord(RecordKindOf(kind), id, "", by);
  record.deleted = true;
  auto written = store_.PutRecord(std::move(record), expected_version.value_or(VersionOf(*old)));
  if (!written.ok()) return written.status();
  const auto next = index->Next();
  next->Erase(kind, id);
  Publish(next);
  return {};
}

Result<Draft> StoredContractBook::Drafted(const std::vector<ContractItem>& items, Time now) const {
  if (items.size() > kMostInOneImport) return Invalid("more than 100 000 rows in one import");
  return DraftOf(*Current(), items, now,
                 [this](ContractKind kind, const std::string& id) { return LastVersionOf(kind, id); });
}

Result<ContractBook::Entered> StoredContractBook::Import(const std::vector<ContractItem>& items, const By& by,
                                                         bool dry_run) {
  const std::lock_guard lock(put_mutex_);
  if (Status status = FinishPending(); !status.ok()) return status;
  auto draft = Drafted(items, by.now);
  if (!draft.ok()) return draft.status();
  Entered entered;
  for (const auto& fault : draft->faults) entered.faults.push_back({fault.index, fault.status});
  if (!entered.faults.empty()) return entered;
  entered.created = draft->created;
  entered.updated = draft->updated;
  entered.unchanged = draft->unchanged;
  if (dry_run || draft->entries.empty()) return entered;
  const auto journal = BeginImport(store_, draft->entries, by);
  if (!journal.ok()) return journal.status();
  pending_ = true;
  if (Status status = FinishImport(store_, *journal, Rows::kNew); !status.ok())
    return Status::InDoubt("contract.import_unfinished"_reason,
                           "the import is in the journal and will be finished: " + status.ToString());
  pending_ = false;
  Publish(draft->index);
  return entered;
}

Status StoredContractBook::Learn(const Taxpayer& news, const By& by) {
  Taxpayer usable = news;
  if (Status status = MakeUsable(usable); !status.ok()) return status;
  const std::lock_guard lock(put_mutex_);
  if (Status status = FinishPending(); !status.ok()) return status;
  const auto known = Current()->FindTaxpayer(usable.mst);
  Taxpayer empty;
  empty.mst = usable.mst;
  const Taxpayer next = Merge(known.value_or(empty), usable);
  if (EncodeTaxpayer(next) == EncodeTaxpayer(known.value_or(empty))) return {};
  return Enter(next, by, std::nullopt).status();
}

Result<std::vector<ContractBook::Version>> StoredContractBook::History(ContractKind kind, const std::string& id,
                                                                       uint64_t before_version, uint32_t limit) const {
  std::vector<Version> versions;
  if (limit == 0) return versions;
  const auto records = store_.RecordHistory(RecordKindOf(kind), id, {.limit = limit, .before = before_version});
  if (!records.ok()) return records.status();
  for (auto record = records->rbegin(); record != records->rend(); ++record) {
    Version version{std::nullopt, record->version, record->changed_at, record->author, record->reason};
    if (!record->deleted) {
      const auto stored = StoredOf(kind, *record);
      if (!stored.ok()) return stored.status();
      version.item = ItemOf(*stored);
    }
    versions.push_back(std::move(version));
  }
  return versions;
}

}  // namespace

Result<std::unique_ptr<ContractBook>> ContractBook::Load(RecordStore& store, ContractRules rules) {
  const auto journal = OpenImport(store);
  if (!journal.ok()) {
    if (journal.status().reason() == "contract.damaged"_reason) return journal.status();
    return Status::Permanent("contract.damaged"_reason,
                             "the records contract_import cannot be read: " + journal.status().ToString());
  }
  if (*journal) {
    if (Status status = FinishImport(store, **journal, Rows::kPerhapsThere); !status.ok()) return status;
  }
  auto index = LoadIndex(store, std::move(rules));
  if (!index.ok()) return index.status();
  return std::unique_ptr<ContractBook>(std::make_unique<StoredContractBook>(store, *std::move(index)));
}

}  // namespace tvan
