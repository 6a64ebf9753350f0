#pragma once
// TSuat: "0%", "8%", "KCT", "KKKNT", "KHAC", "KHAC:5.26%" (the sign may be left out after KHAC:). Values.

#include <optional>
#include <string_view>

#include "gateway/validate/decimal.h"

namespace tvan {

struct TaxRate {
  std::string_view text;
  std::optional<Decimal> part;  // 0.08 of 8%; KCT and KKKNT: 0; KHAC: none is known
  bool percent = false;         // it was given in figures

  static std::optional<TaxRate> Parse(std::string_view text);  // nullopt: none of these forms
  friend bool operator==(const TaxRate& a, const TaxRate& b) {
    return a.text == b.text || (a.percent && b.percent && a.part == b.part);
  }
};

}  // namespace tvan
