#include "ops/ctl/book_text.h"

#include <iostream>

#include "ops/ctl/item_facts.h"
#include "ops/ctl/item_fields.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

constexpr const char* kIndent = "  ";

std::string WordOf(admin::ContractVerdict::Kind kind) {
  switch (kind) {
    case admin::ContractVerdict::ALLOW:
      return "allow";
    case admin::ContractVerdict::HOLD:
      return "hold";
    case admin::ContractVerdict::REFUSE:
      return "refuse";
    default:
      return "none";
  }
}

const std::string& TextOf(const Tool& tool, const v1::Finding& finding) {
  return tool.lang == "vi" ? finding.text_vi() : finding.text_en();
}

void Print(const Tool& tool, const std::string& moment, const admin::ContractVerdict& verdict) {
  std::cout << moment << ": " << WordOf(verdict.kind());
  if (!verdict.owner().empty()) std::cout << "; owner: " << verdict.owner();
  if (verdict.has_ends_at()) std::cout << "; until " << TimeText(verdict.ends_at());
  std::cout << "\n";
  for (const v1::Finding& finding : verdict.findings())
    std::cout << kIndent << ToText(finding.severity()) << " " << finding.rule_id() << ": " << TextOf(tool, finding)
              << "\n";
  for (const auto& decider : verdict.deciders())
    std::cout << kIndent << "by " << NameOf(decider.kind()) << " " << decider.id() << " version " << decider.version()
              << ", entered " << ToText(decider.changed_at()) << "\n";
}

void PrintItem(const admin::ContractItem& item) {
  std::cout << NameOf(KindOf(item)) << " " << IdOf(item) << ", version " << item.version()
            << (item.deleted() ? " (deleted)" : "") << ", by " << item.author() << " at " << ToText(item.changed_at())
            << (item.reason().empty() ? "" : ": " + item.reason()) << "\n";
  for (const auto& [path, text] : FieldsOf(InnerOf(item))) std::cout << kIndent << path << " = " << text << "\n";
}

void PrintChanges(const google::protobuf::RepeatedPtrField<std::string>& changes) {
  for (const std::string& change : changes) std::cout << kIndent << change << "\n";
}

std::string NamesOf(const admin::Expiry& end) {
  const std::string of = end.kind() == admin::CONTRACT_KIND_UNSPECIFIED ? "" : NameOf(end.kind()) + " " + end.id();
  return of + (end.name().empty() ? "" : (of.empty() ? "" : ", ") + end.name());
}

const char* WhatEnds(admin::Expiry::What what) {
  if (what == admin::Expiry::TERM) return "term";
  return what == admin::Expiry::CERTIFICATE ? "certificate" : "our certificate";
}

void PrintEndings(const google::protobuf::RepeatedPtrField<admin::Expiry>& endings) {
  Table table({"at", "what", "of", "within days", "stop", "waiting"});
  for (const admin::Expiry& end : endings)
    table.Add({TimeText(end.at()), WhatEnds(end.what()), NamesOf(end), std::to_string(end.days()), end.window(),
               end.buffered()});
  if (!table.empty()) table.Print();
}

}  // namespace

int Show(Tool& tool, const admin::ContractItem& item) {
  tool.json ? PrintJson(item) : PrintItem(item);
  return kOk;
}

// Exit code 2 says: nothing changed yet, it waits for somebody else.
int Show(Tool& tool, const admin::ContractChange& change) {
  if (tool.json) return PrintJson(change), change.proposal().empty() ? kOk : kNegative;
  if (change.proposal().empty()) return Show(tool, change.item());
  std::cout << "nothing changed yet: proposal " << change.proposal()
            << " waits for somebody else (tvanctl proposal approve " << change.proposal() << ")\n";
  return kNegative;
}

int Show(Tool& tool, const admin::GetContractHistoryResponse& page) {
  for (const auto& version : page.versions()) {
    if (tool.json) {
      PrintJson(version);
      continue;
    }
    std::cout << "version " << version.item().version() << (version.item().deleted() ? " (deleted)" : "") << ", by "
              << version.item().author() << " at " << ToText(version.item().changed_at())
              << (version.item().reason().empty() ? "" : ": " + version.item().reason()) << "\n";
    PrintChanges(version.changes());
  }
  return kOk;
}

int Show(Tool& tool, const admin::DiffContractsResponse& page) {
  for (const auto& one : page.differences()) {
    if (tool.json) {
      PrintJson(one);
      continue;
    }
    std::cout << NameOf(one.kind()) << " " << one.id() << ": version " << one.version_before() << " → "
              << one.version_after() << (one.deleted() ? " (deleted)" : "") << ", by " << one.author() << " at "
              << ToText(one.changed_at()) << (one.reason().empty() ? "" : ": " + one.reason()) << "\n";
    PrintChanges(one.changes());
  }
  return kOk;
}

