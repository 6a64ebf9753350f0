// One HDon beyond its fields: its key, its code, what it replaces or adjusts.
#include "gateway/validate/invoice.h"

#include "gateway/validate/formats.h"
#include "gateway/validate/items.h"
#include "gateway/validate/node_reader.h"
#include "gateway/validate/rules_amount.h"
#include "gateway/validate/rules_extra.h"

namespace tvan {
namespace {

void TakeCode(const ItemFacts& facts, const std::optional<InvoiceKey>& key, Package& package, Items& items,
              FindingList& findings) {
  const std::string_view code = facts.at[Fact::kCode];
  if (!IsRegisterCode(code)) return;
  const auto say = [&](Reason rule, RuleValues values) { findings.Say(rule, PathOf(facts.node, "MCCQT"), values); };
  const std::string_view form = facts.at[Fact::kForm];
  if (!form.empty() && code.substr(1, 1) != form) say("invoice.code_kind"_reason, {code.substr(1, 1), Quote(form)});
  if (code[1] > '6') say("invoice.code_type"_reason, {Quote(code)});
  const std::string_view date = facts.at[Fact::kDate];
  if (IsDay(date) && code.substr(3, 2) != date.substr(2, 2)) say("invoice.code_year"_reason, {code.substr(3, 2), date});
  if (!package.codes.insert(std::string(code)).second)
    say("invoice.code_repeated"_reason, {Quote(code)});
  else if (key)
    items.codes.push_back({std::string(code), *key});
}

void TakeRelated(const ItemFacts& facts, const std::optional<InvoiceKey>& key, Items& items, FindingList& findings) {
  const std::string_view kind = facts.at[Fact::kRelation];
  const std::string_view form = facts.at[Fact::kRelatedForm], series = facts.at[Fact::kRelatedSeries];
  const std::string_view number = facts.at[Fact::kRelatedNumber], date = facts.at[Fact::kRelatedDate];
  if (kind.empty() && form.empty() && series.empty() && number.empty()) return;
  const XmlNode related = facts.node.Descend({"DLHDon", "TTChung", "TTHDLQuan"});
  auto original = key ? MakeInvoiceKey(key->mst.value(), form, series, number) : std::nullopt;
  if (!original) {
    if (facts.at[Fact::kAdjustsMany].empty()) findings.Say("invoice.reference_incomplete"_reason, related.path());
    return;
  }
  if (*original == *key) findings.Say("invoice.reference_itself"_reason, related.path(), {Quote(key->ToString())});
  if (IsDay(date) && IsDay(facts.at[Fact::kDate]) && date > facts.at[Fact::kDate])
    findings.Say("invoice.reference_date"_reason, PathOf(related, "NLHDCLQuan"), {date, facts.at[Fact::kDate]});
  items.refers.push_back(*original);
  if (kind == "1" || kind == "2")
    items.relations.push_back(
        {kind == "1" ? RelationKind::kReplaces : RelationKind::kAdjusts, std::move(*original), key});
}

void CheckDate(const ItemFacts& facts, std::string_view today, FindingList& findings) {
  const std::string_view date = facts.at[Fact::kDate];
  if (!IsDay(date) || date <= today) return;
  findings.Say("invoice.date_future"_reason, PathOf(facts.node, "DLHDon/TTChung/NLap"), {date});
}

}  // namespace

std::optional<InvoiceKey> KeyOf(const ItemFacts& facts, const Envelope& header) {
  std::string_view mst = facts.at[Fact::kMst];
  if (mst.empty()) mst = header.mst;
  const std::string_view form = facts.at[Fact::kForm], series = facts.at[Fact::kSeries];
  if (form.size() != 1 || series.size() != 6) return std::nullopt;
  return MakeInvoiceKey(mst, form, series, facts.at[Fact::kNumber]);
}

void TakeKey(const ItemFacts& facts, const std::optional<InvoiceKey>& key, Package& package, Items& items,
             FindingList& findings) {
  if (!key) {
    // Mostly a field says what is wrong with it; none may let an invoice pass that nobody could claim.
    if (!findings.has_error()) findings.Say("invoice.key_unusable"_reason, facts.node.path());
    return;
  }
  if (package.keys.insert(*key).second)
    items.claims.push_back(*key);
  else
    findings.Say("invoice.key_repeated"_reason, facts.node.path(), {Quote(key->ToString())});
}

std::optional<InvoiceKey> MakeInvoiceKey(std::string_view mst, std::string_view khmshdon, std::string_view khhdon,
                                         std::string_view shdon) {
  if (!IsWhole(shdon, 1, 99'999'999, 8)) return std::nullopt;
  std::string text(mst);
  for (const std::string_view part : {khmshdon, khhdon, shdon}) text.append(1, ';').append(part);
  auto key = ParseInvoiceKey(text);
  if (!key.ok()) return std::nullopt;
  return std::move(*key);
}

void JudgeInvoice(const ItemFacts& facts, const ItemRules& rules, Package& package, Items& items,
                  FindingList& findings) {
  const std::optional<InvoiceKey> key = KeyOf(facts, rules.header);
  TakeKey(facts, key, package, items, findings);
  if (rules.type.signature == SignaturePlace::kPackage) TakeCode(facts, key, package, items, findings);
  TakeRelated(facts, key, items, findings);
  CheckDate(facts, rules.today, findings);
  CheckAmounts(facts, findings);
  CheckExtra(facts, rules.profile.profile->ttkhac_length, findings);
}

}  // namespace tvan
