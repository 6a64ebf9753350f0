// tvanctl explain: what a rule says, where it comes from, what to do about it.
#include <iostream>
#include <utility>

#include <nlohmann/json.hpp>

#include "gateway/validate/rule_page.h"
#include "gateway/validate/rule_table.h"
#include "ops/ctl/tool.h"

namespace tvan::ctl {
namespace {

struct ExplainFlags {
  std::string rule;
  bool all = false;
};

int Unknown(const std::string& name) {
  std::cerr << "tvanctl: there is no rule " << name;
  const char* before = "; is it ";
  const std::vector<std::string_view> near = RulesLike(name);
  for (const std::string_view like : near) std::cerr << std::exchange(before, " or ") << like;
  std::cerr << (near.empty() ? "" : "?") << "\n         `tvanctl explain --all` prints all of them\n";
  return kNegative;
}

void PrintForMachines(const Rule& rule) {
  std::cout << nlohmann::ordered_json{{"rule", rule.id.text()},          {"severity", ToString(rule.severity)},
                                      {"configurable", rule.switchable}, {"authority_code", rule.authority_code},
                                      {"text_vi", rule.text_vi},         {"text_en", rule.text_en},
                                      {"source", rule.source},           {"todo_vi", rule.todo_vi},
                                      {"todo_en", rule.todo_en},         {"page", RuleLink(rule.id.text())}}
                   .dump()
            << '\n';
}

void PrintForPeople(const Rule& rule) {
  std::cout << rule.id.text() << ": " << ToString(rule.severity) << (rule.switchable ? " (configurable)" : "") << '\n'
            << "  vi       " << rule.text_vi << '\n'
            << "  làm gì   " << rule.todo_vi << '\n'
            << "  en       " << rule.text_en << '\n'
            << "  do       " << rule.todo_en << '\n';
  if (!rule.authority_code.empty()) std::cout << "  MLoi     " << rule.authority_code << '\n';
  std::cout << "  source   " << rule.source << '\n' << "  page     " << RuleLink(rule.id.text()) << '\n';
}

int Explain(const Tool& tool, const ExplainFlags& flags) {
  if (flags.all && !tool.json) {
    std::cout << RulesPage();
    return kOk;
  }
  if (flags.all)
    for (const Rule& rule : AllRules()) PrintForMachines(rule);
  if (flags.all) return kOk;
  const Rule* rule = FindRule(flags.rule);
  if (rule == nullptr) return Unknown(flags.rule);
  tool.json ? PrintForMachines(*rule) : PrintForPeople(*rule);
  return kOk;
}

}  // namespace

void AddExplainCommand(CLI::App& app, Tool& tool) {
  auto flags = std::make_shared<ExplainFlags>();
  CLI::App* explain = app.add_subcommand("explain", "what a rule of a finding says, and what to do about it");
  explain->require_option(1);
  explain->add_option("RULE", flags->rule, "room.what, as findings name it");
  explain->add_flag("--all", flags->all, "the page config/RULES.md; with --json every rule");
  OnCall(explain, tool, [&tool, flags] { return Explain(tool, *flags); });
}

}  // namespace tvan::ctl
