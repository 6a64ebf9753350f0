// A summary table (400, 401; protocol.md section 7.9) beyond its fields.
#include <set>

#include "gateway/validate/formats.h"
#include "gateway/validate/invoice.h"
#include "gateway/validate/items.h"
#include "gateway/validate/node_reader.h"

namespace tvan {
namespace {

constexpr std::string_view kNew = "0", kCancelled = "1";  // TThai

// The last day of a period as YYYY-MM-31 or so: enough to compare days as text. Empty: the period is malformed.
std::string LastDay(std::string_view kind, std::string_view period) {
  if (!IsPeriod(kind, period)) return {};
  const std::string year(period.substr(period.size() - 4));
  if (kind == "N") return year + "-" + std::string(period.substr(3, 2)) + "-" + std::string(period.substr(0, 2));
  if (kind == "T") return year + "-" + std::string(period.substr(0, 2)) + "-31";
  const char quarter = period[period.size() - 6];
  const std::string_view month = quarter == '1' ? "03" : quarter == '2' ? "06" : quarter == '3' ? "09" : "12";
  return year + "-" + std::string(month) + "-31";
}

// The month of a period that is still running when the table is made.
void CheckDate(const ItemFacts& facts, FindingList& findings) {
  const std::string_view date = facts.at[Fact::kDate];
  const std::string last = LastDay(facts.at[Fact::kPeriodKind], facts.at[Fact::kPeriod]);
  if (!IsDay(date) || last.empty() || date.substr(0, 7) >= std::string_view(last).substr(0, 7)) return;
  findings.Say("summary.date"_reason, PathOf(facts.node, "DLBTHop/TTChung/NLap"),
               {date, Quote(facts.at[Fact::kPeriod])});
}

void RowRepeated(const RowFacts& row, const InvoiceKey& key, FindingList& findings) {
  if (findings.full()) return findings.LeaveOut("summary.row_repeated"_reason);
  findings.Say("summary.row_repeated"_reason, row.node.path(), {Quote(key.ToString())});
}

}  // namespace

void JudgeSummary(const ItemFacts& facts, const ItemRules& rules, Items& items, FindingList& findings) {
  CheckDate(facts, findings);
  items.same_day = items.same_day || IsDueSameDay(rules.type, facts.at[Fact::kGoods]);
  std::set<InvoiceKey> fresh;
  for (const RowFacts& row : facts.named()) {
    if (findings.full(Severity::kError)) return;  // refused, and at length
    auto key =
        MakeInvoiceKey(rules.header.mst, row.at[RowFact::kForm], row.at[RowFact::kSeries], row.at[RowFact::kNumber]);
    if (!key) continue;  // petrol: a row is a kind of goods
    const std::string_view state = row.at[RowFact::kAction];
    if (state == kNew && !fresh.insert(*key).second) RowRepeated(row, *key, findings);
    if (state == kCancelled) items.relations.push_back({RelationKind::kListsCancelled, std::move(*key), std::nullopt});
  }
}

}  // namespace tvan
