#include "ops/ctl/book_text.h"

#include <iostream>

#include "ops/ctl/item_facts.h"
#include "ops/ctl/item_fields.h"
#include "ops/ctl/night_words.h"

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

// Kinds and fields stay as they are typed.
NightWords WordsOf(const Tool& tool) { return NightWords(tool.lang == "vi"); }

void Print(const NightWords& words, const std::string& moment, const admin::ContractVerdict& verdict) {
  std::cout << moment << ": " << words.Term(WordOf(verdict.kind()));
  if (!verdict.owner().empty()) std::cout << words.Say("; phụ trách: ", "; owner: ") << words.Term(verdict.owner());
  if (verdict.has_ends_at()) std::cout << words.Say("; đến ", "; until ") << TimeText(verdict.ends_at());
  std::cout << "\n";
  for (const v1::Finding& finding : verdict.findings())
    std::cout << kIndent << words.Term(ToText(finding.severity())) << " " << finding.rule_id() << ": "
              << words.Say(finding.text_vi().c_str(), finding.text_en().c_str()) << "\n";
  for (const auto& decider : verdict.deciders())
    std::cout << kIndent << words.Say("theo ", "by ") << NameOf(decider.kind()) << " " << decider.id()
              << words.Say(" phiên bản ", " version ") << decider.version() << words.Say(", nhập lúc ", ", entered ")
              << ToText(decider.changed_at()) << "\n";
}

// "version 3 (deleted), by Lan at 2026-11-21T10:00:00+07:00: why"
template <class Change>
std::string ChangeText(const NightWords& words, const std::string& version, const Change& change) {
  return words.Say("phiên bản ", "version ") + version +
         (change.deleted() ? words.Say(" (đã xóa)", " (deleted)") : "") + words.Say(", bởi ", ", by ") +
         change.author() + words.Say(" lúc ", " at ") + ToText(change.changed_at()) +
         (change.reason().empty() ? "" : ": " + change.reason()) + "\n";
}

void PrintItem(const NightWords& words, const admin::ContractItem& item) {
  std::cout << NameOf(KindOf(item)) << " " << IdOf(item) << ", "
            << ChangeText(words, std::to_string(item.version()), item);
  for (const auto& [path, text] : FieldsOf(InnerOf(item))) std::cout << kIndent << path << " = " << text << "\n";
}

void PrintChanges(const google::protobuf::RepeatedPtrField<std::string>& changes) {
  for (const std::string& change : changes) std::cout << kIndent << change << "\n";
}

std::string NamesOf(const admin::Expiry& end) {
  const std::string of = end.kind() == admin::CONTRACT_KIND_UNSPECIFIED ? "" : NameOf(end.kind()) + " " + end.id();
  return of + (end.name().empty() ? "" : (of.empty() ? "" : ", ") + end.name());
}

std::string WhatEnds(const NightWords& words, admin::Expiry::What what) {
  if (what == admin::Expiry::TERM) return words.Say("thời hạn", "term");
  return what == admin::Expiry::CERTIFICATE ? words.Say("chứng thư", "certificate")
                                            : words.Say("chứng thư của ta", "our certificate");
}

void PrintEndings(const NightWords& words, const google::protobuf::RepeatedPtrField<admin::Expiry>& endings) {
  Table table({words.Say("lúc", "at"), words.Say("gì", "what"), words.Say("của", "of"),
               words.Say("trong số ngày", "within days"), words.Say("đợt dừng", "stop"),
               words.Say("đang chờ", "waiting")});
  for (const admin::Expiry& end : endings)
    table.Add({TimeText(end.at()), WhatEnds(words, end.what()), NamesOf(end), std::to_string(end.days()), end.window(),
               end.buffered()});
  if (!table.empty()) table.Print();
}

}  // namespace

int Show(Tool& tool, const admin::ContractItem& item) {
  tool.json ? PrintJson(item) : PrintItem(WordsOf(tool), item);
  return kOk;
}

// Exit code 2 says: nothing changed yet, it waits for somebody else.
int Show(Tool& tool, const admin::ContractChange& change) {
  if (tool.json) return PrintJson(change), change.proposal().empty() ? kOk : kNegative;
  if (change.proposal().empty()) return Show(tool, change.item());
  const NightWords words = WordsOf(tool);
  std::cout << words.Say("chưa thay đổi gì: đề xuất ", "nothing changed yet: proposal ") << change.proposal()
            << words.Say(" chờ người khác", " waits for somebody else") << " (tvanctl proposal approve "
            << change.proposal() << ")\n";
  return kNegative;
}

int Show(Tool& tool, const admin::GetContractHistoryResponse& page) {
  for (const auto& version : page.versions()) {
    if (tool.json) {
      PrintJson(version);
      continue;
    }
    std::cout << ChangeText(WordsOf(tool), std::to_string(version.item().version()), version.item());
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
    const std::string versions = std::to_string(one.version_before()) + " → " + std::to_string(one.version_after());
    std::cout << NameOf(one.kind()) << " " << one.id() << ": " << ChangeText(WordsOf(tool), versions, one);
    PrintChanges(one.changes());
  }
  return kOk;
}

