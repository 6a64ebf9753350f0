#include "gateway/contract/contract_book.h"

#include <algorithm>
#include <map>

#include "gateway/contract/contract_import.h"
#include "gateway/contract/contract_load.h"
#include "gateway/contract/contract_rules.h"
#include "gateway/contract/stored_book.h"
#include "gateway/contract/taxpayer_rules.h"

namespace tvan {
namespace {

constexpr int kTries = 3;

// What may be entered later is said before what never will.
void Note(const Status& status, Status& refused) {
  if (refused.ok() || status.disposition() != Disposition::kPermanent) refused = status;
}

// Each taxpayer once, with all that is said of it. What cannot be used is left out, and `refused` says why.
std::vector<ContractItem> OfEach(const std::vector<Taxpayer>& news, Status& refused) {
  std::map<TaxCode, Taxpayer> taxpayers;
  for (Taxpayer said : news) {
    if (Status status = MakeUsable(said); !status.ok()) {
      Note(status, refused);
      continue;
    }
    Taxpayer& known = taxpayers[said.mst];
    known.mst = said.mst;
    known = Merge(std::move(known), said);
  }
  std::vector<ContractItem> items;
  for (auto& [mst, taxpayer] : taxpayers) items.emplace_back(std::move(taxpayer));
  return items;
}

}  // namespace

void StoredContractBook::Publish(std::shared_ptr<const ContractIndex> next) {
  const std::lock_guard lock(index_mutex_);
  index_.swap(next);
}

// A journal that could not be worked off stands before every other change: its rows name the versions they replace.
Status StoredContractBook::FinishPending() {
  if (!pending_) return {};
  if (Status status = SettleImport(store_); !status.ok()) return status;
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
  if (Status status = RowFirst(entry->kind, entry->id); !status.ok()) return status;
  auto written = store_.PutRecord(NewRecord(RecordKindOf(entry->kind), entry->id, entry->body, by), replaces);
  if (!written.ok()) return written.status();
  NoteChange(entry->kind, entry->id);
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
  if (Status status = RowFirst(kind, id); !status.ok()) return status;
  OperatorRecord record = NewRecord(RecordKindOf(kind), id, "", by);
  record.deleted = true;
  auto written = store_.PutRecord(std::move(record), expected_version.value_or(VersionOf(*old)));
  if (!written.ok()) return written.status();
  NoteChange(kind, id);
  const auto next = index->Next();
  next->Erase(kind, id);
  Publish(next);
  return {};
}

Draft StoredContractBook::Drafted(const ContractIndex& base, const std::vector<ContractItem>& items, Time now,
                                  const std::vector<uint64_t>& made_from) const {
  const auto last_version = [this](ContractKind kind, const std::string& id) { return LastVersionOf(kind, id); };
  return DraftOf(base, items, now, last_version, made_from);
}

// In one act.
Status StoredContractBook::Enter(const Draft& draft, const By& by) {
  if (draft.entries.empty()) return {};
  for (const Entry& entry : draft.entries)
    if (Status status = RowFirst(entry.kind, entry.id); !status.ok()) return status;
  const auto written = store_.PutRecords(RowsOf(draft.entries, by));
  if (!written.ok()) return written.status();
  for (const Entry& entry : draft.entries) NoteChange(entry.kind, entry.id);
  Publish(draft.index);
  return {};
}

Status StoredContractBook::Learn(const std::vector<Taxpayer>& news, const By& by) {
  Status refused;
  const std::vector<ContractItem> items = OfEach(news, refused);
  const std::lock_guard lock(put_mutex_);
  if (Status status = FinishPending(); !status.ok()) return status;
  for (auto begin = items.begin(); begin != items.end();) {
    const auto end = begin + std::min<ptrdiff_t>(items.end() - begin, RecordStore::kMostRecordsInAct);
    if (Status status = LearnSome({begin, end}, by, refused); !status.ok()) return status;
    begin = end;
  }
  return refused;
}

// In one act. What another gateway wrote meanwhile is followed first: no fact may be lost to that.
Status StoredContractBook::LearnSome(const std::vector<ContractItem>& items, const By& by, Status& refused) {
  for (int tries = 0; tries < kTries; ++tries) {
    const Draft draft = Drafted(*Current(), items, by.now);
    const Status entered = Enter(draft, by);
    if (entered.reason() != "store.conflict"_reason) {
      for (const auto& fault : draft.faults) Note(fault.status, refused);
      return entered;
    }
    std::vector<std::string> ids;
    for (const Entry& entry : draft.entries) ids.push_back(entry.id);
    if (Status followed = FollowLocked(ContractKind::kTaxpayer, ids); !followed.ok()) return followed;
  }
  return Status::Transient("store.conflict"_reason, "others change the same taxpayers again and again");
}

Status StoredContractBook::Follow(ContractKind kind, const std::vector<std::string>& ids) {
  const std::lock_guard lock(put_mutex_);
  return FollowLocked(kind, ids);
}

Status StoredContractBook::FollowLocked(ContractKind kind, const std::vector<std::string>& ids) {
  const auto next = Current()->Next();
  Status first;
  for (const std::string& id : ids) {
    const auto newest = Newest(store_, RecordKindOf(kind), id);
    if (!newest.ok()) return newest.status();
    const auto known = next->FindStored(kind, id);
    if (!*newest || (known && VersionOf(*known) >= (*newest)->version)) continue;  // our own
    NoteChange(kind, id);
    if ((*newest)->deleted) {
      next->Erase(kind, id);
      continue;
    }
    auto stored = StoredOf(kind, **newest);
    if (stored.ok())
      next->Insert(*std::move(stored));
    else if (first.ok())
      first = stored.status();
  }
  Publish(next);
  return first;
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

Result<std::unique_ptr<ContractBook>> ContractBook::Load(RecordStore& store, ContractRules rules) {
  if (Status status = SettleImport(store); !status.ok())
    return Status::Permanent("contract.damaged"_reason,
                             "the records contract_import cannot be settled: " + status.ToString());
  auto index = LoadIndex(store, std::move(rules));
  if (!index.ok()) return index.status();
  return std::unique_ptr<ContractBook>(std::make_unique<StoredContractBook>(store, *std::move(index)));
}

}  // namespace tvan
