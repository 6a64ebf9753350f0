#pragma once
// Invoices for tests of arithmetic: a good one, to be changed in one place.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gateway/validate/rules_amount.h"
#include "tests/unit/validate/facts_of.h"

namespace tvan {

// One line of 2 × 50000 at 10 %: 110000 đồng.
struct InvoiceSpec {
  std::string head = "<KHMSHDon>1</KHMSHDon><DVTTe>VND</DVTTe>";
  std::string lines =
      "<HHDVu><TChat>1</TChat><SLuong>2</SLuong><DGia>50000</DGia><ThTien>100000</ThTien><TSuat>10%</TSuat></HHDVu>";
  std::string rates = "<LTSuat><TSuat>10%</TSuat><ThTien>100000</ThTien><TThue>10000</TThue></LTSuat>";
  std::string totals = "<TgTCThue>100000</TgTCThue><TgTThue>10000</TgTThue>";
  std::string total = "<TgTTTBSo>110000</TgTTTBSo>";

  std::string Text() const {
    return "<HDon><DLHDon><TTChung>" + head + "</TTChung><NDHDon><DSHHDVu>" + lines + "</DSHHDVu><TToan><THTTLTSuat>" +
           rates + "</THTTLTSuat>" + totals + total + "</TToan></NDHDon></DLHDon></HDon>";
  }
};

inline std::vector<Finding> FindingsOf(const InvoiceSpec& spec) {
  const ParsedInvoice invoice = FactsOfInvoice(spec.Text());
  FindingList findings;
  CheckAmounts(invoice.facts, findings);
  return findings.Take();
}

inline std::vector<std::string> RulesOf(const InvoiceSpec& spec) {
  std::vector<std::string> rules;
  for (const Finding& finding : FindingsOf(spec)) {
    EXPECT_EQ(finding.severity, Severity::kWarning) << finding.rule.text();
    rules.emplace_back(finding.rule.text());
  }
  return rules;
}

inline std::string Line(const std::string& fields) { return "<HHDVu>" + fields + "</HHDVu>"; }
// A sales invoice without rates: nothing but its lines.
inline InvoiceSpec Sales(const std::string& lines, const std::string& total = {}) {
  InvoiceSpec spec;
  spec.head = "<KHMSHDon>2</KHMSHDon>";
  spec.lines = lines;
  spec.rates = spec.totals = "";
  spec.total = total.empty() ? "" : "<TgTTTBSo>" + total + "</TgTTTBSo>";
  return spec;
}
inline std::string Fields(const std::string& quantity, const std::string& price, const std::string& amount,
                          const std::string& nature = "1") {
  return "<TChat>" + nature + "</TChat><SLuong>" + quantity + "</SLuong><DGia>" + price + "</DGia><ThTien>" + amount +
         "</ThTien>";
}

}  // namespace tvan
