#pragma once
// The arithmetic of an invoice, in exact decimals: rules amount.* and invoice.currency_spelling (duties.md 1.4, 2.22,
// 3.12). Warnings unless configured otherwise. Nothing is said where an operand is absent, malformed or ambiguous.
// Pure.

#include "gateway/validate/facts.h"
#include "gateway/validate/finding_list.h"

namespace tvan {

// The tolerances, each stated in its finding; u is 1 in VND (VNĐ, or no currency), else 0.01:
//   a line: u and half a unit of the last written decimal of DGia for each of SLuong;
//   the base and the tax of a rate: u for each of its lines; sums over rates: u for each of them;
//   the total: u; where it is the sum of the lines, u for each of them.
// A discount line (TChat 3) and all of an adjusting invoice (TCHDon 2) may be written with either sign.
void CheckAmounts(const ItemFacts& item, FindingList& findings);

}  // namespace tvan
