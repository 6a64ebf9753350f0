#include "gateway/admin/contract_server.h"

#include "tvan/admin/v1/contracts.grpc.pb.h"

namespace tvan {
namespace {

namespace api = admin::v1;

class ContractServiceImpl final : public api::ContractService::Service {
 public:
  ContractServiceImpl(ContractDesk& desk, const Operators& operators) : desk_(desk), operators_(operators) {}

#define TVAN_CONTRACTS(Rpc, Request, Response, call)                                                              \
  grpc::Status Rpc(grpc::ServerContext* context, const api::Request* request, api::Response* response) override { \
    return Answer(*context, [&]([[maybe_unused]] const Caller& by) { return call; });                             \
  }
  TVAN_CONTRACTS(CreateContractItem, CreateContractItemRequest, ContractChange, desk_.Create(*request, by, *response))
  TVAN_CONTRACTS(UpdateContractItem, UpdateContractItemRequest, ContractChange, desk_.Update(*request, by, *response))
  TVAN_CONTRACTS(GetContractItem, GetContractItemRequest, ContractItem, desk_.Get(*request, *response))
  TVAN_CONTRACTS(ListContractItems, ListContractItemsRequest, ListContractItemsResponse,
                 desk_.List(*request, *response))
  TVAN_CONTRACTS(GetContractHistory, GetContractHistoryRequest, GetContractHistoryResponse,
                 desk_.History(*request, *response))
  TVAN_CONTRACTS(DiffContracts, DiffContractsRequest, DiffContractsResponse, desk_.Diff(*request, *response))
  TVAN_CONTRACTS(ExplainContract, ExplainContractRequest, ExplainContractResponse, desk_.Explain(*request, *response))
  TVAN_CONTRACTS(SimulateContracts, SimulateContractsRequest, SimulateContractsResponse,
                 desk_.Simulate(*request, *response))
  TVAN_CONTRACTS(ForecastExpiry, ForecastExpiryRequest, ForecastExpiryResponse,
                 desk_.Forecast(*request, *response, [context] { return context->IsCancelled(); }))
  TVAN_CONTRACTS(ListProposals, ListProposalsRequest, ListProposalsResponse, desk_.Proposals(*request, *response))
  TVAN_CONTRACTS(ListProposalItems, ListProposalItemsRequest, ListProposalItemsResponse,
                 desk_.ProposalItems(*request, *response))
  TVAN_CONTRACTS(ApproveProposal, ApproveProposalRequest, Proposal, desk_.Approve(*request, by, *response))
  TVAN_CONTRACTS(RejectProposal, RejectProposalRequest, Proposal, desk_.Reject(*request, by, *response))
#undef TVAN_CONTRACTS

  grpc::Status ImportContracts(grpc::ServerContext* context, grpc::ServerReader<api::ImportContractsRequest>* reader,
                               api::ImportContractsResponse* response) override {
    return Answer(*context, [&](const Caller& by) {
      return desk_.Import([&](api::ImportContractsRequest& request) { return reader->Read(&request); },
                          [context] { return context->IsCancelled(); }, by, *response);
    });
  }
  grpc::Status ExportContracts(grpc::ServerContext* context, const api::ExportContractsRequest* request,
                               grpc::ServerWriter<api::ContractItem>* writer) override {
    return Answer(*context, [&](const Caller& by) {
      return desk_.Export(*request, by, [writer](const api::ContractItem& item) { return writer->Write(item); });
    });
  }

 private:
  template <class Call>
  grpc::Status Answer(const grpc::ServerContext& context, const Call& call) const {
    const auto caller = operators_.Of(context);
    return AdminFailure(caller ? call(Caller{caller->name, caller->certificate}) : caller.status());
  }

  ContractDesk& desk_;
  const Operators& operators_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeContractService(ContractDesk& desk, const Operators& operators) {
  return std::make_unique<ContractServiceImpl>(desk, operators);
}

}  // namespace tvan
