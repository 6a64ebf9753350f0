#include "gateway/contract/contract_load.h"

#include "gateway/contract/packed.h"

namespace tvan {
namespace {

constexpr uint32_t kPage = 1000;

Status Damaged(const OperatorRecord& record, const std::string& why) {
  return Status::Permanent("contract.damaged"_reason,
                           record.kind + "/" + record.id + " version " + std::to_string(record.version) + ": " + why);
}

// Would be found under no tax code.
bool HasNoKey(const StoredItem& stored) {
  if (const auto* mandate = std::get_if<Stored<Mandate>>(&stored)) return PackTaxCode(mandate->record.mst.value()) == 0;
  if (const auto* one = std::get_if<Stored<Taxpayer>>(&stored)) return PackTaxCode(one->record.mst.value()) == 0;
  if (const auto* one = std::get_if<Stored<Delegation>>(&stored))
    return PackTaxCode(one->record.mst.value()) == 0 || PackTaxCode(one->record.delegate.value()) == 0;
  return false;
}

// A certificate that two stored contracts claim would let one provider act as the other.
Status CheckCertificates(const OperatorRecord& record, const StoredItem& stored, const ContractIndex& index) {
  const auto* contract = std::get_if<Stored<ProviderContract>>(&stored);
  if (contract == nullptr) return {};
  for (const BoundCertificate& certificate : contract->record.certificates)
    if (index.FindByCertificate(certificate.sha256) != nullptr)
      return Damaged(record, "certificate " + certificate.sha256 + " is bound to two providers");
  return {};
}

Status TakePage(ContractKind kind, const std::vector<OperatorRecord>& page, ContractIndex& index) {
  for (const OperatorRecord& record : page) {
    if (record.deleted) continue;
    auto stored = StoredOf(kind, record);
    if (!stored.ok()) return stored.status();
    if (Status status = CheckCertificates(record, *stored, index); !status.ok()) return status;
    index.Insert(*std::move(stored));
  }
  return {};
}

Status LoadKind(const RecordStore& store, ContractKind kind, ContractIndex& index) {
  for (std::string after;;) {
    const auto page = store.ScanRecords(RecordKindOf(kind), after, kPage);
    if (!page.ok())
      return Status::Permanent("contract.damaged"_reason, std::string("the records ") + RecordKindOf(kind) +
                                                              " cannot be read: " + page.status().ToString());
    if (page->empty()) return {};
    if (Status status = TakePage(kind, *page, index); !status.ok()) return status;
    after = page->back().id;
  }
}

}  // namespace

Result<StoredItem> StoredOf(ContractKind kind, const OperatorRecord& record) {
  auto stored = Decode(kind, record.id, record.body);
  if (!stored.ok()) return Damaged(record, stored.status().message());
  if (HasNoKey(*stored)) return Damaged(record, "it names no tax code");
  std::visit(
      [&record](auto& one) {
        one.version = record.version;
        one.changed_at = record.changed_at;
      },
      *stored);
  return stored;
}

Result<std::shared_ptr<const ContractIndex>> LoadIndex(const RecordStore& store, ContractRules rules) {
  auto index = std::make_shared<ContractIndex>(std::move(rules));
  for (const ContractKind kind : {ContractKind::kAgreement, ContractKind::kProviderContract, ContractKind::kMandate,
                                  ContractKind::kTaxpayer, ContractKind::kDelegation})
    if (Status status = LoadKind(store, kind, *index); !status.ok()) return status;
  return std::shared_ptr<const ContractIndex>(std::move(index));
}

}  // namespace tvan
