#pragma once
// One line of an invoice (HHDVu): rules amount.line and amount.discount. Pure.

#include "gateway/validate/amount_scale.h"
#include "gateway/validate/facts.h"

namespace tvan {

// Nothing is said of promotions, notes and kinds that are not known.
void CheckLineAmounts(const RowFacts& line, const AmountScale& scale, FindingList& findings);

}  // namespace tvan
