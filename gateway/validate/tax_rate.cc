#include "gateway/validate/tax_rate.h"

namespace tvan {

std::optional<TaxRate> TaxRate::Parse(std::string_view text) {
  constexpr std::string_view kOther = "KHAC:";
  if (text == "KCT" || text == "KKKNT") return TaxRate{text, Decimal(0), false};
  if (text == "KHAC") return TaxRate{text, std::nullopt, false};
  std::string_view figure = text;
  const bool other = figure.substr(0, kOther.size()) == kOther;
  if (other) figure.remove_prefix(kOther.size());
  const bool sign = !figure.empty() && figure.back() == '%';
  if (sign) figure.remove_suffix(1);
  const std::optional<Decimal> percent = Decimal::Parse(figure);
  if (!percent || !(sign || other) || *percent < Decimal(0)) return std::nullopt;
  return TaxRate{text, percent->Hundredth(), true};
}

}  // namespace tvan
