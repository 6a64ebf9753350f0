#pragma once
// The immutable snapshot behind ContractSnapshot. A change makes a new index that shares all it did not touch
// (shelf.h), so that one Put copies some pages and never the book. Thread-safe because nothing changes after building.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/contract/contract_book.h"
#include "gateway/contract/index_rows.h"
#include "gateway/contract/shelf.h"

namespace tvan {

class ContractIndex final : public ContractSnapshot {
 public:
  explicit ContractIndex(ContractRules rules = {}) : rules_(std::make_shared<const ContractRules>(std::move(rules))) {}
  // To be changed into the next one; shares everything with this.
  std::shared_ptr<ContractIndex> Next() const;

  const ProviderContract* FindByCertificate(const std::string& sha256_hex) const override;
  std::optional<Fault> JudgeCertificate(const std::string& sha256_hex, Time at) const override;
  const ProviderContract* Find(const ProviderId& provider) const override;
  std::vector<const ProviderContract*> Contracts() const override;
  std::optional<Mandate> FindMandate(const ProviderId& provider, const TaxCode& mst) const override;
  std::optional<Taxpayer> FindTaxpayer(const TaxCode& mst) const override;
  std::optional<Agreement> FindAgreement() const override;
  std::vector<TaxCode> DelegatesOf(const ProviderId& provider, const TaxCode& mst, int message_type,
                                   Time at) const override;
  std::vector<std::string> SignersOf(const ProviderId& provider, const TaxCode& mst, Time at) const override;
  ContractVerdict DecideProvider(const ProviderId& provider, Time at) const override;
  ContractVerdict Decide(const ContractQuestion& question) const override;
  ContractVerdict DecideRelease(const ContractQuestion& question, Time now) const override;
  Time EndsAt(const ContractQuestion& question) const override;
  std::vector<ProviderId> ProvidersOf(const TaxCode& mst, Time at) const override;
  uint64_t CountMandates(const ProviderId& provider) const override;
  ContractSizes sizes() const override;
  std::vector<Listed> List(ContractKind kind, const std::string& after_id, size_t limit) const override;
  std::optional<Listed> Get(ContractKind kind, const std::string& id) const override;
  std::shared_ptr<const ContractSnapshot> With(const std::vector<ContractItem>& items, Time now,
                                               std::vector<ItemFault>& faults) const override;

  // With the history of its status; nullopt: none.
  std::optional<StoredItem> FindStored(ContractKind kind, const std::string& id) const;
  // The first mandate of the provider for somebody not among `own`; nullopt: there is none.
  std::optional<TaxCode> ForeignMandate(const ProviderId& provider, const std::vector<TaxCode>& own) const;
  const ContractRules& rules() const { return *rules_; }

  // While building only.
  void Insert(StoredItem stored);
  void Erase(ContractKind kind, const std::string& id);

 private:
  using Contract = Stored<ProviderContract>;

  const HeldProvider* FindHeld(const ProviderId& provider) const;
  const Contract* FindContract(const ProviderId& provider) const;
  const MandateRow* FindRow(const HeldProvider* held, const TaxCode& mst) const;
  const MandateRow* FindRow(const ProviderId& provider, const TaxCode& mst) const {
    return FindRow(FindHeld(provider), mst);
  }
  const TaxpayerRow* FindFacts(const TaxCode& mst) const;
  Stored<Mandate> Whole(const MandateRow& row) const;
  const ProviderId& NameOf(uint32_t provider) const;
  // The provider's number, a new one if it has none.
  uint32_t NumberOf(const ProviderId& provider);
  void Hold(HeldProvider held);
  void Count(uint32_t provider, int64_t more);
  void InsertOne(Contract stored);
  void InsertOne(Stored<Mandate> stored);
  void InsertOne(Stored<Taxpayer> stored);
  void InsertOne(Stored<Delegation> stored);
  void InsertOne(Stored<Agreement> stored);
  void DropCertificates(const HeldProvider& held);

  // Each adds what it finds, and who decided.
  void JudgeProvider(const ProviderId& provider, const HeldProvider* held, Time at, ContractVerdict& verdict) const;
  const MandateRow* JudgeMandate(const ContractQuestion& question, const HeldProvider* held,
                                 ContractVerdict& verdict) const;
  void JudgeTaxpayer(const ContractQuestion& question, ContractVerdict& verdict) const;
  void JudgeAgreement(Time at, ContractVerdict& verdict) const;
  std::vector<Time> TurnsOf(const ContractQuestion& question) const;

  std::vector<Listed> ListContracts(const std::string& after_id, size_t limit) const;
  std::vector<Listed> ListMandates(const std::string& after_id, size_t limit) const;
  std::vector<Listed> ListTaxpayers(const std::string& after_id, size_t limit) const;
  std::vector<Listed> ListDelegations(const std::string& after_id, size_t limit) const;

  std::shared_ptr<const ContractRules> rules_;
  uint64_t edit_ = 1;
  uint32_t next_number_ = 1;
  uint64_t contracts_ = 0;
  std::shared_ptr<const Stored<Agreement>> agreement_;
  Shelf<ProviderRow> providers_;
  Shelf<NumberRow> numbers_;
  Shelf<CertificateRow> certificates_;
  Shelf<MandateRow> mandates_;
  Shelf<ByProviderRow> by_provider_;
  Shelf<TaxpayerRow> taxpayers_;
  Shelf<DelegationRow> delegations_;
};

}  // namespace tvan
