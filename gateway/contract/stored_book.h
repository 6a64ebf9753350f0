#pragma once
// The contract book on operators' records: what ContractBook promises. Internal to the room.

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/contract/contract_book.h"
#include "gateway/contract/fair_mutex.h"
#include "gateway/contract/import_rebase.h"
#include "gateway/contract/import_run.h"

namespace tvan {

class StoredContractBook final : public ContractBook {
 public:
  StoredContractBook(RecordStore& store, std::shared_ptr<const ContractIndex> index)
      : store_(store), index_(std::move(index)) {}

  std::shared_ptr<const ContractSnapshot> snapshot() const override { return Current(); }
  Result<uint64_t> Put(const ContractItem& item, const By& by, std::optional<uint64_t> expected_version) override;
  Status Delete(ContractKind kind, const std::string& id, const By& by,
                std::optional<uint64_t> expected_version) override;
  Result<Entered> Import(const std::vector<ContractItem>& items, const By& by, bool dry_run,
                         const std::vector<uint64_t>& made_from) override;
  Status Learn(const std::vector<Taxpayer>& news, const By& by) override;
  Status Follow(ContractKind kind, const std::vector<std::string>& ids) override;
  Result<std::vector<Version>> History(ContractKind kind, const std::string& id, uint64_t before_version,
                                       uint32_t limit) const override;

 private:
  std::shared_ptr<const ContractIndex> Current() const {
    const std::lock_guard lock(index_mutex_);
    return index_;
  }
  void Publish(std::shared_ptr<const ContractIndex> next);
  Status FinishPending();
  Result<uint64_t> LastVersionOf(ContractKind kind, const std::string& id) const;
  Result<uint64_t> Enter(const ContractItem& item, const By& by, std::optional<uint64_t> expected_version);
  Draft Drafted(const ContractIndex& base, const std::vector<ContractItem>& items, Time now,
                const std::vector<uint64_t>& made_from = {}) const;
  Result<std::shared_ptr<const ContractIndex>> Base(bool to_change);
  Result<Entered> EnterAll(Draft draft, const By& by);
  Status Begin(Draft& draft, std::unique_ptr<ImportRun> run);
  Status StoreRows();
  Status RowFirst(ContractKind kind, const std::string& id);
  void NoteChange(ContractKind kind, const std::string& id) {
    if (changed_) changed_->emplace(kind, id);
  }
  Status Enter(const Draft& draft, const By& by);
  Status LearnSome(const std::vector<ContractItem>& items, const By& by, Status& refused);
  Status FollowLocked(ContractKind kind, const std::vector<std::string>& ids);  // put_mutex_ held

  RecordStore& store_;
  std::mutex import_mutex_;         // one import at a time; taken before put_mutex_
  FairMutex put_mutex_;             // one change at a time, held over the durable write
  mutable std::mutex index_mutex_;  // held for the pointer only
  std::shared_ptr<const ContractIndex> index_;
  bool pending_ = false;                   // an import may be in the journal and not in all records
  std::unique_ptr<ImportRun> run_;         // one that counts and is being stored
  std::optional<ChangedRecords> changed_;  // since an import began to be drafted
};

}  // namespace tvan
