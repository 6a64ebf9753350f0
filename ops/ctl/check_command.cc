#include "ops/ctl/check_command.h"

#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "ops/ctl/files.h"
#include "ops/ctl/output.h"

namespace tvan::ctl {
namespace {

const std::map<std::string, CheckAs> kAs = {
    {"submit", CheckAs::kSubmit}, {"answer", CheckAs::kAnswer}, {"document", CheckAs::kDocument}};

void PrintJson(const std::string& file, const FileVerdict& verdict) {
  nlohmann::ordered_json findings = nlohmann::ordered_json::array();
  for (const Finding& one : verdict.findings)
    findings.push_back({{"rule", one.rule.text()},
                        {"severity", ToString(one.severity)},
                        {"path", one.path},
                        {"vi", one.text_vi},
                        {"en", one.text_en}});
  const nlohmann::ordered_json object = {{"file", file},
                                         {"verdict", verdict.accepted ? "accept" : "reject"},
                                         {"stage", verdict.stage},
                                         {"findings", findings}};
  std::cout << object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

void AddRows(const std::string& file, const FileVerdict& verdict, const std::string& lang, Table& table) {
  const std::string word = verdict.accepted ? "accept" : "reject";
  if (verdict.findings.empty()) table.Add({file, word, verdict.stage, "", "", "", ""});
  for (const Finding& one : verdict.findings)
    table.Add({file, word, verdict.stage, std::string(ToString(one.severity)), std::string(one.rule.text()), one.path,
               lang == "vi" ? one.text_vi : one.text_en});
}

int CheckAll(const Tool& tool, const FileChecker& checker, const std::vector<std::string>& files) {
  Table table({"FILE", "VERDICT", "STAGE", "SEVERITY", "RULE", "PATH", "TEXT"});
  bool rejected = false, unreadable = false;
  for (const std::string& file : files) {
    const auto bytes = ReadFile(file);
    if (!bytes.ok()) {
      Report(bytes.status());
      unreadable = true;
      continue;
    }
    const FileVerdict verdict = checker.Check(*bytes);
    rejected = rejected || !verdict.accepted;
    if (tool.json)
      PrintJson(file, verdict);
    else
      AddRows(file, verdict, tool.lang, table);
  }
  if (!table.empty()) table.Print();
  if (unreadable) return kCheckUsage;
  return rejected ? kCheckRejected : kOk;
}

}  // namespace

std::shared_ptr<FileCheckFlags> AddFileCheckFlags(CLI::App* check) {
  auto flags = std::make_shared<FileCheckFlags>();
  const auto as = [flags](const std::string& word) {
    flags->options.as = kAs.at(word);
    flags->asked = true;
  };
  check
      ->add_option_function<std::string>(
          "--as", as,
          "judge the files here, without a gateway, as submit: a message of a provider; answer: one of the authority; "
          "document: any XML, its parse and its signatures only. --profile is then of fields: qd635, qd1450 …")
      ->check(CLI::IsMember(kAs));
  check->add_option("--trust", flags->options.trust_files,
                    "with --as: PEM of who issued the signers' certificates; without it every signature is untrusted");
  check->add_option("--at", flags->at, "with --as: the time of acceptance; default now");
  check->add_flag("--legacy-sha1", flags->options.legacy_sha1, "with --as: accept SHA-1 and 1024-bit keys");
  check->footer(
      "With --as nobody is calling: contracts, mandates and what happened before are not asked.\n"
      "Exit codes with --as: 0 all accepted; 1 some rejected; 2 a file that cannot be read, or a wrong command line.");
  return flags;
}

int CheckFiles(const Tool& tool, FileCheckFlags& flags, const std::vector<std::string>& files) {
  const auto clock = MakeSystemClock();
  const auto at = flags.at.empty() ? Result<Time>(clock->Now()) : ParseTime(flags.at);
  if (!at.ok()) return Report(at.status()), kCheckUsage;
  flags.options.at = *at;
  flags.options.profile = tool.profile;
  const auto checker = FileChecker::Make(flags.options, *clock);
  if (!checker.ok()) return Report(checker.status()), kCheckUsage;
  return CheckAll(tool, **checker, files);
}

}  // namespace tvan::ctl
