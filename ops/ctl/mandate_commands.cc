// tvanctl mandate: taxpayers that a provider serves, and who signs for them, by the operators' listener.
#include <iostream>

#include "ops/ctl/contract_terms.h"
#include "ops/ctl/night_words.h"
#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/admin.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

struct MandateFlags {
  Term term;
  std::vector<std::string> taxpayers, signer_certificates, delegates;
};

void PrintMandates(const std::vector<admin::Mandate>& mandates) {
  Table table({"provider", "MST", "status", "from", "to", "types", "certificates", "delegates", "version"});
  for (const admin::Mandate& m : mandates)
    table.Add({m.provider(), m.mst(), StatusText(m.status()), ToText(m.from()), ToText(m.to()),
               Joined(m.message_types()), std::to_string(m.signer_certificates_size()), Joined(m.delegates()),
               std::to_string(m.version())});
  table.Print();
}

// The mandate of one taxpayer; `prints` are fingerprints.
Result<admin::Mandate> MandateOf(const MandateFlags& flags, const std::string& mst,
                                 const std::vector<std::string>& prints) {
  admin::Mandate mandate;
  if (const Status term = SetTerm(flags.term, &mandate); !term.ok()) return term;
  mandate.set_mst(mst);
  for (const std::string& print : prints) mandate.add_signer_certificates(print);
  for (const std::string& delegate : flags.delegates) mandate.add_delegates(delegate);
  return mandate;
}

int PutMandate(Tool& tool, admin::AdminService::Stub& stub, admin::Mandate mandate, const std::string& reason,
               std::vector<admin::Mandate>& done) {
  admin::PutMandateRequest request;
  *request.mutable_mandate() = std::move(mandate);
  request.set_reason(reason);
  admin::PutMandateResponse response;
  const auto status = stub.PutMandate(tool.Call().get(), request, &response);
  if (!status.ok()) return Report(status);
  if (tool.json) PrintJson(response.mandate());
  done.push_back(response.mandate());
  return kOk;
}

// Behind one that failed none is tried. Of that one nobody knows, if the gateway did not say.
int TellPartly(const Tool& tool, const std::vector<std::string>& taxpayers, const std::vector<admin::Mandate>& done,
               int code) {
  if (!tool.json && !done.empty()) PrintMandates(done);
  if (taxpayers.size() == 1) return code;
  const NightWords words(tool.lang == "vi");
  const bool unknown = code == kTransport;
  const auto said = [&](const std::string& word, size_t from, size_t to) {
    for (size_t i = from; i < to; ++i) std::cerr << (i == from ? word + ": " : ", ") << taxpayers[i];
    if (from < to) std::cerr << "\n";
  };
  const size_t first_out = done.size() + (unknown ? 1 : 0);
  said(words.Say("đã nhập", "entered"), 0, done.size());
  said(words.Say("không rõ", "not known"), done.size(), first_out);
  said(words.Say("chưa nhập", "not entered"), first_out, taxpayers.size());
  return first_out > 0 ? kPartly : code;
}

int AddMandates(Tool& tool, const MandateFlags& flags) {
  if (!flags.signer_certificates.empty() && flags.taxpayers.size() != 1)
    return Report(Status::Permanent("ctl.mandate"_reason, "a signer's certificate is one taxpayer's: name one --mst"));
  std::vector<std::string> prints;
  for (const std::string& text : flags.signer_certificates) {
    const auto print = Fingerprint(text);
    if (!print.ok()) return Report(print.status());
    prints.push_back(*print);
  }
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  const auto stub = admin::AdminService::NewStub(*channel);
  std::vector<admin::Mandate> done;
  for (const std::string& mst : flags.taxpayers) {
    auto mandate = MandateOf(flags, mst, prints);
    const int code =
        mandate.ok() ? PutMandate(tool, *stub, *std::move(mandate), flags.term.reason, done) : Report(mandate.status());
    if (code != kOk) return TellPartly(tool, flags.taxpayers, done, code);
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

}  // namespace

void AddMandateCommands(CLI::App& app, Tool& tool) {
  CLI::App* group = app.add_subcommand("mandate", "taxpayers that a provider serves (operators)");
  group->require_subcommand(1);
  CLI::App* add = group->add_subcommand("add", "enter mandates, or their next version; effective at once");
  auto flags = std::make_shared<MandateFlags>();
  AddTermFlags(add, flags->term);
  add->add_option("--mst", flags->taxpayers, "tax codes; repeatable")->required()->delimiter(',');
  add->add_option("--signer-certificate", flags->signer_certificates,
                  "PEM file or SHA-256 of a certificate that the taxpayer registered with the authority (message 100): "
                  "its signatures count as the taxpayer's; repeatable, for one --mst");
  add->add_option("--delegate", flags->delegates, "tax code that may sign invoices for them (ủy nhiệm); repeatable")
      ->delimiter(',');
  OnCall(add, tool, [&tool, flags] { return AddMandates(tool, *flags); });
  CLI::App* list = group->add_subcommand("list", "mandates");
  auto provider = std::make_shared<std::string>();
  list->add_option("PROVIDER", *provider, "of this provider only");
  OnCall(list, tool, [&tool, provider] { return ListMandates(tool, *provider); });
}

}  // namespace tvan::ctl
