#include "gateway/contract/contract_index.h"

#include <algorithm>

#include "gateway/contract/contract_findings.h"

namespace tvan {
namespace {

bool Before(const StoredMandate& stored, const TaxCode& mst, const ProviderId& provider) {
  const Mandate& mandate = stored.mandate;
  return mandate.mst != mst ? mandate.mst < mst : mandate.provider < provider;
}

// The first entry that is not before (mst, provider).
template <class Bucket>
auto LowerBound(Bucket& bucket, const TaxCode& mst, const ProviderId& provider) {
  return std::partition_point(bucket.begin(), bucket.end(),
                              [&](const auto& entry) { return Before(*entry, mst, provider); });
}

std::string VersionOf(const StoredContract& stored) {
  return std::string(kProviderContractKind) + "/" + stored.contract.provider.value() + "@" +
         std::to_string(stored.version);
}

std::string VersionOf(const StoredMandate& stored) {
  return std::string(kMandateKind) + "/" + stored.mandate.id() + "@" + std::to_string(stored.version);
}

bool Allows(const std::vector<int>& types, int type) {
  return types.empty() || std::find(types.begin(), types.end(), type) != types.end();
}

void Close(ContractVerdict& verdict) {
  verdict.kind = verdict.faults.empty() ? ContractVerdict::Kind::kAllow : ContractVerdict::Kind::kRefuse;
}

}  // namespace

const ContractIndex::Bucket* ContractIndex::BucketOf(const TaxCode& mst) const {
  return mandates_[std::hash<TaxCode>()(mst) % kBuckets].get();
}

const StoredContract* ContractIndex::FindStored(const ProviderId& provider) const {
  const auto found = contracts_.find(provider);
  return found == contracts_.end() ? nullptr : found->second.get();
}

const StoredMandate* ContractIndex::FindStored(const ProviderId& provider, const TaxCode& mst) const {
  const Bucket* bucket = BucketOf(mst);
  if (bucket == nullptr) return nullptr;
  const auto found = LowerBound(*bucket, mst, provider);
  if (found == bucket->end() || (*found)->mandate.mst != mst || (*found)->mandate.provider != provider) return nullptr;
  return found->get();
}

const ProviderContract* ContractIndex::FindByCertificate(const std::string& sha256_hex) const {
  const auto found = by_certificate_.find(sha256_hex);
  return found == by_certificate_.end() ? nullptr : &found->second->contract;
}

const ProviderContract* ContractIndex::Find(const ProviderId& provider) const {
  const StoredContract* stored = FindStored(provider);
  return stored == nullptr ? nullptr : &stored->contract;
}

const Mandate* ContractIndex::FindMandate(const ProviderId& provider, const TaxCode& mst) const {
  const StoredMandate* stored = FindStored(provider, mst);
  return stored == nullptr ? nullptr : &stored->mandate;
}

ContractVerdict ContractIndex::DecideProvider(const ProviderId& provider, Time at) const {
  ContractVerdict verdict;
  const StoredContract* stored = FindStored(provider);
  if (stored == nullptr) {
    verdict.faults.push_back(ProviderUnknown(provider));
    return verdict;
  }
  verdict.version = VersionOf(*stored);
  AddProviderFindings(stored->contract, StatusAt(stored->statuses, at), at, verdict.faults);
  Close(verdict);
  return verdict;
}

ContractVerdict ContractIndex::Decide(const ProviderId& provider, const TaxCode& mst, int message_type, Time at) const {
  ContractVerdict verdict = DecideProvider(provider, at);
  const StoredContract* stored = FindStored(provider);
  if (stored == nullptr) return verdict;
  if (!Allows(stored->contract.message_types, message_type))
    verdict.faults.push_back(TypeNotAllowed(provider, message_type));
  const StoredMandate* mandate = FindStored(provider, mst);
  if (mandate == nullptr) {
    verdict.faults.push_back(NoMandate(provider, mst));
  } else {
    verdict.version += "," + VersionOf(*mandate);
    AddMandateFindings(mandate->mandate, StatusAt(mandate->statuses, at), at, verdict.faults);
    if (!Allows(mandate->mandate.message_types, message_type))
      verdict.faults.push_back(TypeNotInMandate(mst, message_type));
  }
  Close(verdict);
  return verdict;
}

// A suspended provider still gets its taxpayers' notices: its mailbox keeps them.
std::vector<ProviderId> ContractIndex::ProvidersOf(const TaxCode& mst, Time at) const {
  std::vector<ProviderId> providers;
  const Bucket* bucket = BucketOf(mst);
  if (bucket == nullptr) return providers;
  for (auto it = LowerBound(*bucket, mst, ProviderId()); it != bucket->end() && (*it)->mandate.mst == mst; ++it) {
    const StoredMandate& stored = **it;
    const StoredContract* contract = FindStored(stored.mandate.provider);
    if (contract == nullptr || !contract->contract.dates.Holds(at) || !stored.mandate.dates.Holds(at)) continue;
    const ContractStatus provider_status = StatusAt(contract->statuses, at);
    const bool served = provider_status == ContractStatus::kActive || provider_status == ContractStatus::kSuspended;
    if (served && StatusAt(stored.statuses, at) == ContractStatus::kActive)
      providers.push_back(stored.mandate.provider);
  }
  return providers;
}

std::vector<ProviderContract> ContractIndex::Contracts() const {
  std::vector<ProviderContract> contracts;
  contracts.reserve(contracts_.size());
  for (const auto& [provider, stored] : contracts_) contracts.push_back(stored->contract);
  std::sort(contracts.begin(), contracts.end(), [](const auto& a, const auto& b) { return a.provider < b.provider; });
  return contracts;
}

std::vector<Mandate> ContractIndex::Mandates(const ProviderId& provider) const {
  std::vector<Mandate> mandates;
  for (const auto& bucket : mandates_) {
    if (!bucket) continue;
    for (const auto& stored : *bucket)
      if (provider.empty() || stored->mandate.provider == provider) mandates.push_back(stored->mandate);
  }
  std::sort(mandates.begin(), mandates.end(), [](const Mandate& a, const Mandate& b) {
    return a.provider != b.provider ? a.provider < b.provider : a.mst < b.mst;
  });
  return mandates;
}

void ContractIndex::Insert(StoredContract stored) {
  if (const StoredContract* old = FindStored(stored.contract.provider))
    for (const std::string& certificate : old->contract.certificates) by_certificate_.erase(certificate);
  const auto shared = std::make_shared<const StoredContract>(std::move(stored));
  for (const std::string& certificate : shared->contract.certificates) by_certificate_[certificate] = shared;
  contracts_[shared->contract.provider] = shared;
}

void ContractIndex::Insert(StoredMandate stored) {
  auto& slot = mandates_[std::hash<TaxCode>()(stored.mandate.mst) % kBuckets];
  auto bucket = slot ? std::make_shared<Bucket>(*slot) : std::make_shared<Bucket>();
  const Mandate& mandate = stored.mandate;
  const auto at = LowerBound(*bucket, mandate.mst, mandate.provider);
  const bool known =
      at != bucket->end() && (*at)->mandate.mst == mandate.mst && (*at)->mandate.provider == mandate.provider;
  auto shared = std::make_shared<const StoredMandate>(std::move(stored));
  if (known)
    *at = std::move(shared);
  else
    bucket->insert(at, std::move(shared));
  slot = std::move(bucket);
}

}  // namespace tvan
