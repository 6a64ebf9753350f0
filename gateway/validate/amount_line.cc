#include "gateway/validate/amount_line.h"

namespace tvan {
namespace {

// Half a unit of the last written decimal of a well-formed number.
Decimal HalfOfLastDecimal(std::string_view number) {
  constexpr std::array<int64_t, 7> kHalves = {500'000, 50'000, 5'000, 500, 50, 5, 1};
  const size_t point = number.find('.');
  return Decimal::Millionths(kHalves[point == std::string_view::npos ? 0 : number.size() - point - 1]);
}

}  // namespace

void CheckLineAmounts(const RowFacts& line, const AmountScale& scale, FindingList& findings) {
  const std::string_view nature = line.at[RowFact::kNature];
  if (nature != "1" && nature != "3") return;
  const Operand quantity = Operand::Of(line.at[RowFact::kQuantity]), price = Operand::Of(line.at[RowFact::kPrice]);
  if (!quantity.usable() || !price.usable()) return;

  const auto sized = [either = scale.either_sign || nature == "3"](Decimal value) {
    return either ? value.Absolute() : value;
  };
  const Decimal product = sized(quantity.value * price.value);
  const Decimal tolerance = scale.unit + quantity.value.Absolute() * HalfOfLastDecimal(line.at[RowFact::kPrice]);
  const auto near = [&](Decimal a, Decimal b) { return (a - b).Absolute() <= tolerance; };

  const Operand percent = Operand::Of(line.at[RowFact::kDiscountRate]);
  const Operand discount = Operand::Of(line.at[RowFact::kDiscount]);
  if (!percent.well || !discount.well) return;
  const Decimal by_percent = product * percent.value.Hundredth();
  if (percent.there && discount.there && !near(sized(discount.value), sized(by_percent)))
    TellAmount("amount.discount"_reason, line.node, "STCKhau", {discount.value, percent.value, product, tolerance},
               findings);

  const Operand amount = Operand::Of(line.at[RowFact::kAmount]);
  if (!amount.usable()) return;
  const Decimal net = product - sized(discount.there ? discount.value : by_percent);
  if (near(sized(amount.value), product) || near(sized(amount.value), net)) return;
  TellAmount("amount.line"_reason, line.node, "ThTien", {amount.value, product, tolerance, ""}, findings);
}

}  // namespace tvan
