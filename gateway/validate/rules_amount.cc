#include "gateway/validate/rules_amount.h"

#include <optional>

#include "gateway/validate/amount_line.h"
#include "gateway/validate/amount_scale.h"
#include "gateway/validate/formats.h"
#include "gateway/validate/tax_rate.h"

namespace tvan {
namespace {

constexpr size_t kMostRates = 64;  // of one invoice; beyond them lines are not added up by rate

bool IsMisspeltVnd(std::string_view currency) {
  return currency.size() > 3 && (SameText(currency, "VNĐ") || LooksAlike(currency, "VNĐ"));
}

// What lines add up to: as written, and with STCKhau taken off each.
struct LineSum {
  Decimal gross, net;
  size_t lines = 0;

  void Add(Decimal amount, Decimal discount) {
    gross = gross + amount;
    net = net + amount - discount;
    ++lines;
  }
};

// One rate of THTTLTSuat; a rate that stands there twice is one.
struct RateSum {
  const RowFacts* row = nullptr;  // the first of them
  TaxRate rate;
  Operand base, tax;
  LineSum lines;
};

class Sums {
 public:
  Sums(const ItemFacts& item, const AmountScale& scale, FindingList& findings)
      : item_(item), scale_(scale), findings_(findings) {}

  void AddRate(const RowFacts& row);
  void AddLine(const RowFacts& row);
  void CheckRates() const;
  void CheckRateTotals() const;
  void CheckTotal() const;

 private:
  RateSum* FindRate(std::string_view text);
  void CheckBase(const RateSum& sum) const;
  void CheckTax(const RateSum& sum) const;
  void CheckSum(Reason rule, Fact fact, std::string_view tag, Decimal sum) const;
  bool IsReading(Decimal total, Decimal start, Decimal tolerance, Decimal& nearest) const;
  XmlNode Totals() const { return item_.node.Descend({"DLHDon", "NDHDon", "TToan"}); }

