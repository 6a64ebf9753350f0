// tvanctl contract, tvanctl mandate: the contract book, by the operators' listener.
#include <iostream>

#include "adapters/signature/pki.h"
#include "ops/ctl/files.h"
#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/admin.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

const std::map<std::string, admin::ContractStatus> kStatuses = {{"draft", admin::CONTRACT_STATUS_DRAFT},
                                                                {"active", admin::CONTRACT_STATUS_ACTIVE},
                                                                {"suspended", admin::CONTRACT_STATUS_SUSPENDED},
                                                                {"terminated", admin::CONTRACT_STATUS_TERMINATED}};

struct Term {
  std::string provider, status = "active", from, to, reason;
  std::vector<int> types;
};

struct ContractFlags {
  Term term;
  std::string name;
  std::vector<std::string> tax_codes, certificates;
  bool refuse_authority_header = false, warn_breaks_on_forward = false;
  uint32_t max_in_flight = 0;
};

struct MandateFlags {
  Term term;
  std::vector<std::string> taxpayers;
};

// A date (midnight +07:00), or a time.
Result<Time> DayOrTime(const std::string& text) { return text.size() == 10 ? ParseDate(text) : ParseTime(text); }

// Writes status, dates and types; the two records have the same fields.
template <class Record>
Status SetTerm(const Term& term, Record* record) {
  record->set_provider(term.provider);
  record->set_status(kStatuses.at(term.status));
  for (const int type : term.types) record->add_message_types(type);
  const auto from = DayOrTime(term.from);
  if (!from.ok()) return from.status();
  SetTimestamp(*from, record->mutable_from());
  if (term.to.empty()) return {};
  const auto to = DayOrTime(term.to);
  if (!to.ok()) return to.status();
  SetTimestamp(*to, record->mutable_to());
  return {};
}

void AddTermFlags(CLI::App* command, Term& term) {
  command->add_option("PROVIDER", term.provider, "its id, [a-z0-9-]{1,32}")->required();
  command->add_option("--from", term.from, "first day, YYYY-MM-DD")->required();
  command->add_option("--to", term.to, "the day after the last one; default: open");
  command->add_option("--status", term.status, "draft, active, suspended, terminated")
      ->capture_default_str()
      ->check(CLI::IsMember({"draft", "active", "suspended", "terminated"}));
  command->add_option("--types", term.types, "message types (config/CATALOGUE.md); default: all that are relayed")
      ->delimiter(',');
  command->add_option("--reason", term.reason, "why; kept with the change");
}

// A SHA-256 in hex, or a PEM file whose first certificate is meant.
Result<std::string> Fingerprint(const std::string& text) {
  if (text.size() == 64 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos) return text;
  const auto pem = ReadFile(text);
  if (!pem.ok()) return pem.status();
  return CertificateSha256(*pem);
}

std::string Joined(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ",") + text;
  return out;
}
std::string Joined(const google::protobuf::RepeatedField<int>& numbers) {
  std::string out;
  for (const int number : numbers) out += (out.empty() ? "" : ",") + std::to_string(number);
  return out.empty() ? "all" : out;
}
std::string StatusText(admin::ContractStatus status) {
  for (const auto& [name, value] : kStatuses)
    if (value == status) return name;
  return "?";
}

void PrintContracts(const std::vector<admin::ProviderContract>& contracts) {
  Table table({"provider", "status", "from", "to", "tax codes", "types", "certificates", "version"});
  for (const admin::ProviderContract& c : contracts)
    table.Add({c.provider(), StatusText(c.status()), ToText(c.from()), ToText(c.to()), Joined(c.tax_codes()),
               Joined(c.message_types()), std::to_string(c.certificates_size()), std::to_string(c.version())});
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

void PrintMandates(const std::vector<admin::Mandate>& mandates) {
  Table table({"provider", "MST", "status", "from", "to", "types", "version"});
  for (const admin::Mandate& m : mandates)
    table.Add({m.provider(), m.mst(), StatusText(m.status()), ToText(m.from()), ToText(m.to()),
               Joined(m.message_types()), std::to_string(m.version())});
  table.Print();
}

int AddMandates(Tool& tool, const MandateFlags& flags) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  const auto stub = admin::AdminService::NewStub(*channel);
  std::vector<admin::Mandate> done;
  for (const std::string& mst : flags.taxpayers) {
    admin::PutMandateRequest request;
    const Status term = SetTerm(flags.term, request.mutable_mandate());
    if (!term.ok()) return Report(term);
    request.mutable_mandate()->set_mst(mst);
    request.set_reason(flags.term.reason);
    admin::PutMandateResponse response;
    const auto status = stub->PutMandate(tool.Call().get(), request, &response);
    if (!status.ok()) return Report(status);
    if (tool.json) PrintJson(response.mandate());
    done.push_back(response.mandate());
  }
  if (!tool.json) PrintMandates(done);
  return kOk;
}

int ListMandates(Tool& tool, const std::string& provider) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  admin::ListMandatesRequest request;
  request.set_provider(provider);
  admin::ListMandatesResponse response;
  const auto status = admin::AdminService::NewStub(*channel)->ListMandates(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  if (tool.json)
    for (const auto& mandate : response.mandates()) PrintJson(mandate);
  else
    PrintMandates({response.mandates().begin(), response.mandates().end()});
  return kOk;
}

void AddContractGroup(CLI::App& app, Tool& tool) {
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
  add->add_option("--max-in-flight", flags->max_in_flight, "submits at a time; 0: the configured default");
  OnCall(add, tool, [&tool, flags] { return AddContract(tool, *flags); });
  OnCall(group->add_subcommand("list", "all contracts"), tool, [&tool] { return ListContracts(tool, ""); });
  CLI::App* show = group->add_subcommand("show", "one contract");
  auto provider = std::make_shared<std::string>();
  show->add_option("PROVIDER", *provider, "its id")->required();
  OnCall(show, tool, [&tool, provider] { return ListContracts(tool, *provider); });
}

void AddMandateGroup(CLI::App& app, Tool& tool) {
  CLI::App* group = app.add_subcommand("mandate", "taxpayers that a provider serves (operators)");
  group->require_subcommand(1);
  CLI::App* add = group->add_subcommand("add", "enter mandates, or their next version; effective at once");
  auto flags = std::make_shared<MandateFlags>();
  AddTermFlags(add, flags->term);
  add->add_option("--mst", flags->taxpayers, "tax codes; repeatable")->required()->delimiter(',');
  OnCall(add, tool, [&tool, flags] { return AddMandates(tool, *flags); });
  CLI::App* list = group->add_subcommand("list", "mandates");
  auto provider = std::make_shared<std::string>();
  list->add_option("PROVIDER", *provider, "of this provider only");
  OnCall(list, tool, [&tool, provider] { return ListMandates(tool, *provider); });
}

}  // namespace

void AddContractCommands(CLI::App& app, Tool& tool) {
  AddContractGroup(app, tool);
  AddMandateGroup(app, tool);
}

}  // namespace tvan::ctl
