#include "gateway/intake/history_words.h"

#include <algorithm>
#include <string_view>

namespace tvan {
namespace {

constexpr size_t kShown = 80;
constexpr const char* kWholeMessage = "";  // the path

std::string Shown(const InvoiceKey& invoice) { return FirstCharacters(invoice.ToString(), kShown); }

bool MayBeTold(const Holder& holder, const ProviderId& asker, const ContractSnapshot& contracts) {
  if (holder.provider == asker) return true;
  const auto mandated = contracts.ProvidersOf(holder.mst, holder.accepted_at);
  return std::find(mandated.begin(), mandated.end(), asker) != mandated.end();
}

// The rules that could not be asked.
std::string_view NotAsked(const HistoryFinding& found) {
  if (!found.asked) return "invoice.code_range";
  if (*found.asked == RelationKind::kListsCancelled) return "summary.cancelled_without_notice";
  return *found.asked == RelationKind::kReplaces ? "guard.replaced_*" : "guard.adjusted_*";
}

void Say(const HistoryFinding& found, FindingList& findings) {
  const std::string with =
      found.with ? " (" + found.with->gateway_id.value() + ", " + FormatLocal(found.with->accepted_at) + "+07:00)" : "";
  const std::string code = FirstCharacters(found.code, kShown), mst = found.invoice.mst.value();
  if (found.rule == "history.unknown"_reason)
    findings.Say(found.rule, kWholeMessage, {found.asked ? Shown(found.invoice) : "MST " + mst, NotAsked(found)});
  else if (found.rule == "invoice.code_range"_reason)
    findings.Say(found.rule, kWholeMessage, {FirstCharacters(RangeOf(found.code), kShown), mst});
  else
    findings.Say(found.rule, kWholeMessage, {code.empty() ? Shown(found.invoice) : code, with});
}

}  // namespace

void SayHistory(const std::vector<HistoryFinding>& history, const ProviderId& asker, const ContractSnapshot& contracts,
                FindingList& findings) {
  for (const HistoryFinding& found : history) {
    if (findings.full())
      findings.LeaveOut(found.rule);
    else if (!found.with || MayBeTold(*found.with, asker, contracts))
      Say(found, findings);
    else if (found.refuses)
      findings.Say("history.conflict"_reason, kWholeMessage, {Shown(found.invoice)});
  }
}

}  // namespace tvan
