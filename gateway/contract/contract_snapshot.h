#pragma once
// What the contract book says at one moment: immutable, shared, thread-safe. A change makes another one.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/contract/contracts.h"
#include "gateway/contract/verdict.h"

namespace tvan {

struct ContractSizes {
  uint64_t contracts = 0, mandates = 0, taxpayers = 0, delegations = 0;
};

class ContractSnapshot {
 public:
  virtual ~ContractSnapshot() = default;
  // The provider that a client certificate is bound to, whatever dates say; nullptr: nobody.
  virtual const ProviderContract* FindByCertificate(const std::string& sha256_hex) const = 0;
  // The same, if the binding holds at that time. Fault: contract.certificate_unknown, _not_yet, _ended, _revoked.
  virtual std::optional<Fault> JudgeCertificate(const std::string& sha256_hex, Time at) const = 0;
  virtual const ProviderContract* Find(const ProviderId& provider) const = 0;
  virtual std::vector<const ProviderContract*> Contracts() const = 0;  // by id; they live as long as the snapshot
  // Whatever their dates say; nullopt: none.
  virtual std::optional<Mandate> FindMandate(const ProviderId& provider, const TaxCode& mst) const = 0;
  virtual std::optional<Taxpayer> FindTaxpayer(const TaxCode& mst) const = 0;
  virtual std::optional<Agreement> FindAgreement() const = 0;
  // Those of the mandate and of delegations that hold then: who else may sign this type for the taxpayer.
  virtual std::vector<TaxCode> DelegatesOf(const ProviderId& provider, const TaxCode& mst, int message_type,
                                           Time at) const = 0;
  // Registered signing certificates that hold then, of mandate and taxpayer.
  virtual std::vector<std::string> SignersOf(const ProviderId& provider, const TaxCode& mst, Time at) const = 0;

  virtual ContractVerdict DecideProvider(const ProviderId& provider, Time at) const = 0;  // before anything is parsed
  virtual ContractVerdict Decide(const ContractQuestion& question) const = 0;             // at intake
  virtual ContractVerdict DecideRelease(const ContractQuestion& question, Time now) const = 0;
  // Until when an allowed verdict stays so, as far as dates of the book say; kForever: no end.
  virtual Time EndsAt(const ContractQuestion& question) const = 0;

  // Providers that hold a mandate for this taxpayer at that time (unasked answers, P4).
  virtual std::vector<ProviderId> ProvidersOf(const TaxCode& mst, Time at) const = 0;
  virtual uint64_t CountMandates(const ProviderId& provider) const = 0;  // whatever their dates say; cheap
  virtual ContractSizes sizes() const = 0;

  // In order of ids, after `after_id` (empty: from the beginning), at most `limit`; with version and changed_at.
  struct Listed {
    ContractItem item;
    uint64_t version = 0;
    Time changed_at;
  };
  virtual std::vector<Listed> List(ContractKind kind, const std::string& after_id, size_t limit) const = 0;
  virtual std::optional<Listed> Get(ContractKind kind, const std::string& id) const = 0;
  // As if the changes were entered (simulation). Errors by index; none: the snapshot.
  struct ItemFault {
    size_t index = 0;
    Status status;
  };
  virtual std::shared_ptr<const ContractSnapshot> With(const std::vector<ContractItem>& items, Time now,
                                                       std::vector<ItemFault>& faults) const = 0;
};

}  // namespace tvan
