#pragma once
// Which records of the contract book a list asks for. Pure. Internal to admin.

#include <optional>
#include <string>

#include "gateway/contract/contract_book.h"
#include "tvan/admin/v1/contracts.pb.h"

namespace tvan {

struct ContractFilter {
  ContractKind kind = ContractKind::kAgreement;
  std::string provider, mst_prefix;
  std::optional<ContractStatus> status;
  std::optional<Time> holds_at, ends_before;
  std::string tax_status;
  bool stopped = false;
  Time now;
};
// admin.bad_request: no kind, or a field that is malformed or not of this kind.
Result<ContractFilter> FilterOf(const admin::v1::ListContractItemsRequest& request, Time now);
bool Fits(const ContractFilter& filter, const ContractItem& item);

// Where in the order of the book to go on behind `after`: there, or at a later place when nothing between fits;
// nullopt: nothing comes. So the mandates of one taxpayer are found without a look at all others.
std::optional<std::string> NextPlace(const ContractFilter& filter, const std::string& after);

// The taxpayer's status and whether it is under a decision to stop, at a time.
const TaxStatus* StatusAt(const Taxpayer& taxpayer, Time at);
bool IsStopped(const Taxpayer& taxpayer, Time at);

}  // namespace tvan
