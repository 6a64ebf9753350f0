#pragma once
// The records of a contract book that an export hands out, in an order in which each can be entered after those before
// it. Reads no more than what is asked for. Pure. Internal to admin.

#include <functional>
#include <optional>

#include "gateway/contract/contract_book.h"
#include "tvan/admin/v1/contracts.pb.h"

namespace tvan {

struct ExportAsked {
  std::optional<ContractKind> kind;    // nullopt: every one
  std::optional<ProviderId> provider;  // its contract and its mandates alone; nullopt: all
};
// admin.bad_request: a kind or a provider that is none.
Result<ExportAsked> AskedOf(const admin::v1::ExportContractsRequest& request);
// `write` answers false when nobody reads any more: then this ends.
void ExportBook(const ContractSnapshot& book, const ExportAsked& asked,
                const std::function<bool(const admin::v1::ContractItem&)>& write);

}  // namespace tvan
