// tvanctl book explain, simulate, expiry: what the book decides, and what it will.
#include "config/book_file.h"
#include "ops/ctl/book_rows.h"
#include "ops/ctl/book_text.h"
#include "ops/ctl/item_facts.h"
#include "ops/ctl/tool.h"
#include "tvan/admin/v1/contracts.grpc.pb.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

// One call and what it answers.
template <class Request, class Response>
int Ask(Tool& tool, const Request& request,
        grpc::Status (admin::ContractService::Stub::*call)(grpc::ClientContext*, const Request&, Response*)) {
  const auto channel = tool.Connect(Role::kOperator);
  if (!channel.ok()) return Report(channel.status());
  const auto stub = admin::ContractService::NewStub(*channel);
  Response response;
  const auto context = tool.Call();
  const grpc::Status status = ((*stub).*call)(context.get(), request, &response);
  return status.ok() ? Show(tool, response) : Report(status);
}

struct ExplainFlags {
  std::string mst, provider, at, release_at, kinds, mtdiep;
  int type = 0;
};

int Explain(Tool& tool, const ExplainFlags& flags) {
  admin::ExplainContractRequest request;
  request.set_mst(flags.mst);
  request.set_provider(flags.provider);
  request.set_message_type(flags.type);
  request.set_invoice_kinds(flags.kinds);
  request.set_gateway_mtdiep(flags.mtdiep);
  if (!flags.at.empty())
    if (Status at = SetTimeText(flags.at, request.mutable_at()); !at.ok()) return Report(at);
  if (!flags.release_at.empty())
    if (Status at = SetTimeText(flags.release_at, request.mutable_release_at()); !at.ok()) return Report(at);
  return Ask(tool, request, &admin::ContractService::Stub::ExplainContract);
}

int Simulate(Tool& tool, const std::string& file, const std::string& kind, const std::string& at) {
  std::vector<admin::ImportContractsRequest::Row> rows;
  if (const int code = ReadBookRows(file, kind, rows); code != kOk) return code;
  admin::SimulateContractsRequest request;
  for (const auto& row : rows) *request.add_items() = row.item();
  if (!at.empty())
    if (Status set = SetTimeText(at, request.mutable_at()); !set.ok()) return Report(set);
  return Ask(tool, request, &admin::ContractService::Stub::SimulateContracts);
}

int Forecast(Tool& tool, int days) {
  admin::ForecastExpiryRequest request;
  request.set_days(days);
  return Ask(tool, request, &admin::ContractService::Stub::ForecastExpiry);
}

}  // namespace

void AddBookVerdicts(CLI::App* group, Tool& tool) {
  auto flags = std::make_shared<ExplainFlags>();
  CLI::App* explain = group->add_subcommand("explain", "may this be sent, and which versions say so; exit code 2: no");
  explain->add_option("--mst", flags->mst, "the taxpayer");
  explain->add_option("--provider", flags->provider, "its provider");
  explain->add_option("--type", flags->type, "message type");
  explain->add_option("--at", flags->at, "when it comes in; default: now");
  explain->add_option("--kinds", flags->kinds, "KHMSHDon of its invoices, one digit each");
  explain->add_option("--release-at", flags->release_at, "also: came in at --at, may it leave then?");
  explain->add_option("--mtdiep", flags->mtdiep, "instead of all that: a message of ours, as it was and as it is");
  OnCall(explain, tool, [&tool, flags] { return Explain(tool, *flags); });
  auto file = std::make_shared<std::string>(), kind = std::make_shared<std::string>(),
       at = std::make_shared<std::string>();
  CLI::App* simulate = group->add_subcommand(
      "simulate", "who would be refused and what would be held if this were entered; exit code 2: any");
  simulate->add_option("--file", *file, "as `book import` reads it, at most 1000 records")->required();
  simulate->add_option("--kind", *kind, "of the rows of a CSV file");
  simulate->add_option("--at", *at, "default: tomorrow 00:00 +07:00");
  OnCall(simulate, tool, [&tool, file, kind, at] { return Simulate(tool, *file, *kind, *at); });
  auto days = std::make_shared<int>(30);
  CLI::App* expiry =
      group->add_subcommand("expiry", "terms and certificates that end soon, and which stop they end in");
  expiry->add_option("--days", *days, "how far ahead")->capture_default_str()->check(CLI::Range(1, 3660));
  OnCall(expiry, tool, [&tool, days] { return Forecast(tool, *days); });
}

}  // namespace tvan::ctl
