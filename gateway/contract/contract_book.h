#pragma once
// The contract book: immutable snapshots of all records, swapped when a record changes, effective with the next
// message. Snapshots are shared and thread-safe; a change copies what it touches (shelf.h), never the book.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/contract/contract_snapshot.h"
#include "store/record_store.h"

namespace tvan {

class ContractBook {
 public:
  // contract.damaged. Finishes an import that a crash broke off, before anything else; one that a salvage left without
  // all of its parts is set aside with an alarm.
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
  // All or none, whatever crashes; durable and visible at once, then stored record by record, while others may change
  // the book. Contracts are entered first, so that rows may build on one another; facts of a taxpayer are added to
  // those known. `made_from`: of each row the version that it was made from, 0: it is new; none: whatever there is.
  // Another version, or a change while the rows are looked at, is the row's fault: store.conflict.
  // contract.import_unfinished (in doubt): it counts, and its records are finished before the next change or at the
  // next start.
  virtual Result<Entered> Import(const std::vector<ContractItem>& items, const By& by, bool dry_run,
                                 const std::vector<uint64_t>& made_from = {}) = 0;

  // What an answer of the authority says of taxpayers, in acts of many; the same source twice changes nothing, so that
  // after an error all may be learned again. contract.invalid: of one of them, the others are learned.
  virtual Status Learn(const std::vector<Taxpayer>& news, const By& by) = 0;

  // Takes what other gateways of the same store wrote into these records. What cannot be read stays as it was known:
  // contract.damaged, store.*
  virtual Status Follow(ContractKind kind, const std::vector<std::string>& ids) = 0;

  // Every version, newest first, before `before_version` (0: from the newest).
  struct Version {
    std::optional<ContractItem> item;  // nullopt: deleted by this version
    uint64_t version = 0;
    Time changed_at;
    std::string author, reason;
  };
  virtual Result<std::vector<Version>> History(ContractKind kind, const std::string& id, uint64_t before_version,
                                               uint32_t limit) const = 0;
};

}  // namespace tvan
