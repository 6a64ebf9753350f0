#include "gateway/contract/contract_book.h"

#include <algorithm>
#include <mutex>

#include "gateway/contract/contract_index.h"
#include "gateway/contract/contract_rules.h"

namespace tvan {
namespace {

class StoredContractBook final : public ContractBook {
 public:
  StoredContractBook(Store& store, std::shared_ptr<const ContractIndex> index)
      : store_(store), index_(std::move(index)) {}

  std::shared_ptr<const ContractSnapshot> snapshot() const override { return Current(); }

  Result<uint64_t> Put(const ProviderContract& contract, const std::string& author, const std::string& reason, Time now,
                       std::optional<uint64_t> expected_version) override;
  Result<uint64_t> Put(const Mandate& mandate, const std::string& author, const std::string& reason, Time now,
                       std::optional<uint64_t> expected_version) override;

  std::vector<ProviderContract> Contracts() const override { return Current()->Contracts(); }
  std::vector<Mandate> Mandates(const ProviderId& provider) const override { return Current()->Mandates(provider); }

 private:
  std::shared_ptr<const ContractIndex> Current() const {
    const std::lock_guard lock(index_mutex_);
    return index_;
  }
  template <class Stored>
  void Publish(const ContractIndex& old, Stored stored) {
    auto next = std::make_shared<ContractIndex>(old);
    next->Insert(std::move(stored));
    const std::lock_guard lock(index_mutex_);
    index_ = std::move(next);
  }

  Store& store_;
  std::mutex put_mutex_;            // one change at a time, held over the durable write
  mutable std::mutex index_mutex_;  // held for the pointer only
  std::shared_ptr<const ContractIndex> index_;
};

OperatorRecord NewRecord(const char* kind, std::string id, const std::string& author, const std::string& reason,
                         Time now) {
  OperatorRecord record;
  record.kind = kind;
  record.id = std::move(id);
  record.changed_at = now;
  record.author = author;
  record.reason = reason;
  return record;
}

Result<uint64_t> StoredContractBook::Put(const ProviderContract& contract, const std::string& author,
                                         const std::string& reason, Time now,
                                         std::optional<uint64_t> expected_version) {
  const std::lock_guard lock(put_mutex_);
  const auto index = Current();
  auto usable = UsableContract(contract, *index);
  if (!usable.ok()) return usable.status();
  const StoredContract* old = index->FindStored(contract.provider);
  StoredContract stored{std::move(*usable), {}, 0};
  stored.statuses = WithStatus(old ? old->statuses : std::vector<StatusSince>(), contract.status, now);
  OperatorRecord record = NewRecord(kProviderContractKind, contract.provider.value(), author, reason, now);
  record.body = EncodeContract(stored);
  auto written = store_.PutRecord(std::move(record), expected_version.value_or(old ? old->version : 0));
  if (!written.ok()) return written.status();
  stored.version = written->version;
  Publish(*index, std::move(stored));
  return written->version;
}

Result<uint64_t> StoredContractBook::Put(const Mandate& mandate, const std::string& author, const std::string& reason,
                                         Time now, std::optional<uint64_t> expected_version) {
  const std::lock_guard lock(put_mutex_);
  const auto index = Current();
  auto usable = UsableMandate(mandate, *index);
  if (!usable.ok()) return usable.status();
  const StoredMandate* old = index->FindStored(mandate.provider, mandate.mst);
  StoredMandate stored{std::move(*usable), {}, 0};
  stored.statuses = WithStatus(old ? old->statuses : std::vector<StatusSince>(), mandate.status, now);
  OperatorRecord record = NewRecord(kMandateKind, mandate.id(), author, reason, now);
  record.body = EncodeMandate(stored);
  auto written = store_.PutRecord(std::move(record), expected_version.value_or(old ? old->version : 0));
  if (!written.ok()) return written.status();
  stored.version = written->version;
  Publish(*index, std::move(stored));
  return written->version;
}

Status Damaged(const OperatorRecord& record, const std::string& why) {
  return Status::Permanent("contract.damaged"_reason,
                           record.kind + "/" + record.id + " version " + std::to_string(record.version) + ": " + why);
}

Status Unreadable(const std::string& kind, const Status& status) {
  return Status::Permanent("contract.damaged"_reason, "the records " + kind + " cannot be read: " + status.ToString());
}

// A certificate that two stored contracts claim would let one provider act as the other.
Status LoadContracts(const Store& store, ContractIndex& index) {
  const auto records = store.ListRecords(kProviderContractKind);
  if (!records.ok()) return Unreadable(kProviderContractKind, records.status());
  for (const OperatorRecord& record : *records) {
    if (record.deleted) continue;
    auto stored = DecodeContract(record.body);
    if (!stored.ok()) return Damaged(record, stored.status().message());
    if (stored->contract.provider.value() != record.id) return Damaged(record, "the body names another provider");
    for (const std::string& certificate : stored->contract.certificates)
      if (index.FindByCertificate(certificate) != nullptr)
        return Damaged(record, "certificate " + certificate + " is bound to two providers");
    stored->version = record.version;
    index.Insert(std::move(*stored));
  }
  return {};
}

Status LoadMandates(const Store& store, ContractIndex& index) {
  const auto records = store.ListRecords(kMandateKind);
  if (!records.ok()) return Unreadable(kMandateKind, records.status());
  for (const OperatorRecord& record : *records) {
    if (record.deleted) continue;
    auto stored = DecodeMandate(record.body);
    if (!stored.ok()) return Damaged(record, stored.status().message());
    if (stored->mandate.id() != record.id) return Damaged(record, "the body names another mandate");
    stored->version = record.version;
    index.Insert(std::move(*stored));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<ContractBook>> ContractBook::Load(Store& store) {
  auto index = std::make_shared<ContractIndex>();
  if (Status status = LoadContracts(store, *index); !status.ok()) return status;
  if (Status status = LoadMandates(store, *index); !status.ok()) return status;
  return std::unique_ptr<ContractBook>(std::make_unique<StoredContractBook>(store, std::move(index)));
}

}  // namespace tvan
