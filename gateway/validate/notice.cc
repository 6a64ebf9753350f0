// The error notice of a 300 or 303 (04/SS-HĐĐT, protocol.md section 7.8) beyond its fields: which invoices it names and
// what it says of each.
#include <map>

#include "gateway/validate/formats.h"
#include "gateway/validate/header.h"
#include "gateway/validate/invoice.h"
#include "gateway/validate/items.h"
#include "gateway/validate/node_reader.h"

namespace tvan {
namespace {

// SLuong may be the count of notices (one) or of the invoices named: the protocol does not say which, so only what is
// neither is refused.
void CheckSLuong(const XmlNode& notice, const std::string& sluong, size_t invoices, FindingList& findings) {
  const auto said = ParseItemCount(sluong);
  if (!said || *said == 1) return;  // malformed: the header's findings say so
  const std::string path = notice.parent().path(), found = std::to_string(invoices);
  if (*said == invoices)
    findings.Say("count.sluong_uncertain"_reason, path, {found});
  else
    findings.Say("count.sluong_mismatch"_reason, path, {std::to_string(*said), "1"});
}

bool IsBlank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

void CheckNamed(const RowFacts& row, int type, FindingList& findings) {
  const bool cancels = row.at[RowFact::kAction] == "1";
  if (cancels && IsBlank(row.at[RowFact::kReason]))
    findings.Say("notice.reason_missing"_reason, PathOf(row.node, "LDo"));
  const std::string_view code = row.at[RowFact::kCode].empty() ? row.at[RowFact::kOtherCode] : row.at[RowFact::kCode];
  if (!code.empty() && IsRegisterCode(code) != (type == 303))
    findings.Say("notice.register_in_300"_reason, row.node.path(), {Quote(code), std::to_string(type)});
}

}  // namespace

void JudgeNotice(const ItemFacts& facts, const ItemRules& rules, Items& items, FindingList& findings) {
  const std::vector<RowFacts>& named = facts.named();
  if (named.empty() && findings.has_error()) return;  // the walk said why
  if (named.empty() || named.size() > static_cast<size_t>(rules.max_items)) {
    findings.Say("notice.invoice_count"_reason, facts.node.path(),
                 {std::to_string(named.size()), std::to_string(rules.max_items)});
    return;
  }
  CheckSLuong(facts.node, rules.header.sluong, named.size(), findings);
  std::map<InvoiceKey, std::string_view> seen;
  for (const RowFacts& row : named) {
    if (findings.full(Severity::kError)) break;  // refused, and at length
    CheckNamed(row, rules.type.code, findings);
    const std::string_view form = row.at[RowFact::kForm], series = row.at[RowFact::kSeries];
    const std::string_view number = row.at[RowFact::kNumber];
    auto key = MakeInvoiceKey(rules.header.mst, form, series, number);
    if (!key) {
      const std::string name = std::string(form) + ";" + std::string(series) + ";" + std::string(number);
      if (!form.empty() && !series.empty() && !number.empty() && IsTaxCodeForm(rules.header.mst))
        findings.Say("notice.invoice_malformed"_reason, row.node.path(), {Quote(name)});
      continue;
    }
    const std::string_view action = row.at[RowFact::kAction];
    const auto [place, first] = seen.emplace(*key, action);
    if (!first && place->second != action)
      findings.Say("notice.invoice_repeated"_reason, row.node.path(), {Quote(key->ToString())});
    if (first) items.refers.push_back(*key);
    items.relations.push_back({action == "1" ? RelationKind::kCancels : RelationKind::kNames, *key, std::nullopt});
  }
}

}  // namespace tvan
