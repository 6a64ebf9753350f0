// tvanctl proposal: changes that wait for a second person.
#include <iostream>

#include "ops/ctl/book_text.h"
#include "ops/ctl/night_words.h"
#include "ops/ctl/proposal_text.h"
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

constexpr int kOthersShown = 20;  // of the items that end nothing

// Exit code 2 says: an approval would fail.
int ShowOne(Tool& tool, const std::string& id, bool all) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  const auto stub = admin::ContractService::NewStub(*channel);
  admin::ListProposalItemsRequest request;
  request.set_id(id);
  request.set_page_size(1000);
  uint64_t overtaken = 0, others = 0, left_out = 0;
  do {
    admin::ListProposalItemsResponse page;
    const auto status = stub->ListProposalItems(tool.Call().get(), request, &page);
    if (!status.ok()) return Report(status);
    if (request.page_token().empty()) ShowProposal(tool, page.proposal());
    for (const auto& item : page.items()) {
      const bool now_another = IsOvertaken(page.proposal(), item);
      overtaken += now_another ? 1 : 0;
      if (all || EndsForGood(item) || now_another || others++ < kOthersShown)
        ShowItem(tool, item);
      else
        ++left_out;
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  const NightWords words(tool.lang == "vi");
  if (left_out > 0 && !tool.json)
    std::cout << left_out << words.Say(" mục khác, không chấm dứt gì: --all\n", " more that end nothing: --all\n");
  if (overtaken > 0)
    std::cerr << overtaken
              << words.Say(" bản ghi đã thay đổi sau khi lập đề xuất: phê duyệt sẽ thất bại\n",
                           " of these records changed since it was made: its approval would fail\n");
  return overtaken > 0 ? kNegative : kOk;
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
  CLI::App* show =
      group->add_subcommand("show", "what it would do, before and after: what ends, and the first 20 others");
  show->add_option("PROPOSAL", *id, "its id")->required();
  show->add_flag("--all", *all, "every item");
  OnCall(show, tool, [&tool, id, all] { return ShowOne(tool, *id, *all); });
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
