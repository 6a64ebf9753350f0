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

// The sender's own omission or the authority's word, and no conflict with another message.
bool ConcernsNobodyElse(Reason rule) {
  return rule == "summary.cancelled_without_notice"_reason || rule == "guard.original_refused"_reason;
}

// The rules that could not be asked.
std::string_view NotAsked(const HistoryFinding& found) {
  if (!found.asked) return "invoice.code_range";
  if (*found.asked == RelationKind::kListsCancelled) return "summary.cancelled_without_notice";
  if (*found.asked == RelationKind::kReplaces) return "guard.replaced_*";
  return *found.asked == RelationKind::kAdjusts ? "guard.adjusted_*" : "notice.invoice_refused";
}

// `holder`: the message that may be named, if any.
void Say(const HistoryFinding& found, const Holder* holder, FindingList& findings) {
  const std::string with =
      holder ? " (" + holder->gateway_id.value() + ", " + FormatLocal(holder->accepted_at) + "+07:00)" : "";
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
    const Holder* named = found.with && MayBeTold(*found.with, asker, contracts) ? &*found.with : nullptr;
    if (findings.full())
      findings.LeaveOut(found.rule);
    else if (named || !found.with || ConcernsNobodyElse(found.rule))
      Say(found, named, findings);
    else if (found.refuses)
      findings.Say("history.conflict"_reason, kWholeMessage, {Shown(found.invoice)});
  }
}

}  // namespace tvan