// Exit code 2 says: not allowed.
int Show(Tool& tool, const admin::ExplainContractResponse& answer) {
  const bool allowed = answer.intake().kind() == admin::ContractVerdict::ALLOW &&
                       (!answer.has_release() || answer.release().kind() == admin::ContractVerdict::ALLOW);
  if (tool.json) return PrintJson(answer), allowed ? kOk : kNegative;
  const NightWords words = WordsOf(tool);
  if (!answer.kept_versions().empty())
    std::cout << words.Say("đã lưu khi tiếp nhận: ", "kept at acceptance: ") << answer.kept_versions() << "\n";
  Print(words, words.Say("tiếp nhận", "intake"), answer.intake());
  if (answer.has_release()) Print(words, words.Say("gửi đi", "release"), answer.release());
  return allowed ? kOk : kNegative;
}

// Exit code 2 says: something would be refused, held, or cannot be entered.
int Show(Tool& tool, const admin::SimulateContractsResponse& answer) {
  const bool harmless = answer.errors().empty() && answer.refused_total() == 0 && answer.touched_total() == 0;
  if (tool.json) return PrintJson(answer), harmless ? kOk : kNegative;
  const NightWords words = WordsOf(tool);
  for (const std::string& error : answer.errors())
    std::cout << words.Say("không thể nhập: ", "cannot be entered: ") << error << "\n";
  std::cout << answer.refused_total() << words.Say(" sẽ bị từ chối\n", " would be refused\n");
  for (const auto& who : answer.refused())
    std::cout << kIndent << who.provider() << " "
              << (who.mst().empty() ? words.Say("(mọi người nộp thuế)", "(every taxpayer)") : who.mst()) << ": "
              << words.Term(WordOf(who.before().kind())) << " → " << words.Term(WordOf(who.after().kind()))
              << (who.after().findings().empty() ? "" : ", " + who.after().findings(0).rule_id()) << "\n";
  std::cout << answer.touched_total() << words.Say(" trên ", " of ") << answer.buffered_looked_at()
            << words.Say(" thông điệp đang chờ sẽ bị giữ lại\n", " buffered messages would be held\n");
  for (const auto& message : answer.touched())
    std::cout << kIndent << message.provider() << " " << message.mst() << " " << message.gateway_mtdiep() << ": "
              << (message.after().findings().empty() ? "" : message.after().findings(0).rule_id()) << "\n";
  PrintEndings(words, answer.endings());
  return harmless ? kOk : kNegative;
}

int Show(Tool& tool, const admin::ImportContractsResponse& answer) {
  if (tool.json) return PrintJson(answer), answer.errors_total() == 0 && answer.proposal().empty() ? kOk : kNegative;
  const NightWords words = WordsOf(tool);
  for (const auto& error : answer.errors())
    std::cout << words.Say("dòng ", "row ") << error.row() << ": " << error.text() << " (" << error.reason() << ")\n";
  if (answer.errors_total() > 0) {
    std::cout << answer.errors_total()
              << words.Say(" dòng không thể nhập; chưa nhập gì\n", " rows cannot be entered; nothing was\n");
    return kNegative;
  }
  std::cout << answer.created() << words.Say(" tạo mới, ", " created, ") << answer.updated()
            << words.Say(" cập nhật, ", " updated, ") << answer.unchanged() << words.Say(" không đổi", " unchanged");
  if (!answer.proposal().empty())
    std::cout << words.Say("; chưa thay đổi gì: đề xuất ", "; nothing changed yet: proposal ") << answer.proposal()
              << words.Say(" chờ người khác", " waits for somebody else");
  else if (!answer.entered())
    std::cout << words.Say("; chạy thử: chưa nhập gì", "; dry run: nothing was entered");
  std::cout << "\n";
  return answer.proposal().empty() ? kOk : kNegative;
}

int Show(Tool& tool, const admin::ForecastExpiryResponse& answer) {
  if (tool.json) return PrintJson(answer), kOk;
  const NightWords words = WordsOf(tool);
  PrintEndings(words, answer.endings());
  if (answer.more() > 0)
    std::cout << answer.more() << words.Say(" mục khác hết hạn, không nêu ở đây\n", " more end that are not listed\n");
  std::cout << answer.mandates() << words.Say(" ủy quyền hết hạn\n", " mandates end\n");
  return kOk;
}

int Show(Tool& tool, const std::vector<admin::Proposal>& proposals) {
  const NightWords words = WordsOf(tool);
  Table table({words.Say("đề xuất", "proposal"), words.Say("trạng thái", "state"), words.Say("lập lúc", "made at"),
               words.Say("bởi", "by"), words.Say("quá hạn lúc", "lapses at"), words.Say("việc", "what"),
               words.Say("lý do", "reason"), words.Say("người quyết định", "decided by")});
  for (const admin::Proposal& one : proposals) {
    if (tool.json) PrintJson(one);
    table.Add({one.id(), words.Term(EnumText(*admin::Proposal::State_descriptor()->FindValueByNumber(one.state()))),
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
