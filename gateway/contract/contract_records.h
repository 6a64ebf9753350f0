#pragma once
// Contract records as the store keeps them (RECORDS.md) and as the book hands them around.
// Plain values and pure functions; a body of a newer gateway keeps its unknown fields out of the way (tagged.h).

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gateway/contract/contracts.h"
#include "gateway/contract/record_fields.h"
#include "gateway/core/status.h"

namespace tvan {

template <class Record>
struct Stored {
  Record record;
  std::vector<StatusSince> statuses;  // oldest first, never empty; the last one is record.status. Taxpayer: none
  uint64_t version = 0;
  Time changed_at;
};
// In the order of ContractItem.
using StoredItem =
    std::variant<Stored<Agreement>, Stored<ProviderContract>, Stored<Mandate>, Stored<Taxpayer>, Stored<Delegation>>;
ContractItem ItemOf(const StoredItem& stored);
uint64_t VersionOf(const StoredItem& stored);

inline constexpr size_t kMostStatusChanges = 256;

// The status at a time; before the first change it is the first one.
ContractStatus StatusAt(const std::vector<StatusSince>& statuses, Time at);
// The history with `status` from `now` on; unchanged when that is the status already. The oldest fall out of a full
// one.
std::vector<StatusSince> WithStatus(std::vector<StatusSince> statuses, ContractStatus status, Time now);

std::string Encode(const StoredItem& stored);
// contract.damaged; version and time are left 0. The body names the record `id`.
Result<StoredItem> Decode(ContractKind kind, const std::string& id, std::string_view body);

std::string EncodeTaxpayer(const Taxpayer& taxpayer);
bool ReadTaxpayer(std::string_view body, Taxpayer& taxpayer);

}  // namespace tvan
