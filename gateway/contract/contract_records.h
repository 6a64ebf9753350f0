#pragma once
// Contract records as the store keeps them (RECORDS.md) and as the book holds them in memory.
// Plain values and pure functions; a body of a newer gateway keeps its unknown fields out of the way (tagged.h).

#include <string>
#include <string_view>
#include <vector>

#include "gateway/contract/contract_book.h"

namespace tvan {

inline constexpr const char* kProviderContractKind = "provider_contract";
inline constexpr const char* kMandateKind = "mandate";

// A status has no date of its own, so each change is kept: a message that was accepted before a suspension is judged
// by the status of its own time (DESIGN section 3.3).
struct StatusSince {
  ContractStatus status = ContractStatus::kActive;
  Time since;
};

struct StoredContract {
  ProviderContract contract;
  std::vector<StatusSince> statuses;  // oldest first, never empty; the last one is contract.status
  uint64_t version = 0;
};

struct StoredMandate {
  Mandate mandate;
  std::vector<StatusSince> statuses;
  uint64_t version = 0;
};

// The status at a time; before the first change it is the first one.
ContractStatus StatusAt(const std::vector<StatusSince>& statuses, Time at);
// The history with `status` from `now` on; unchanged when that is the status already.
std::vector<StatusSince> WithStatus(std::vector<StatusSince> statuses, ContractStatus status, Time now);

std::string EncodeContract(const StoredContract& stored);
std::string EncodeMandate(const StoredMandate& stored);
// contract.damaged; `version` is left 0.
Result<StoredContract> DecodeContract(std::string_view body);
Result<StoredMandate> DecodeMandate(std::string_view body);

}  // namespace tvan
