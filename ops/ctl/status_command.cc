// tvanctl status: a provider asks where one of its messages stands, by any of its ids.
#include <iostream>

#include "gateway/core/ids.h"
#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/v1/relay.grpc.pb.h"

namespace tvan::ctl {
namespace {

struct StatusFlags {
  std::string id;
  bool gateway = false, reference = false;
  bool list = false;
};

Result<v1::GetMessageRequest> RequestOf(const StatusFlags& flags) {
  v1::GetMessageRequest request;
  if (flags.gateway) {
    request.set_gateway_mtdiep(flags.id);
  } else if (flags.reference) {
    request.set_client_reference(flags.id);
  } else if (flags.id.find(';') != std::string::npos) {
    const auto key = ParseInvoiceKey(flags.id);
    if (!key.ok()) return key.status();
    v1::InvoiceKey* invoice = request.mutable_invoice();
    invoice->set_mst(key->mst.value());
    invoice->set_khmshdon(key->khmshdon);
    invoice->set_khhdon(key->khhdon);
    invoice->set_shdon(key->shdon);
  } else if (ParseSha256Hex(flags.id).ok()) {
    request.set_sha256(flags.id);
  } else {
    request.set_provider_mtdiep(flags.id);
  }
  return request;
}

int ListAll(Tool& tool, v1::RelayService::Stub& stub) {
  v1::ListMessagesRequest request;
  request.set_page_size(1000);
  Table table({"MTDiep", "gateway's MTDiep", "type", "MST", "state", "accepted"});
  do {
    v1::ListMessagesResponse response;
    const auto status = stub.ListMessages(tool.Call().get(), request, &response);
    if (!status.ok()) return Report(status);
    for (const v1::Message& m : response.messages()) {
      if (tool.json) PrintJson(m);
      table.Add({m.provider_mtdiep() + m.client_reference(), m.gateway_mtdiep(), std::to_string(m.message_type()),
                 m.mst(), ToText(m.state()), ToText(m.accepted_at())});
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (!tool.json) table.Print();
  return kOk;
}

int Look(Tool& tool, const StatusFlags& flags) {
  const auto channel = tool.Connect(Role::kProvider);
  if (!channel.ok()) return Report(channel.status());
  const auto stub = v1::RelayService::NewStub(*channel);
  if (flags.list) return ListAll(tool, *stub);
  const auto request = RequestOf(flags);
  if (!request.ok()) return Report(request.status());
  v1::GetMessageResponse response;
  const auto status = stub->GetMessage(tool.Call().get(), *request, &response);
  if (!status.ok()) return Report(status);
  const bool seen = response.seen() == v1::GetMessageResponse::SEEN;
  if (tool.json)
    PrintJson(response);
  else if (seen)
    PrintMessage(response.message());
  else
    std::cout << "NOT SEEN as of " << response.as_of() << " (" << ToText(response.as_of_time()) << ")\n";
  return seen ? kOk : kNegative;
}

}  // namespace

void AddStatusCommand(CLI::App& app, Tool& tool) {
  auto flags = std::make_shared<StatusFlags>();
  CLI::App* command = app.add_subcommand("status", "where a message stands, or that it was never seen (providers)");
  command->add_option("ID", flags->id, "our MTDiep, its SHA-256, or \"MST;KHMSHDon;KHHDon;SHDon\"");
  command->add_flag("--gateway", flags->gateway, "ID is the gateway's MTDiep");
  command->add_flag("--reference", flags->reference, "ID is a client_reference");
  command->add_flag("--list", flags->list, "all our messages");
  OnCall(command, tool, [&tool, flags] {
    if (!flags->id.empty() || flags->list) return Look(tool, *flags);
    std::cerr << "tvanctl status: give an ID, or --list\n";
    return kUsage;
  });
}

}  // namespace tvan::ctl
