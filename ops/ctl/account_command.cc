// tvanctl account: a provider's own contract, quotas and certificates.
#include <iostream>

#include "ops/ctl/item_facts.h"
#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/v1/relay.grpc.pb.h"

namespace tvan::ctl {
namespace {

std::string Limit(uint64_t limit, uint64_t left) {
  return limit == 0 ? "no limit" : std::to_string(left) + " of " + std::to_string(limit) + " left";
}

void PrintQuota(const v1::GetAccountResponse::Quota& quota) {
  std::cout << "calls a second: "
            << (quota.per_second() == 0
                    ? "no limit"
                    : std::to_string(quota.per_second()) + ", at once " + std::to_string(quota.burst()))
            << "\nmessages today: " << quota.used_today() << " (" << Limit(quota.per_day(), quota.left_today()) << ")"
            << "\nbytes today: " << quota.bytes_used_today() << " ("
            << Limit(quota.bytes_per_day(), quota.bytes_left_today()) << ")"
            << "\nrenewed at: " << ToText(quota.renews_at()) << "\nsubmits at a time: " << quota.max_in_flight()
            << "\n";
}

void PrintCertificates(const v1::GetAccountResponse& account) {
  Table table({"certificate", "bound from", "to", "ends by itself", ""});
  for (const auto& one : account.certificates())
    table.Add({one.sha256(), one.has_from() ? TimeText(one.from()) : "", one.has_to() ? TimeText(one.to()) : "",
               one.has_expires_at() ? ToText(one.expires_at()) : "",  // real deadline: a certificate's end
               one.revoked()     ? "revoked"
               : one.this_call() ? "this one"
                                 : ""});
  table.Print();
}

void Print(const Tool& tool, const v1::GetAccountResponse& account) {
  std::cout << account.provider() << " (" << account.name() << "): " << account.status()
            << (account.in_force() ? ", in force" : ", not in force") << ", " << account.contract_version() << "\n";
  for (const auto& term : account.terms())
    std::cout << "term: " << (term.has_from() ? TimeText(term.from()) : "") << ".."
              << (term.has_to() ? TimeText(term.to()) : "") << "\n";
  std::cout << "taxpayers: " << account.mandates() << "\n";
  PrintQuota(account.quota());
  PrintCertificates(account);
  for (const v1::Finding& note : account.notes())
    std::cout << note.rule_id() << ": " << (tool.lang == "vi" ? note.text_vi() : note.text_en()) << "\n";
}

int ShowAccount(Tool& tool) {
  const auto channel = tool.Connect(Role::kProvider);
  if (!channel.ok()) return Report(channel.status());
  v1::GetAccountResponse account;
  const auto status = v1::RelayService::NewStub(*channel)->GetAccount(tool.Call().get(), {}, &account);
  if (!status.ok()) return Report(status);
  tool.json ? PrintJson(account) : Print(tool, account);
  return kOk;
}

}  // namespace

void AddAccountCommand(CLI::App& app, Tool& tool) {
  CLI::App* account =
      app.add_subcommand("account", "your contract, quotas and what is left of them, certificates (providers)");
  OnCall(account, tool, [&tool] { return ShowAccount(tool); });
}

}  // namespace tvan::ctl
