#pragma once
// The operators' desk of contracts: what ContractService does, free of gRPC. Blocking; thread-safe. Borrows its parts.
// Errors of all: admin.bad_request, admin.not_found, contract.*, store.*

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "gateway/admin/contract_changes.h"
#include "gateway/admin/contract_filter.h"
#include "gateway/admin/contract_import.h"
#include "gateway/admin/night_screen.h"
#include "gateway/calendar/calendar.h"
#include "gateway/contract/contract_book.h"
#include "gateway/core/clock.h"
#include "store/store.h"
#include "tvan/admin/v1/contracts.pb.h"

namespace tvan {

class ContractDesk {
 public:
  static constexpr int kMostExports = 4;  // at a time: one may wait for somebody who reads slowly
  struct Parts {
    Store& store;
    ContractBook& contracts;
    ContractChanges& changes;
    Calendar& calendar;
    LineId line;
    const Clock& clock;
    std::function<std::vector<NightScreen::Ending>()> certificates{};  // files that this gateway uses
  };
  explicit ContractDesk(Parts parts) : parts_(std::move(parts)) {}

  Status Create(const admin::v1::CreateContractItemRequest& request, const Caller& by,
                admin::v1::ContractChange& response);  // admin.exists
  Status Update(const admin::v1::UpdateContractItemRequest& request, const Caller& by,
                admin::v1::ContractChange& response);
  Status Get(const admin::v1::GetContractItemRequest& request, admin::v1::ContractItem& response) const;
  Status List(const admin::v1::ListContractItemsRequest& request, admin::v1::ListContractItemsResponse& response) const;
  Status History(const admin::v1::GetContractHistoryRequest& request,
                 admin::v1::GetContractHistoryResponse& response) const;
  Status Diff(const admin::v1::DiffContractsRequest& request, admin::v1::DiffContractsResponse& response) const;
  Status Explain(const admin::v1::ExplainContractRequest& request, admin::v1::ExplainContractResponse& response) const;
  // Simulate, Import and Forecast take long: one of each at a time, and of Export kMostExports; admin.busy.
  Status Simulate(const admin::v1::SimulateContractsRequest& request, admin::v1::SimulateContractsResponse& response);
  // `next` answers whether there was another request; `broken`, asked behind the last one, that there were more: then
  // nothing is entered.
  Status Import(const std::function<bool(admin::v1::ImportContractsRequest&)>& next,
                const std::function<bool()>& broken, const Caller& by, admin::v1::ImportContractsResponse& response);
  // `write` answers false when nobody reads any more. It stands in the audit log before the first item leaves; that a
  // provider is unknown does not (admin.not_found).
  Status Export(const admin::v1::ExportContractsRequest& request, const Caller& by,
                const std::function<bool(const admin::v1::ContractItem&)>& write);
  // `stopped`: nobody waits for it any more.
  Status Forecast(const admin::v1::ForecastExpiryRequest& request, admin::v1::ForecastExpiryResponse& response,
                  const std::function<bool()>& stopped = nullptr);
  Status Proposals(const admin::v1::ListProposalsRequest& request, admin::v1::ListProposalsResponse& response) const;
  Status ProposalItems(const admin::v1::ListProposalItemsRequest& request,
                       admin::v1::ListProposalItemsResponse& response) const;
  Status Approve(const admin::v1::ApproveProposalRequest& request, const Caller& by, admin::v1::Proposal& response);
  Status Reject(const admin::v1::RejectProposalRequest& request, const Caller& by, admin::v1::Proposal& response);

 private:
  Status Remove(const admin::v1::UpdateContractItemRequest& request, const Caller& by,
                admin::v1::ContractChange& response);
  Status Answer(const ContractItem& item, const ContractChanges::Done& done, admin::v1::ContractChange& response) const;
  Status FillNewest(ContractKind kind, const std::string& id, admin::v1::ContractItem& out) const;
  Status FillListed(const ContractSnapshot::Listed& listed, admin::v1::ContractItem& out) const;
  struct ListPlace {
    std::shared_ptr<const ContractSnapshot> book;
    std::string id{};
    uint32_t looked = 0;
  };
  enum class PageEnd { kNoMore, kGoesOn, kFull };
  Result<PageEnd> ListPage(const ContractFilter& filter, uint32_t size, ListPlace& place,
                           admin::v1::ListContractItemsResponse& response) const;
  std::vector<NightScreen::Ending> Certificates() const;

  const Parts parts_;
  std::atomic<int> simulating_{0}, importing_{0}, exporting_{0}, forecasting_{0};
};

}  // namespace tvan
