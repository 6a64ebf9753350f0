// What the index answers about many records at once.
#include <algorithm>

#include "gateway/contract/contract_findings.h"
#include "gateway/contract/contract_index.h"

namespace tvan {
namespace {

template <class Record>
Judged JudgedAt(const Stored<Record>& stored, Time at) {
  return {{}, StatusAt(stored.statuses, at), stored.record.dates, &stored.record.earlier};
}

ContractSnapshot::Listed Entry(StoredItem stored) {
  return std::visit(
      [](auto& one) {
        return ContractSnapshot::Listed{std::move(one.record), one.version, one.changed_at};
      },
      stored);
}

template <class T>
void AddOnce(const T& value, std::vector<T>& list) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

// The halves of "acme/0101234567", of which the second may be missing.
struct After {
  std::string front;
  uint64_t back = 0;
};
After ParseAfter(const std::string& id) {
  const size_t slash = id.find('/');
  if (slash == std::string::npos) return {id, 0};
  return {id.substr(0, slash), PackTaxCode(std::string_view(id).substr(slash + 1))};
}

}  // namespace

// A suspended provider still gets its taxpayers' notices: its mailbox keeps them.
std::vector<ProviderId> ContractIndex::ProvidersOf(const TaxCode& mst, Time at) const {
  std::vector<ProviderId> providers;
  const uint64_t packed = PackTaxCode(mst.value());
  mandates_.From({packed, 0}, [&](const MandateRow& row) {
    if (row.mst != packed) return false;
    const Contract* contract = FindContract(NameOf(row.provider));
    if (contract == nullptr || !JudgedAt(Whole(row), at).HoldsAt(at)) return true;
    Judged judged = JudgedAt(*contract, at);
    if (judged.status == ContractStatus::kSuspended) judged.status = ContractStatus::kActive;
    if (judged.HoldsAt(at)) providers.push_back(contract->record.provider);
    return true;
  });
  std::sort(providers.begin(), providers.end());
  return providers;
}

std::vector<TaxCode> ContractIndex::DelegatesOf(const ProviderId& provider, const TaxCode& mst, int message_type,
                                                Time at) const {
  std::vector<TaxCode> delegates;
  if (const MandateRow* row = FindRow(provider, mst);
      row != nullptr && row->rare && JudgedAt(*row->rare, at).HoldsAt(at))
    delegates = row->rare->record.delegates;
  const uint64_t packed = PackTaxCode(mst.value());
  delegations_.From({packed, 0}, [&](const DelegationRow& row) {
    if (row.it.mst != packed) return false;
    const Delegation& one = row.stored->record;
    const auto& types = one.message_types;
    const bool named = types.empty() || std::find(types.begin(), types.end(), message_type) != types.end();
    if (named && JudgedAt(*row.stored, at).HoldsAt(at)) AddOnce(one.delegate, delegates);
    return true;
  });
  return delegates;
}

std::vector<std::string> ContractIndex::SignersOf(const ProviderId& provider, const TaxCode& mst, Time at) const {
  std::vector<std::string> signers;
  if (const MandateRow* row = FindRow(provider, mst);
      row != nullptr && row->rare && JudgedAt(*row->rare, at).HoldsAt(at))
    signers = row->rare->record.signer_certificates;
  if (const auto taxpayer = FindTaxpayer(mst))
    for (const BoundCertificate& signer : taxpayer->signers)
      if (signer.Holds(at)) AddOnce(signer.sha256, signers);
  return signers;
}

std::vector<const ProviderContract*> ContractIndex::Contracts() const {
  std::vector<const ProviderContract*> contracts;
  contracts.reserve(contracts_);
  providers_.From("", [&](const ProviderRow& row) {
    if (row.held->contract) contracts.push_back(&row.held->contract->record);
    return true;
  });
  return contracts;
}

ContractSizes ContractIndex::sizes() const {
  return {contracts_, mandates_.size(), taxpayers_.size(), delegations_.size()};
}

std::optional<ContractSnapshot::Listed> ContractIndex::Get(ContractKind kind, const std::string& id) const {
  auto stored = FindStored(kind, id);
  return stored ? std::optional(Entry(*std::move(stored))) : std::nullopt;
}

std::vector<ContractSnapshot::Listed> ContractIndex::List(ContractKind kind, const std::string& after_id,
                                                          size_t limit) const {
  switch (kind) {
    case ContractKind::kAgreement:
      if (limit == 0 || !agreement_ || after_id >= kAgreementId) return {};
      return {Entry(*agreement_)};
    case ContractKind::kProviderContract:
      return ListContracts(after_id, limit);
    case ContractKind::kMandate:
      return ListMandates(after_id, limit);
    case ContractKind::kTaxpayer:
      return ListTaxpayers(after_id, limit);
    case ContractKind::kDelegation:
      return ListDelegations(after_id, limit);
  }
  return {};
}

std::vector<ContractSnapshot::Listed> ContractIndex::ListContracts(const std::string& after_id, size_t limit) const {
  std::vector<Listed> page;
  providers_.From(after_id, [&](const ProviderRow& row) {
    if (page.size() >= limit) return false;
    if (row.held->contract && row.key() > after_id) page.push_back(Entry(*row.held->contract));
    return true;
  });
  return page;
}

std::vector<ContractSnapshot::Listed> ContractIndex::ListMandates(const std::string& after_id, size_t limit) const {
  std::vector<Listed> page;
  const After after = ParseAfter(after_id);
  providers_.From(after.front, [&](const ProviderRow& provider) {
    const uint64_t after_mst = provider.key() == after.front ? after.back : 0;
    by_provider_.From({provider.held->number, after_mst + 1}, [&](const ByProviderRow& row) {
      if (row.it.provider != provider.held->number || page.size() >= limit) return false;
      page.push_back(Entry(Whole(*mandates_.Find({row.it.mst, row.it.provider}))));
      return true;
    });
    return page.size() < limit;
  });
  return page;
}

std::vector<ContractSnapshot::Listed> ContractIndex::ListTaxpayers(const std::string& after_id, size_t limit) const {
  std::vector<Listed> page;
  taxpayers_.From(PackTaxCode(after_id) + 1, [&](const TaxpayerRow& row) {
    if (page.size() >= limit) return false;
    page.push_back({*FindTaxpayer(UnpackTaxCode(row.mst)), row.version, row.changed_at});
    return true;
  });
  return page;
}

std::vector<ContractSnapshot::Listed> ContractIndex::ListDelegations(const std::string& after_id, size_t limit) const {
  std::vector<Listed> page;
  const After after = ParseAfter(after_id);
  delegations_.From({PackTaxCode(after.front), after.back + 1}, [&](const DelegationRow& row) {
    if (page.size() >= limit) return false;
    page.push_back(Entry(*row.stored));
    return true;
  });
  return page;
}

}  // namespace tvan
