#pragma once
// The immutable snapshot behind ContractSnapshot: contracts by provider and by certificate, mandates by taxpayer.
// A change makes a new snapshot that shares all it did not touch: contracts are few, mandates lie in buckets by
// taxpayer, so that one Put copies one bucket and not the book. Thread-safe because nothing changes after building.

#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/contract/contract_records.h"

namespace tvan {

class ContractIndex final : public ContractSnapshot {
 public:
  const ProviderContract* FindByCertificate(const std::string& sha256_hex) const override;
  const ProviderContract* Find(const ProviderId& provider) const override;
  const Mandate* FindMandate(const ProviderId& provider, const TaxCode& mst) const override;
  ContractVerdict DecideProvider(const ProviderId& provider, Time at) const override;
  ContractVerdict Decide(const ProviderId& provider, const TaxCode& mst, int message_type, Time at) const override;
  std::vector<ProviderId> ProvidersOf(const TaxCode& mst, Time at) const override;

  const StoredContract* FindStored(const ProviderId& provider) const;
  const StoredMandate* FindStored(const ProviderId& provider, const TaxCode& mst) const;
  std::vector<ProviderContract> Contracts() const;                  // by id
  std::vector<Mandate> Mandates(const ProviderId& provider) const;  // by provider and taxpayer

  // While building only.
  void Insert(StoredContract stored);
  void Insert(StoredMandate stored);

 private:
  using Contract = std::shared_ptr<const StoredContract>;
  using Bucket = std::vector<std::shared_ptr<const StoredMandate>>;  // by (taxpayer, provider)
  static constexpr size_t kBuckets = 4096;

  const Bucket* BucketOf(const TaxCode& mst) const;

  std::unordered_map<ProviderId, Contract> contracts_;
  std::unordered_map<std::string, Contract> by_certificate_;
  std::array<std::shared_ptr<const Bucket>, kBuckets> mandates_;
};

}  // namespace tvan
