#include "ops/ctl/proposal_text.h"

#include <iostream>

#include "ops/ctl/item_facts.h"
#include "ops/ctl/item_fields.h"
#include "ops/ctl/night_words.h"
#include "ops/ctl/output.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;
using Response = admin::ListProposalItemsResponse;

std::string EffectText(const NightWords& words, const Response::Item& item) {
  switch (item.effect()) {
    case Response::ADDS:
      return words.Say("thêm mới", "new");
    case Response::CHANGES:
      return words.Say("thay đổi", "changes");
    case Response::NOTHING:
      return words.Say("không đổi", "as it is");
    case Response::SHORTENS:
      return words.Say("RÚT NGẮN thời hạn", "SHORTENS its term");
    case Response::ENDS:
      return item.item().deleted() ? words.Say("XÓA", "DELETES it") : words.Say("CHẤM DỨT", "ENDS it");
    case Response::BRINGS_BACK:
      return words.Say("KHÔI PHỤC sau khi đã chấm dứt", "BRINGS it BACK");
    default:
      return "?";
  }
}

std::string CountsText(const NightWords& words, const admin::Proposal::Counts& counts) {
  std::string text;
  const auto add = [&](uint64_t count, const char* vi, const char* en) {
    if (count != 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + words.Say(vi, en);
  };
  add(counts.adds(), "thêm mới", "new");
  add(counts.changes(), "thay đổi", "changed");
  add(counts.nothing(), "không đổi", "as they are");
  add(counts.shortens(), "RÚT NGẮN", "SHORTENED");
  add(counts.ends(), "CHẤM DỨT", "ENDED");
  add(counts.brings_back(), "KHÔI PHỤC", "BROUGHT BACK");
  return text;
}

}  // namespace

bool EndsForGood(const Response::Item& item) {
  return item.effect() == Response::SHORTENS || item.effect() == Response::ENDS ||
         item.effect() == Response::BRINGS_BACK;
}

bool IsOvertaken(const admin::Proposal& proposal, const Response::Item& item) {
  return proposal.state() == admin::Proposal::OPEN && item.version_now() != item.item().version();
}

void ShowProposal(const Tool& tool, const admin::Proposal& proposal) {
  if (tool.json) return PrintJson(proposal);
  const NightWords words(tool.lang == "vi");
  std::cout << words.Say("đề xuất ", "proposal ") << proposal.id() << " ("
            << words.Term(EnumText(*admin::Proposal::State_descriptor()->FindValueByNumber(proposal.state()))) << ")"
            << words.Say(", bởi ", ", by ") << proposal.author() << words.Say(" lúc ", " at ")
            << ToText(proposal.made_at()) << ": " << proposal.reason() << "\n"
            << proposal.summary() << "\n";
  if (proposal.has_counts()) std::cout << CountsText(words, proposal.counts()) << "\n";
  if (!proposal.decided_by().empty())
    std::cout << words.Say("quyết định bởi ", "decided by ") << proposal.decided_by() << words.Say(" lúc ", " at ")
              << ToText(proposal.decided_at()) << ": " << proposal.decision_reason() << "\n";
}

void ShowItem(const Tool& tool, const Response::Item& item) {
  if (tool.json) return PrintJson(item);
  const NightWords words(tool.lang == "vi");
  const uint64_t from = item.item().version(), now = item.version_now();
  std::cout << NameOf(KindOf(item.item())) << " " << IdOf(item.item()) << ": " << EffectText(words, item);
  if (from != 0) std::cout << words.Say(", từ phiên bản ", ", from version ") << from;
  if (now != from) std::cout << words.Say("; hiện là phiên bản ", "; now at version ") << now;
  std::cout << "\n";
  for (const std::string& change : item.changes()) std::cout << "  " << change << "\n";
}

}  // namespace tvan::ctl
