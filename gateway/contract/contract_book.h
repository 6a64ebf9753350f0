#pragma once
// The contract book: immutable snapshots of all records, swapped when a record changes, effective with the next
// message. Snapshots are shared and thread-safe; a change copies what it touches (shelf.h), never the book.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/contract/contracts.h"
#include "gateway/contract/verdict.h"
#include "store/record_store.h"

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

class ContractBook {
 public:
  // contract.damaged. Finishes an import that a crash broke off, before anything else.
  static Result<std::unique_ptr<ContractBook>> Load(RecordStore& store, ContractRules rules = {});
  virtual ~ContractBook() = default;
  virtual std::shared_ptr<const ContractSnapshot> snapshot() const = 0;

  struct By {
    std::string author, reason;
    Time now;
  };
  // Durable, then visible. `expected_version` is the version that the change was made from, 0: it is new; none:
  // whatever there is. Errors: contract.invalid, contract.certificate_taken, contract.overlap, store.conflict.
  virtual Result<uint64_t> Put(const ContractItem& item, const By& by,
                               std::optional<uint64_t> expected_version = std::nullopt) = 0;
  virtual Status Delete(ContractKind kind, const std::string& id, const By& by,
                        std::optional<uint64_t> expected_version = std::nullopt) = 0;

  struct RowFault {
    size_t index = 0;
    Status status;
  };
  struct Entered {
    std::vector<RowFault> faults;  // any: nothing was entered
    uint64_t created = 0, updated = 0, unchanged = 0;
  };
  static constexpr size_t kMostInOneImport = 100'000;
  // All or none, whatever crashes; visible at once at the end. Contracts are entered first, so that rows may build on
  // one another; facts of a taxpayer are added to those known. contract.import_unfinished (in doubt): it is durable,
  // and entered before the next change or at the next start.
  virtual Result<Entered> Import(const std::vector<ContractItem>& items, const By& by, bool dry_run) = 0;

  // What an answer of the authority says of a taxpayer; the same source twice changes nothing. OK also when nothing
  // changed.
  virtual Status Learn(const Taxpayer& news, const By& by) = 0;

  // Every version, newest first, before `before_version` (0: from the newest).
  struct Version {
    std::optional<ContractItem> item;  // nullopt: deleted by this version
    uint64_t version = 0;
    Time changed_at;
    std::string author, reason;
  };
  virtual Result<std::vector<Version>> History(ContractKind kind, const std::string& id, uint64_t before_version,
                                               uint32_t limit) const = 0;

  // Short, from the thread that changed the book.
  virtual void SetListener(std::function<void()> on_change) = 0;  // once, before use
};

}  // namespace tvan
