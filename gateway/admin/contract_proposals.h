#pragma once
// Changes of the contract book that wait for a second person, as records (gateway/admin/RECORDS.md). Knows nothing of
// who may approve and what an approval does. Blocking; one writer at a time.

#include <string>
#include <vector>

#include "gateway/core/status.h"
#include "gateway/core/time.h"
#include "store/record_store.h"
#include "tvan/admin/v1/contracts.pb.h"

namespace tvan {

// Who makes a call: the name that stands in records, and the certificate that tells two persons apart.
struct Caller {
  std::string name;
  std::string certificate{};  // SHA-256 hex
};

struct StoredProposal {
  admin::v1::Proposal proposal;  // as it was written: one that lapsed is open there. Without `shown`
  std::string certificate;       // of its author
  uint64_t version = 0;          // of its record
};

class ContractProposals {
 public:
  static constexpr size_t kMostOpen = 100, kMostListed = 1000;

  explicit ContractProposals(RecordStore& store) : store_(store) {}

  // `asked` has summary, reason and times; each item its version, the one it is made from (0: it is new), and
  // `deleted`. Durable with all items. Answers its id. admin.too_many_proposals, store.*
  Result<std::string> Open(admin::v1::Proposal asked, const Caller& by,
                           const std::vector<admin::v1::ContractItem>& items, Time now);
  Result<StoredProposal> Find(const std::string& id) const;  // admin.not_found, admin.damaged, store.*
  // From the item `first` on, at most `most`; fewer: there are no more.
  Result<std::vector<admin::v1::ContractItem>> ItemsOf(const std::string& id, size_t first, size_t most) const;
  // Newest first, at most kMostListed; as they stand at `now`, with the first items.
  Result<std::vector<admin::v1::Proposal>> List(bool all, Time now) const;
  // Writes how it ended. store.*
  Status Close(StoredProposal& stored, admin::v1::Proposal::State state, const Caller& by, const std::string& reason,
               Time now);

 private:
  RecordStore& store_;
};

// Open no more once its time is over.
admin::v1::Proposal::State StateOf(const admin::v1::Proposal& proposal, Time now);

}  // namespace tvan