  const ItemFacts& item_;
  const AmountScale& scale_;
  FindingList& findings_;
  std::vector<RateSum> rates_;
  Operand base_sum_{{}, true, true}, tax_sum_{{}, true, true};  // over all rates
  LineSum lines_;
  bool summable_ = true;  // every line that counts has its amounts
  bool rated_ = true;     // … and every rate and line says its rate
};

void Merge(Operand& sum, const Operand& more) {
  sum = {sum.value + more.value, sum.there && more.there, sum.well && more.well};
}

void Sums::AddRate(const RowFacts& row) {
  const std::optional<TaxRate> rate = TaxRate::Parse(row.at[RowFact::kRate]);
  const Operand base = Operand::Of(row.at[RowFact::kAmount]);
  Operand tax = Operand::Of(row.at[RowFact::kTax]);
  if (rate && rate->part.value_or(Decimal()).is_zero()) tax.there = true;  // where there is none it may be left out
  Merge(base_sum_, base);
  Merge(tax_sum_, tax);
  RateSum* known = rate ? FindRate(rate->text) : nullptr;
  if (known != nullptr) {
    Merge(known->base, base);
    Merge(known->tax, tax);
  } else if (rate && rates_.size() < kMostRates) {
    rates_.push_back({&row, *rate, base, tax, {}});
  } else {
    rated_ = false;
  }
}

RateSum* Sums::FindRate(std::string_view text) {
  for (RateSum& sum : rates_)
    if (sum.rate.text == text) return &sum;
  const std::optional<TaxRate> rate = TaxRate::Parse(text);
  for (RateSum& sum : rates_)
    if (rate && sum.rate == *rate) return &sum;
  if (!rate) rated_ = false;
  return nullptr;
}

// A discount line of an adjustment leaves open what its sign means.
void Sums::AddLine(const RowFacts& row) {
  const std::string_view nature = row.at[RowFact::kNature];
  if (nature == "2" || nature == "4") return;
  const Operand amount = Operand::Of(row.at[RowFact::kAmount]), discount = Operand::Of(row.at[RowFact::kDiscount]);
  const bool reduces = nature == "3";
  if (!amount.usable() || !discount.well || (nature != "1" && !reduces) || (reduces && scale_.either_sign)) {
    summable_ = false;
    return;
  }
  const Decimal counted = reduces ? Decimal(0) - amount.value.Absolute() : amount.value;
  const Decimal off = reduces ? Decimal(0) : discount.value;
  lines_.Add(counted, off);
  if (RateSum* sum = FindRate(row.at[RowFact::kRate])) sum->lines.Add(counted, off);
}

void Sums::CheckRates() const {
  for (const RateSum& sum : rates_) {
    if (summable_ && rated_ && lines_.lines > 0) CheckBase(sum);
    CheckTax(sum);
  }
}

void Sums::CheckBase(const RateSum& sum) const {
  const Decimal tolerance = scale_.Units(sum.lines.lines), base = sum.base.value;
  if (!sum.base.usable() || scale_.Near(base, sum.lines.gross, tolerance) ||
      scale_.Near(base, sum.lines.net, tolerance))
    return;
  TellAmount("amount.rate_base"_reason, sum.row->node, "ThTien", {sum.rate.text, base, sum.lines.gross, tolerance},
             findings_);
}

void Sums::CheckTax(const RateSum& sum) const {
  if (!sum.rate.part || !sum.base.usable() || !sum.tax.usable()) return;
  const Decimal tolerance = scale_.Units(sum.lines.lines);
  if (scale_.Near(sum.tax.value, sum.base.value * *sum.rate.part, tolerance)) return;
  TellAmount("amount.rate_tax"_reason, sum.row->node, "TThue",
             {sum.tax.value, sum.rate.text, sum.base.value, tolerance}, findings_);
}

void Sums::CheckRateTotals() const {
  if (item_.rates().empty()) return;
  if (base_sum_.usable()) CheckSum("amount.base_total"_reason, Fact::kTotalBase, "TgTCThue", base_sum_.value);
  if (tax_sum_.usable()) CheckSum("amount.tax_total"_reason, Fact::kTotalTax, "TgTThue", tax_sum_.value);
}

void Sums::CheckSum(Reason rule, Fact fact, std::string_view tag, Decimal sum) const {
  const Operand total = Operand::Of(item_.at[fact]);
  const Decimal tolerance = scale_.Units(item_.rates().size());
  if (!total.usable() || scale_.Near(total.value, sum, tolerance)) return;
  TellAmount(rule, Totals(), tag, {total.value, sum, tolerance, ""}, findings_);
}

// TgTTTBSo is TgTCThue and TgTThue, or in a sales invoice the lines.
void Sums::CheckTotal() const {
  const Operand total = Operand::Of(item_.at[Fact::kTotal]);
  const Operand base = Operand::Of(item_.at[Fact::kTotalBase]), tax = Operand::Of(item_.at[Fact::kTotalTax]);
  if (!total.usable()) return;
  Decimal nearest = base.value + tax.value;
  Decimal tolerance = scale_.unit;
  if (base.usable() && tax.usable()) {
    if (IsReading(total.value, base.value + tax.value, tolerance, nearest)) return;
  } else if (item_.at[Fact::kForm] == "2" && summable_ && lines_.lines > 0) {
    nearest = lines_.gross;
    tolerance = scale_.Units(lines_.lines);
    if (IsReading(total.value, lines_.gross, tolerance, nearest)) return;
    if (IsReading(total.value, lines_.net, tolerance, nearest)) return;
  } else {
    return;
  }
  TellAmount("amount.total"_reason, Totals(), "TgTTTBSo", {total.value, nearest, tolerance, ""}, findings_);
}

// No source says which of the fees and reductions are in the sums already: any choice of them is good, and anything
// where one of them is malformed.
bool Sums::IsReading(Decimal total, Decimal start, Decimal tolerance, Decimal& nearest) const {
  Operand fees;
  for (const RowFacts& row : item_.fees()) Merge(fees, Operand::Of(row.at[RowFact::kFee]));
  const Operand parts[] = {fees, Operand::Of(item_.at[Fact::kTradeDiscount]), Operand::Of(item_.at[Fact::kUntaxed]),
                           Operand::Of(item_.at[Fact::kOtherReduction])};
  for (unsigned choice = 0; choice < 16; ++choice) {
    Decimal sum = start;
    for (unsigned i = 0; i < 4; ++i) {
      if (!parts[i].well) return true;
      if ((choice >> i & 1) != 0) sum = i == 0 ? sum + parts[i].value : sum - parts[i].value;
    }
    if (scale_.Near(total, sum, tolerance)) return true;
    if ((total - sum).Absolute() < (total - nearest).Absolute()) nearest = sum;
  }
  return false;
}

void CheckCurrency(const ItemFacts& item, bool in_vnd, FindingList& findings) {
  if (IsMisspeltVnd(item.at[Fact::kCurrency]))
    TellAmount("invoice.currency_spelling"_reason, item.node.Descend({"DLHDon", "TTChung"}), "DVTTe", {}, findings);
  const Operand total = Operand::Of(item.at[Fact::kTotal]);
  if (in_vnd && total.usable() && !total.value.is_whole())
    TellAmount("amount.vnd_decimals"_reason, item.node.Descend({"DLHDon", "NDHDon", "TToan"}), "TgTTTBSo",
               {total.value, "", "", ""}, findings);
}

}  // namespace

void TellAmount(Reason rule, const XmlNode& parent, std::string_view tag, const std::array<Shown, 4>& shown,
                FindingList& findings) {
  if (findings.full()) return findings.LeaveOut(rule);
  std::array<std::string, 4> texts;
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto* number = std::get_if<Decimal>(&shown[i]);
    texts[i] = number != nullptr ? number->ToString() : FirstCharacters(std::get<std::string_view>(shown[i]), 20);
  }
  findings.Say(rule, parent.Child(tag).path(), {texts[0], texts[1], texts[2], texts[3]});
}

void CheckAmounts(const ItemFacts& item, FindingList& findings) {
  const std::string_view currency = item.at[Fact::kCurrency];
  const bool in_vnd = currency.empty() || currency == "VND" || IsMisspeltVnd(currency);
  const AmountScale scale{in_vnd ? Decimal(1) : Decimal::Millionths(10'000), item.at[Fact::kRelation] == "2"};
  CheckCurrency(item, in_vnd, findings);
  Sums sums(item, scale, findings);
  for (const RowFacts& row : item.rates()) sums.AddRate(row);
  for (const RowFacts& row : item.lines()) {
    CheckLineAmounts(row, scale, findings);
    sums.AddLine(row);
  }
  sums.CheckRates();
  sums.CheckRateTotals();
  sums.CheckTotal();
}

}  // namespace tvan
