#include "gateway/validate/rules_extra.h"

#include <algorithm>

#include "gateway/validate/formats.h"

namespace tvan {
namespace {

bool IsKind(std::string_view text, std::string_view lower_case) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                    [&](char a, char b) { return lower(a) == b; });
}

bool ReadsAs(std::string_view kind, std::string_view value) {
  if (IsKind(kind, "numeric") || IsKind(kind, "numberic")) return CheckNumber(value, {}) != NumberFault::kForm;
  if (IsKind(kind, "date")) return IsDay(value);
  return !IsKind(kind, "datetime") || IsDateTime(value);
}

void SayLength(const XmlNode& node, Severity severity, size_t characters, uint32_t most, FindingList& findings) {
  constexpr Reason kRule = "field.ttkhac_length"_reason;
  if (findings.full()) return findings.LeaveOut(kRule, severity);
  findings.Say(kRule, severity, node.path(), {node.name(), std::to_string(characters), std::to_string(most)});
}

// Of all TTin of one TTKhac; the rows of one stand together.
void CheckLengths(const std::vector<RowFacts>& rows, uint32_t most, FindingList& findings) {
  for (size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
    const XmlNode whole = rows[begin].node.parent();
    size_t sum = 0;
    bool said = false;
    for (end = begin; end < rows.size() && rows[end].node.parent() == whole; ++end) {
      const size_t characters = CountCharacters(rows[end].at[RowFact::kValue]);
      sum += characters;
      if (characters <= most) continue;
      SayLength(rows[end].node.Child("DLieu"), Severity::kError, characters, most, findings);
      said = true;
    }
    if (sum > most && !said) SayLength(whole, Severity::kWarning, sum, most, findings);
  }
}

void CheckTypes(const std::vector<RowFacts>& rows, FindingList& findings) {
  constexpr Reason kRule = "field.ttin_type"_reason;
  for (const RowFacts& row : rows) {
    const std::string_view kind = row.at[RowFact::kType], value = row.at[RowFact::kValue];
    if (kind.empty() || value.empty() || ReadsAs(kind, value)) continue;
    if (findings.full())
      findings.LeaveOut(kRule);
    else
      findings.Say(kRule, row.node.Child("DLieu").path(), {"DLieu", Quote(value), kind});
  }
}

void CheckBeyond(const ItemFacts& item, FindingList& findings) {
  const std::string_view form = item.at[Fact::kForm];
  if (form == "7" || form == "8" || form == "9")
    findings.Say("invoice.form_beyond"_reason, item.node.Descend({"DLHDon", "TTChung", "KHMSHDon"}).path(), {form});
  const auto beyond = [](const RowFacts& line) { return line.at[RowFact::kNature] == "5"; };
  const auto found = std::find_if(item.lines().begin(), item.lines().end(), beyond);
  if (found != item.lines().end()) findings.Say("invoice.nature_beyond"_reason, found->node.Child("TChat").path());
}

}  // namespace

void CheckExtra(const ItemFacts& item, uint32_t ttkhac_length, FindingList& findings) {
  if (ttkhac_length > 0) CheckLengths(item.extra(), ttkhac_length, findings);
  CheckTypes(item.extra(), findings);
  CheckBeyond(item, findings);
  const std::string_view buyer = item.at[Fact::kBuyerMst];
  if (!buyer.empty() && !IsTaxCodeForm(buyer))
    findings.Say("field.buyer_mst"_reason, item.node.Descend({"DLHDon", "NDHDon", "NMua", "MST"}).path(),
                 {"MST", Quote(buyer)});
}

}  // namespace tvan
