// tvanctl contract: contracts with solution providers, by the operators' listener.
#include <iostream>

#include "ops/ctl/contract_terms.h"
#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/admin.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

struct ContractFlags {
  Term term;
  std::string name;
  std::vector<std::string> tax_codes, certificates;
  bool refuse_authority_header = false, warn_breaks_on_forward = false;
  bool allow_legacy_sha1 = false, allow_enveloped_on_object = false;
  uint32_t max_in_flight = 0;
};

// What its signatures may need though the policy refuses it.
std::string Allowed(const admin::ProviderContract& contract) {
  std::string text = contract.allow_legacy_sha1() ? "legacy_sha1" : "";
  if (contract.allow_enveloped_on_object()) text += (text.empty() ? "" : ",") + std::string("enveloped_on_object");
  return text;
}

void PrintContracts(const std::vector<admin::ProviderContract>& contracts) {
  Table table({"provider", "status", "from", "to", "tax codes", "types", "certificates", "allows", "version"});
  for (const admin::ProviderContract& c : contracts)
    table.Add({c.provider(), StatusText(c.status()), ToText(c.from()), ToText(c.to()), Joined(c.tax_codes()),
               Joined(c.message_types()), std::to_string(c.certificates_size()), Allowed(c),
               std::to_string(c.version())});
  table.Print();
}

int AddContract(Tool& tool, const ContractFlags& flags) {
  admin::PutProviderContractRequest request;
  admin::ProviderContract* contract = request.mutable_contract();
  const Status term = SetTerm(flags.term, contract);
  if (!term.ok()) return Report(term);
  contract->set_name(flags.name.empty() ? flags.term.provider : flags.name);
  for (const std::string& code : flags.tax_codes) contract->add_tax_codes(code);
  for (const std::string& text : flags.certificates) {
    const auto print = Fingerprint(text);
    if (!print.ok()) return Report(print.status());
    contract->add_certificates(*print);
  }
  contract->set_refuse_authority_header(flags.refuse_authority_header);
  contract->set_warn_breaks_on_forward(flags.warn_breaks_on_forward);
  contract->set_allow_legacy_sha1(flags.allow_legacy_sha1);
  contract->set_allow_enveloped_on_object(flags.allow_enveloped_on_object);
  contract->set_max_in_flight(flags.max_in_flight);
  request.set_reason(flags.term.reason);
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  admin::PutProviderContractResponse response;
  const auto status =
      admin::AdminService::NewStub(*channel)->PutProviderContract(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  tool.json ? PrintJson(response.contract()) : PrintContracts({response.contract()});
  return kOk;
}

int ListContracts(Tool& tool, const std::string& provider) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  admin::ListProviderContractsRequest request;
  request.set_provider(provider);
  admin::ListProviderContractsResponse response;
  const auto status =
      admin::AdminService::NewStub(*channel)->ListProviderContracts(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  if (tool.json)
    for (const auto& contract : response.contracts()) PrintJson(contract);
  else
    PrintContracts({response.contracts().begin(), response.contracts().end()});
  return !provider.empty() && response.contracts().empty() ? kNegative : kOk;
}

}  // namespace

void AddContractCommands(CLI::App& app, Tool& tool) {
  CLI::App* group = app.add_subcommand("contract", "contracts with solution providers (operators)");
  group->require_subcommand(1);
  CLI::App* add = group->add_subcommand("add", "enter a contract, or its next version; effective at once");
  auto flags = std::make_shared<ContractFlags>();
  AddTermFlags(add, flags->term);
  add->add_option("--name", flags->name, "of the company");
  add->add_option("--tax-code", flags->tax_codes, "MNGui of its messages; repeatable")->required()->delimiter(',');
  add->add_option("--certificate", flags->certificates, "PEM file or SHA-256 of its client certificate; repeatable")
      ->required();
  add->add_flag("--refuse-authority-header", flags->refuse_authority_header,
                "refuse messages addressed to the authority itself");
  add->add_flag("--warn-breaks-on-forward", flags->warn_breaks_on_forward,
                "only warn of signatures that break when wrapped");
  add->add_flag("--allow-legacy-sha1", flags->allow_legacy_sha1,
                "accept signatures with SHA-1 or RSA keys from 1024 bit; each is warned of and marked on its receipt");
  add->add_flag("--allow-enveloped-on-object", flags->allow_enveloped_on_object,
                "accept enveloped-signature on the Reference to a signed Object; likewise marked");
  add->add_option("--max-in-flight", flags->max_in_flight, "submits at a time; 0: the configured default");
  OnCall(add, tool, [&tool, flags] { return AddContract(tool, *flags); });
  OnCall(group->add_subcommand("list", "all contracts"), tool, [&tool] { return ListContracts(tool, ""); });
  CLI::App* show = group->add_subcommand("show", "one contract");
  auto provider = std::make_shared<std::string>();
  show->add_option("PROVIDER", *provider, "its id")->required();
  OnCall(show, tool, [&tool, provider] { return ListContracts(tool, *provider); });
}

}  // namespace tvan::ctl
