#include "gateway/contract/import_rebase.h"

#include <algorithm>

#include "gateway/contract/contract_rules.h"

namespace tvan {
namespace {

class Rebasing {
 public:
  explicit Rebasing(Draft& draft) : draft_(draft) {}

  // A record that no row names. Those that are gone first, mandates before their contract.
  void TakeOverEnd(ContractKind kind, const std::string& id) {
    const bool in_use =
        kind == ContractKind::kProviderContract && draft_.index->CountMandates(ProviderId::Trusted(id)) != 0;
    if (in_use) return Blame(id, {}, KeyOf(kind, id) + " was deleted meanwhile");
    draft_.index->Erase(kind, id);
  }
  void TakeOver(ContractKind kind, const std::string& id, StoredItem stored) {
    const auto usable = UsableItem(ItemOf(stored), *draft_.index);
    if (usable.ok()) return draft_.index->Insert(std::move(stored));
    const auto* contract = std::get_if<Stored<ProviderContract>>(&stored);
    const auto certificates = contract != nullptr ? contract->record.certificates : std::vector<BoundCertificate>();
    Blame(id.substr(0, id.find('/')), certificates,
          KeyOf(kind, id) + " was changed meanwhile: " + usable.status().message());
  }
  void AddFault(size_t index, const std::string& what) {
    draft_.faults.push_back({index, Status::Permanent("store.conflict"_reason, what)});
  }

 private:
  static bool Binds(const ContractItem& item, const std::vector<BoundCertificate>& certificates) {
    const auto* contract = std::get_if<ProviderContract>(&item);
    return contract != nullptr &&
           std::any_of(certificates.begin(), certificates.end(), [contract](const BoundCertificate& one) {
             return std::any_of(contract->certificates.begin(), contract->certificates.end(),
                                [&one](const BoundCertificate& own) { return own.sha256 == one.sha256; });
           });
  }
  static bool IsOf(const Entry& entry, const std::string& provider) {
    return (entry.kind == ContractKind::kProviderContract || entry.kind == ContractKind::kMandate) &&
           entry.id.substr(0, entry.id.find('/')) == provider;
  }
  // The rows of this provider, or that bind one of these certificates; if there are none, the first row.
  void Blame(const std::string& provider, const std::vector<BoundCertificate>& certificates, const std::string& what) {
    const size_t before = draft_.faults.size();
    for (const Entry& entry : draft_.entries)
      if (IsOf(entry, provider) || Binds(ItemOf(entry.stored), certificates))
        AddFault(draft_.rows.at(KeyOf(entry.kind, entry.id)), what);
    if (draft_.faults.size() == before) AddFault(0, what);
  }

  Draft& draft_;
};

}  // namespace

void Rebase(const ChangedRecords& changed, const ContractIndex& book, Draft& draft) {
  Rebasing rebasing(draft);
  for (auto record = changed.rbegin(); record != changed.rend(); ++record) {
    const auto row = draft.rows.find(KeyOf(record->first, record->second));
    if (row != draft.rows.end())
      rebasing.AddFault(row->second, row->first + " was changed while the import was being checked");
    else if (!book.FindStored(record->first, record->second))
      rebasing.TakeOverEnd(record->first, record->second);
  }
  for (const auto& [kind, id] : changed) {
    auto stored = book.FindStored(kind, id);
    if (stored && draft.rows.count(KeyOf(kind, id)) == 0) rebasing.TakeOver(kind, id, *std::move(stored));
  }
  std::sort(draft.faults.begin(), draft.faults.end(), [](auto& a, auto& b) { return a.index < b.index; });
}

}  // namespace tvan
