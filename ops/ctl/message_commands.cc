// tvanctl message, parked, resolve: operators look at messages and decide on work items.
#include <fstream>
#include <iostream>

#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/admin.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

void PrintOwned(Tool& tool, const admin::OwnedMessage& owned) {
  if (tool.json) return PrintJson(owned);
  std::cout << "provider " << owned.provider() << '\n';
  PrintMessage(owned.message());
}

bool IsDigest(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

int Show(Tool& tool, const std::string& id, bool reference) {
  admin::GetMessageRequest request;
  if (reference)
    request.set_client_reference(id);
  else if (id.find(';') != std::string::npos)
    request.set_invoice(id);
  else if (IsDigest(id))
    request.set_sha256(id);
  else
    request.set_mtdiep(id);
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  admin::GetMessageResponse response;
  const auto status = admin::AdminService::NewStub(*channel)->GetMessage(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  for (const auto& owned : response.messages()) PrintOwned(tool, owned);
  if (!response.messages().empty()) return kOk;
  std::cerr << "tvanctl: no message " << id << '\n';
  return kNegative;
}

struct ListFlags {
  std::string provider, state;
  int limit = 100;
};

// Hands every message to `take`, page by page; the exit code.
template <class Take>
int ForEach(Tool& tool, admin::AdminService::Stub& stub, const ListFlags& flags, Take take) {
  admin::ListMessagesRequest request;
  request.set_provider(flags.provider);
  v1::MessageState state = v1::MESSAGE_STATE_UNSPECIFIED;
  if (!flags.state.empty() && !v1::MessageState_Parse("MESSAGE_STATE_" + flags.state, &state)) {
    std::cerr << "tvanctl: no such state: " << flags.state << " (QUEUED, HELD, SENT, WORK_ITEM …)\n";
    return kUsage;
  }
  request.set_state(state);
  int left = flags.limit;
  do {
    request.set_page_size(std::min(left, 1000));
    admin::ListMessagesResponse response;
    const auto status = stub.ListMessages(tool.Call().get(), request, &response);
    if (!status.ok()) return Report(status);
    for (const auto& owned : response.messages()) {
      const int code = take(owned);
      if (code != kOk) return code;
    }
    left -= response.messages_size();
    request.set_page_token(response.next_page_token());
  } while (left > 0 && !request.page_token().empty());
  return kOk;
}

int List(Tool& tool, const ListFlags& flags) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  Table table({"gateway's MTDiep", "provider", "type", "MST", "state", "accepted", "attempts", "reason"});
  const int code = ForEach(tool, *admin::AdminService::NewStub(*channel), flags, [&](const admin::OwnedMessage& owned) {
    const v1::Message& m = owned.message();
    if (tool.json) PrintJson(owned);
    table.Add({m.gateway_mtdiep(), owned.provider(), std::to_string(m.message_type()), m.mst(), ToText(m.state()),
               ToText(m.accepted_at()), std::to_string(m.attempts()), m.reason()});
    return kOk;
  });
  if (code == kOk && !tool.json) table.Print();
  return code;
}

// Every message with its event log, one JSON object a line: evidence.
int Export(Tool& tool, ListFlags flags) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  const auto stub = admin::AdminService::NewStub(*channel);
  flags.limit = 100'000'000;
  return ForEach(tool, *stub, flags, [&](const admin::OwnedMessage& owned) {
    admin::GetMessageRequest request;
    request.set_mtdiep(owned.message().gateway_mtdiep());
    admin::GetMessageResponse response;
    const auto status = stub->GetMessage(tool.Call().get(), request, &response);
    if (!status.ok()) return Report(status);
    for (const auto& full : response.messages())
      if (full.message().gateway_mtdiep() == request.mtdiep()) PrintJson(full);
    return kOk;
  });
}

int Parked(Tool& tool, const std::string& answer_id, int limit) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  admin::ListParkedAnswersRequest request;
  request.set_limit(limit);
  request.set_answer_id(answer_id);
  admin::ListParkedAnswersResponse response;
  const auto status = admin::AdminService::NewStub(*channel)->ListParkedAnswers(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  Table table({"answer", "type", "MTDTChieu", "received", "reason"});
  for (const auto& answer : response.answers()) {
    if (tool.json) PrintJson(answer);
    table.Add({answer.answer_id(), std::to_string(answer.message_type()), answer.mtdtchieu(),
               ToText(answer.received_at()), answer.reason()});
  }
  if (!tool.json) table.Print();
  if (!tool.json && !answer_id.empty())
    for (const auto& answer : response.answers()) std::cout << answer.authority_bytes() << '\n';
  return kOk;
}

