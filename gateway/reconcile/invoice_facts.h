#pragma once
// Number, amount, date and counterparty of the invoices that a message is about (duties 2.13, 2.22): read by path, from
// the sender's bytes. Not judged: what stands there is what stands there. Pure.

#include <string>
#include <vector>

#include "adapters/xml_document.h"

namespace tvan {

// As in the document, each cut at kMostFact bytes; empty: it has none.
struct InvoiceFacts {
  std::string form, series, number;  // KHMSHDon, KHHDon, SHDon
  std::string date, amount, currency;
  std::string buyer, buyer_mst;
  friend bool operator==(const InvoiceFacts&, const InvoiceFacts&) = default;
};
inline constexpr size_t kMostFact = 1000;

// In order. Invoices have all; rows of a summary table (400, 401) too; those that a notice (300, 303) names have number
// and date. Other types: none.
std::vector<InvoiceFacts> InvoicesOf(int mltdiep, const XmlDocument& document);

}  // namespace tvan
