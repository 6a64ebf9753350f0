// tvanctl proposal: changes that wait for a second person.
#include "ops/ctl/book_text.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/contracts.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

int List(Tool& tool, bool all) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  admin::ListProposalsRequest request;
  request.set_all(all);
  admin::ListProposalsResponse response;
  const auto status = admin::ContractService::NewStub(*channel)->ListProposals(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  return Show(tool, std::vector<admin::Proposal>(response.proposals().begin(), response.proposals().end()));
}

template <class Request>
int Decide(Tool& tool, const std::string& id, const std::string& reason,
           grpc::Status (admin::ContractService::Stub::*call)(grpc::ClientContext*, const Request&, admin::Proposal*)) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  Request request;
  request.set_id(id);
  request.set_reason(reason);
  admin::Proposal decided;
  const auto stub = admin::ContractService::NewStub(*channel);
  const auto context = tool.Call();
  const grpc::Status status = ((*stub).*call)(context.get(), request, &decided);
  if (!status.ok()) return Report(status);
  Show(tool, std::vector<admin::Proposal>{decided});
  return decided.state() == admin::Proposal::FAILED ? kNegative : kOk;
}

}  // namespace

void AddProposalCommands(CLI::App& app, Tool& tool) {
  CLI::App* group = app.add_subcommand("proposal", "changes that wait for a second person (operators)");
  group->require_subcommand(1);
  auto all = std::make_shared<bool>(false);
  CLI::App* list = group->add_subcommand("list", "those that are open");
  list->add_flag("--all", *all, "also those that are decided or lapsed");
  OnCall(list, tool, [&tool, all] { return List(tool, *all); });
  auto id = std::make_shared<std::string>(), reason = std::make_shared<std::string>();
  CLI::App* approve =
      group->add_subcommand("approve", "do it; by somebody else than its author, with the role approver");
  approve->add_option("PROPOSAL", *id, "its id")->required();
  approve->add_option("--reason", *reason, "why")->required();
  OnCall(approve, tool, [&tool, id, reason] {
    return Decide<admin::ApproveProposalRequest>(tool, *id, *reason, &admin::ContractService::Stub::ApproveProposal);
  });
  CLI::App* reject = group->add_subcommand("reject", "do not do it");
  reject->add_option("PROPOSAL", *id, "its id")->required();
  reject->add_option("--reason", *reason, "why")->required();
  OnCall(reject, tool, [&tool, id, reason] {
    return Decide<admin::RejectProposalRequest>(tool, *id, *reason, &admin::ContractService::Stub::RejectProposal);
  });
}

}  // namespace tvan::ctl