int Rejected(Tool& tool, const ListFlags& flags) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  admin::ListRejectionsRequest request;
  request.set_provider(flags.provider);
  request.set_limit(flags.limit);
  admin::ListRejectionsResponse response;
  const auto status = admin::AdminService::NewStub(*channel)->ListRejections(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  Table table({"number", "time", "id", "type", "finding"});
  for (const auto& rejection : response.rejections()) {
    if (tool.json) PrintJson(rejection);
    for (int i = 0; i < rejection.findings_size(); ++i)
      table.Add({i == 0 ? std::to_string(rejection.number()) : "", i == 0 ? ToText(rejection.time()) : "",
                 i == 0 ? rejection.provider_id() : "", i == 0 ? std::to_string(rejection.message_type()) : "",
                 rejection.findings(i)});
  }
  if (!tool.json) table.Print();
  return kOk;
}

int Resolve(Tool& tool, const std::string& id, const std::string& decision, const std::string& reason) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  admin::ResolveMessageRequest request;
  request.set_gateway_mtdiep(id);
  request.set_decision(decision);
  request.set_reason(reason);
  admin::ResolveMessageResponse response;
  const auto status = admin::AdminService::NewStub(*channel)->ResolveMessage(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  std::cout << (tool.json ? "{\"resolved\":\"" + id + "\"}" : id + ": " + decision) << '\n';
  return kOk;
}

void AddMessageGroup(CLI::App& app, Tool& tool) {
  CLI::App* group = app.add_subcommand("message", "messages: of all (operators), or one's own: void, withdraw");
  group->require_subcommand(1);
  auto id = std::make_shared<std::string>();
  auto reference = std::make_shared<bool>(false);
  CLI::App* show = group->add_subcommand("show", "a message with its event log");
  show->add_option("ID", *id, "MTDiep (ours or a provider's), SHA-256, or \"MST;KHMSHDon;KHHDon;SHDon\"")->required();
  show->add_flag("--reference", *reference, "ID is a client_reference");
  OnCall(show, tool, [&tool, id, reference] { return Show(tool, *id, *reference); });
  auto flags = std::make_shared<ListFlags>();
  CLI::App* list = group->add_subcommand("list", "in order of acceptance");
  list->add_option("--provider", flags->provider, "of this one only");
  list->add_option("--state", flags->state, "QUEUED, HELD, SENT, WORK_ITEM …");
  list->add_option("--limit", flags->limit, "at most")->capture_default_str()->check(CLI::PositiveNumber);
  OnCall(list, tool, [&tool, flags] { return List(tool, *flags); });
  CLI::App* all = group->add_subcommand("export", "every message with its event log, one JSON object a line");
  all->add_option("--provider", flags->provider, "of this one only");
  OnCall(all, tool, [&tool, flags] { return Export(tool, *flags); });
  CLI::App* rejected = group->add_subcommand("rejected", "the last rejections of a provider, newest first");
  rejected->add_option("--provider", flags->provider, "whose")->required();
  rejected->add_option("--limit", flags->limit, "at most")->capture_default_str()->check(CLI::Range(1, 1000));
  OnCall(rejected, tool, [&tool, flags] { return Rejected(tool, *flags); });
}

}  // namespace

void AddMessageCommands(CLI::App& app, Tool& tool) {
  AddMessageGroup(app, tool);
  auto answer = std::make_shared<std::string>();
  auto limit = std::make_shared<int>(100);
  CLI::App* parked = app.add_subcommand("parked", "answers that found no owner (operators)");
  parked->add_option("ANSWER", *answer, "this one, with its bytes");
  parked->add_option("--limit", *limit, "at most")->capture_default_str()->check(CLI::Range(1, 1000));
  OnCall(parked, tool, [&tool, answer, limit] { return Parked(tool, *answer, *limit); });
  auto id = std::make_shared<std::string>(), decision = std::make_shared<std::string>(),
       reason = std::make_shared<std::string>();
  CLI::App* resolve = app.add_subcommand("resolve", "decide on a work item (operators)");
  resolve->add_option("MTDIEP", *id, "the gateway's")->required();
  resolve->add_option("DECISION", *decision, "resend (after a search), release (a held message) or give_up")
      ->required()
      ->check(CLI::IsMember({"resend", "release", "give_up"}));
  resolve->add_option("--reason", *reason, "kept with the decision")->required();
  OnCall(resolve, tool, [&tool, id, decision, reason] { return Resolve(tool, *id, *decision, *reason); });
}

}  // namespace tvan::ctl
