#pragma once
// What the checks of amounts share: operands, tolerance, signs, and how a finding shows numbers. Values.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <variant>

#include "adapters/xml_document.h"
#include "gateway/validate/decimal.h"
#include "gateway/validate/finding_list.h"

namespace tvan {

// A number of an invoice; 0 where it is absent or malformed.
struct Operand {
  Decimal value;
  bool there = false, well = true;  // malformed: there, but not well

  static Operand Of(std::string_view text) {
    if (text.empty()) return {};
    const std::optional<Decimal> value = Decimal::Parse(text);
    return {value.value_or(Decimal()), true, value.has_value()};
  }
  bool usable() const { return there && well; }
};

struct AmountScale {
  Decimal unit{1};           // u of the tolerances
  bool either_sign = false;  // an adjustment: amounts compare by their size

  bool Near(Decimal a, Decimal b, Decimal tolerance) const {
    const Decimal apart = either_sign ? a.Absolute() - b.Absolute() : a - b;
    return apart.Absolute() <= tolerance;
  }
  Decimal Units(size_t count) const { return unit * Decimal(static_cast<int64_t>(std::max<size_t>(count, 1))); }
};

// A number as it was understood, or a few characters that the sender wrote.
using Shown = std::variant<std::string_view, Decimal>;
// Says `rule` of the field `tag` below `parent`.
void TellAmount(Reason rule, const XmlNode& parent, std::string_view tag, const std::array<Shown, 4>& shown,
                FindingList& findings);

}  // namespace tvan
