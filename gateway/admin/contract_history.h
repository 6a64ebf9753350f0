#pragma once
// Versions of the contract book's records as operators see them: what each changed, and what was known when. Blocking.
// Internal to admin.

#include <optional>
#include <string>

#include "gateway/contract/contract_book.h"
#include "store/record_store.h"
#include "tvan/admin/v1/contracts.pb.h"

namespace tvan {

// The version that was the newest at that time, among those before `before` (0: all); deleted ones too; nullopt: there
// was none yet. store.*, contract.damaged
Result<std::optional<ContractBook::Version>> KnownAt(const ContractBook& book, ContractKind kind, const std::string& id,
                                                     Time at, uint64_t before = 0);
void ToProto(const ContractBook::Version& version, admin::v1::ContractItem& out);
// "field: before → after"; nullptr: there was nothing.
std::vector<std::string> ChangesOf(const ContractBook::Version* before, const ContractBook::Version& after);

// admin.bad_request, admin.not_found, store.*
Status ContractHistory(const ContractBook& book, const admin::v1::GetContractHistoryRequest& request,
                       admin::v1::GetContractHistoryResponse& response);
Status DiffContracts(const ContractBook& book, const RecordStore& store, Time now,
                     const admin::v1::DiffContractsRequest& request, admin::v1::DiffContractsResponse& response);

}  // namespace tvan