// Exit code 2 says: not allowed.
int Show(Tool& tool, const admin::ExplainContractResponse& answer) {
  const bool allowed = answer.intake().kind() == admin::ContractVerdict::ALLOW &&
                       (!answer.has_release() || answer.release().kind() == admin::ContractVerdict::ALLOW);
  if (tool.json) return PrintJson(answer), allowed ? kOk : kNegative;
  if (!answer.kept_versions().empty()) std::cout << "kept at acceptance: " << answer.kept_versions() << "\n";
  Print(tool, "intake", answer.intake());
  if (answer.has_release()) Print(tool, "release", answer.release());
  return allowed ? kOk : kNegative;
}

// Exit code 2 says: something would be refused, held, or cannot be entered.
int Show(Tool& tool, const admin::SimulateContractsResponse& answer) {
  const bool harmless = answer.errors().empty() && answer.refused_total() == 0 && answer.touched_total() == 0;
  if (tool.json) return PrintJson(answer), harmless ? kOk : kNegative;
  for (const std::string& error : answer.errors()) std::cout << "cannot be entered: " << error << "\n";
  std::cout << answer.refused_total() << " would be refused\n";
  for (const auto& who : answer.refused())
    std::cout << kIndent << who.provider() << " " << (who.mst().empty() ? "(every taxpayer)" : who.mst()) << ": "
              << WordOf(who.before().kind()) << " → " << WordOf(who.after().kind())
              << (who.after().findings().empty() ? "" : ", " + who.after().findings(0).rule_id()) << "\n";
  std::cout << answer.touched_total() << " of " << answer.buffered_looked_at() << " buffered messages would be held\n";
  for (const auto& message : answer.touched())
    std::cout << kIndent << message.provider() << " " << message.mst() << " " << message.gateway_mtdiep() << ": "
              << (message.after().findings().empty() ? "" : message.after().findings(0).rule_id()) << "\n";
  PrintEndings(answer.endings());
  return harmless ? kOk : kNegative;
}

int Show(Tool& tool, const admin::ImportContractsResponse& answer) {
  if (tool.json) return PrintJson(answer), answer.errors_total() == 0 && answer.proposal().empty() ? kOk : kNegative;
  for (const auto& error : answer.errors())
    std::cout << "row " << error.row() << ": " << error.text() << " (" << error.reason() << ")\n";
  if (answer.errors_total() > 0) {
    std::cout << answer.errors_total() << " rows cannot be entered; nothing was\n";
    return kNegative;
  }
  std::cout << answer.created() << " created, " << answer.updated() << " updated, " << answer.unchanged()
            << " unchanged";
  if (!answer.proposal().empty())
    std::cout << "; nothing changed yet: proposal " << answer.proposal() << " waits for somebody else";
  else if (!answer.entered())
    std::cout << "; dry run: nothing was entered";
  std::cout << "\n";
  return answer.proposal().empty() ? kOk : kNegative;
}

int Show(Tool& tool, const admin::ForecastExpiryResponse& answer) {
  if (tool.json) return PrintJson(answer), kOk;
  PrintEndings(answer.endings());
  std::cout << answer.mandates() << " mandates end\n";
  return kOk;
}

int Show(Tool& tool, const std::vector<admin::Proposal>& proposals) {
  Table table({"proposal", "state", "made at", "by", "lapses at", "what", "reason", "decided by"});
  for (const admin::Proposal& one : proposals) {
    if (tool.json) PrintJson(one);
    table.Add({one.id(), EnumText(*admin::Proposal::State_descriptor()->FindValueByNumber(one.state())),
               ToText(one.made_at()), one.author(), ToText(one.lapses_at()), one.summary(), one.reason(),
               one.decided_by()});
  }
  if (!tool.json) table.Print();
  return kOk;
}

ItemTable::ItemTable(Tool& tool, admin::ContractKind kind) : tool_(tool), table_({}) {
  admin::ContractItem item;
  std::vector<std::string> header;
  for (const std::string& path : FieldPaths(InnerOf(kind, item)))
    if (path.find('.') == std::string::npos || path.rfind("quotas", 0) == 0) paths_.push_back(path);
  header = paths_;
  header.push_back("version");
  table_ = Table(header);
}

void ItemTable::Add(const admin::ContractItem& item) {
  if (tool_.json) return PrintJson(item);
  std::vector<std::string> row;
  for (const std::string& path : paths_) row.push_back(GetField(InnerOf(item), path));
  row.push_back(std::to_string(item.version()));
  table_.Add(std::move(row));
}

int ItemTable::Print() {
  if (!tool_.json) table_.Print();
  return kOk;
}

}  // namespace tvan::ctl
