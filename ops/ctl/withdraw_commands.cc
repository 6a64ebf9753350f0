// tvanctl message void, withdraw: a solution provider gives up an id, or takes a message back.
#include <iostream>

#include "ops/ctl/files.h"
#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/v1/relay.grpc.pb.h"

namespace tvan::ctl {
namespace {

struct Flags {
  std::string id, save;
  bool reference = false, ours = false;
};

int Save(const Flags& flags, const v1::Proof& proof) {
  return flags.save.empty() ? kOk : Report(WriteFile(flags.save, proof.jws()));
}

// What both answers have: an outcome, a proof, and where the message stands.
template <class Response>
int Show(const Tool& tool, const Flags& flags, const std::string& outcome, const Response& response) {
  if (tool.json) {
    PrintJson(response);
  } else {
    std::cout << flags.id << ": " << outcome << '\n';
    if (response.has_proof()) std::cout << "  " << ToText(response.proof().time()) << '\n';
    if (response.has_message())
      std::cout << "  " << response.message().gateway_mtdiep() << "  " << ToText(response.message().state()) << '\n';
  }
  return response.has_proof() ? Save(flags, response.proof()) : kNegative;
}

int Void(const Tool& tool, const Flags& flags) {
  const auto channel = tool.Connect(Role::kProvider);
  if (!channel.ok()) return Report(channel.status());
  v1::VoidMessageRequest request;
  flags.reference ? request.set_client_reference(flags.id) : request.set_provider_mtdiep(flags.id);
  v1::VoidMessageResponse response;
  const auto status = v1::RelayService::NewStub(*channel)->VoidMessage(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  return Show(tool, flags, v1::VoidMessageResponse::Outcome_Name(response.outcome()), response);
}

int Withdraw(const Tool& tool, const Flags& flags) {
  const auto channel = tool.Connect(Role::kProvider);
  if (!channel.ok()) return Report(channel.status());
  v1::WithdrawMessageRequest request;
  if (flags.reference)
    request.set_client_reference(flags.id);
  else if (flags.ours)
    request.set_gateway_mtdiep(flags.id);
  else
    request.set_provider_mtdiep(flags.id);
  v1::WithdrawMessageResponse response;
  const auto status = v1::RelayService::NewStub(*channel)->WithdrawMessage(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  return Show(tool, flags, v1::WithdrawMessageResponse::Outcome_Name(response.outcome()), response);
}

CLI::App* Add(CLI::App& group, const char* name, const char* text, Flags& flags) {
  CLI::App* command = group.add_subcommand(name, text);
  command->add_option("ID", flags.id, "the provider's MTDiep")->required();
  command->add_option("--save-proof", flags.save, "write the proof (JWS) to this file");
  command->add_flag("--reference", flags.reference, "ID is a client_reference");
  return command;
}

}  // namespace

void AddWithdrawCommands(CLI::App& app, Tool& tool) {
  CLI::App& group = *app.get_subcommand("message");
  auto voids = std::make_shared<Flags>(), withdrawals = std::make_shared<Flags>();
  OnCall(Add(group, "void", "give an id up that nothing was accepted under: 0 only with a proof (providers)", *voids),
         tool, [&tool, voids] { return Void(tool, *voids); });
  CLI::App* withdraw =
      Add(group, "withdraw", "take a message back before any attempt to send it: 0 only with a proof (providers)",
          *withdrawals);
  withdraw->add_flag("--gateway", withdrawals->ours, "ID is the gateway's MTDiep")->excludes("--reference");
  OnCall(withdraw, tool, [&tool, withdrawals] { return Withdraw(tool, *withdrawals); });
}

}  // namespace tvan::ctl
