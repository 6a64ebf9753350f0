// tvanctl account: a provider's own contract, quotas and certificates.
#include <iostream>

#include "ops/ctl/item_facts.h"
#include "ops/ctl/night_words.h"
#include "ops/ctl/output.h"
#include "ops/ctl/tool.h"
#include "tvan/v1/relay.grpc.pb.h"

namespace tvan::ctl {
namespace {

std::string Limit(const NightWords& words, uint64_t limit, uint64_t left) {
  if (limit == 0) return words.Say("không giới hạn", "no limit");
  return words.Say("còn ", "") + std::to_string(left) + words.Say(" trên ", " of ") + std::to_string(limit) +
         words.Say("", " left");
}

void PrintQuota(const NightWords& words, const v1::GetAccountResponse::Quota& quota) {
  const std::string rate =
      quota.per_second() == 0
          ? words.Say("không giới hạn", "no limit")
          : std::to_string(quota.per_second()) + words.Say(", cùng lúc ", ", at once ") + std::to_string(quota.burst());
  std::cout << words.Say("số lần gọi mỗi giây: ", "calls a second: ") << rate << "\n"
            << words.Say("thông điệp hôm nay: ", "messages today: ") << quota.used_today() << " ("
            << Limit(words, quota.per_day(), quota.left_today()) << ")\n"
            << words.Say("số byte hôm nay: ", "bytes today: ") << quota.bytes_used_today() << " ("
            << Limit(words, quota.bytes_per_day(), quota.bytes_left_today()) << ")\n"
            << words.Say("tính lại từ: ", "renewed at: ") << ToText(quota.renews_at()) << "\n"
            << words.Say("số thông điệp gửi cùng lúc: ", "submits at a time: ") << quota.max_in_flight() << "\n";
}

void PrintCertificates(const NightWords& words, const v1::GetAccountResponse& account) {
  Table table({words.Say("chứng thư", "certificate"), words.Say("gắn từ", "bound from"), words.Say("đến", "to"),
               words.Say("tự hết hạn", "ends by itself"), ""});
  for (const auto& one : account.certificates())
    table.Add({one.sha256(), one.has_from() ? TimeText(one.from()) : "", one.has_to() ? TimeText(one.to()) : "",
               one.has_expires_at() ? ToText(one.expires_at()) : "",  // real deadline: a certificate's end
               one.revoked()     ? words.Say("đã thu hồi", "revoked")
               : one.this_call() ? words.Say("đang dùng", "this one")
                                 : ""});
  table.Print();
}

void Print(const Tool& tool, const v1::GetAccountResponse& account) {
  const NightWords words(tool.lang == "vi");
  std::cout << account.provider() << " (" << account.name() << "): " << words.Term(account.status())
            << (account.in_force() ? words.Say(", đang có hiệu lực", ", in force")
                                   : words.Say(", không có hiệu lực", ", not in force"))
            << ", " << account.contract_version() << "\n";
  for (const auto& term : account.terms())
    std::cout << words.Say("thời hạn: ", "term: ") << (term.has_from() ? TimeText(term.from()) : "") << ".."
              << (term.has_to() ? TimeText(term.to()) : "") << "\n";
  std::cout << words.Say("số người nộp thuế: ", "taxpayers: ") << account.mandates() << "\n";
  PrintQuota(words, account.quota());
  PrintCertificates(words, account);
  for (const v1::Finding& note : account.notes())
    std::cout << note.rule_id() << ": " << words.Say(note.text_vi().c_str(), note.text_en().c_str()) << "\n";
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
