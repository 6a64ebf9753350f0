// The sums of an invoice, each rule at both sides of its tolerance.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/validate/amount_spec.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Amounts, ThatAddUpAreSilent) { EXPECT_THAT(RulesOf({}), IsEmpty()); }

TEST(Amounts, ADiscountLineMayHaveEitherSign) {
  for (const std::string amount : {"10000", "-10000"}) {
    InvoiceSpec spec;
    spec.lines += Line(Fields("1", "10000", amount, "3") + "<TSuat>10%</TSuat>");
    spec.rates = "<LTSuat><TSuat>10%</TSuat><ThTien>90000</ThTien><TThue>9000</TThue></LTSuat>";
    spec.totals = "<TgTCThue>90000</TgTCThue><TgTThue>9000</TgTThue>";
    spec.total = "<TgTTTBSo>99000</TgTTTBSo>";
    EXPECT_THAT(RulesOf(spec), IsEmpty()) << amount;
    spec.rates = "<LTSuat><TSuat>10%</TSuat><ThTien>110000</ThTien><TThue>11000</TThue></LTSuat>";
    EXPECT_THAT(RulesOf(spec), ElementsAre("amount.rate_base", "amount.base_total", "amount.tax_total")) << amount;
  }
}

// The same invoice with another base and tax of its rate.
InvoiceSpec WithRate(const std::string& rate, const std::string& base, const std::string& tax) {
  InvoiceSpec spec;
  spec.rates = "<LTSuat><TSuat>" + rate + "</TSuat><ThTien>" + base + "</ThTien>" +
               (tax.empty() ? "" : "<TThue>" + tax + "</TThue>") + "</LTSuat>";
  spec.totals = spec.total = "";
  const size_t at = spec.lines.find("10%");
  spec.lines.replace(at, 3, rate);
  return spec;
}

TEST(Amounts, TheBaseOfARateIsTheSumOfItsLines) {
  EXPECT_THAT(RulesOf(WithRate("KCT", "100000", "")), IsEmpty());
  EXPECT_THAT(RulesOf(WithRate("KCT", "100001", "")), IsEmpty());
  EXPECT_THAT(RulesOf(WithRate("KCT", "100002", "")), ElementsAre("amount.rate_base"));
  InvoiceSpec other = WithRate("KCT", "100000", "");
  other.rates += "<LTSuat><TSuat>KKKNT</TSuat><ThTien>2</ThTien></LTSuat>";  // no line has this rate
  EXPECT_THAT(RulesOf(other), ElementsAre("amount.rate_base"));
}

TEST(Amounts, TheBaseOfARateMayLeaveDiscountsOut) {
  InvoiceSpec spec = WithRate("KCT", "95000", "");
  EXPECT_THAT(RulesOf(spec), ElementsAre("amount.rate_base"));
  spec.lines.insert(spec.lines.find("<TSuat>"), "<STCKhau>5000</STCKhau>");
  EXPECT_THAT(RulesOf(spec), IsEmpty());
}

TEST(Amounts, TheBaseOfARateIsNotAskedWhereALineHasNoRateOrNoAmount) {
  InvoiceSpec spec = WithRate("KCT", "90000", "");
  EXPECT_THAT(RulesOf(spec), ElementsAre("amount.rate_base"));
  const std::string good = spec.lines;
  spec.lines = good + Line(Fields("", "", "5"));  // no rate
  EXPECT_THAT(RulesOf(spec), IsEmpty());
  spec.lines = good + Line("<TChat>1</TChat><TSuat>KCT</TSuat>");  // no amount
  EXPECT_THAT(RulesOf(spec), IsEmpty());
  spec.lines = good + Line(Fields("", "", "5", "2"));  // a promotion counts for nothing
  EXPECT_THAT(RulesOf(spec), ElementsAre("amount.rate_base"));
  spec.lines = Line("<TChat>4</TChat>");  // nothing but a note
  EXPECT_THAT(RulesOf(spec), IsEmpty());
}

TEST(Amounts, OneRateInTwoSpellingsIsOne) {
  InvoiceSpec spec = WithRate("8%", "100000", "8000");
  EXPECT_THAT(RulesOf(spec), IsEmpty());
  spec.rates =
      "<LTSuat><TSuat>KHAC:8.00%</TSuat><ThTien>60000</ThTien><TThue>4800</TThue></LTSuat>"
      "<LTSuat><TSuat>8%</TSuat><ThTien>40000</ThTien><TThue>3200</TThue></LTSuat>";
  EXPECT_THAT(RulesOf(spec), IsEmpty());
}

TEST(Amounts, TheTaxOfARateIsItsPartOfTheBase) {
  EXPECT_THAT(RulesOf(WithRate("10%", "100000", "10001")), IsEmpty());
  EXPECT_THAT(RulesOf(WithRate("10%", "100000", "10002")), ElementsAre("amount.rate_tax"));
  EXPECT_THAT(RulesOf(WithRate("KHAC:5.26%", "100000", "5260")), IsEmpty());
  EXPECT_THAT(RulesOf(WithRate("KHAC:5.26", "100000", "5262")), ElementsAre("amount.rate_tax"));
  EXPECT_THAT(RulesOf(WithRate("KCT", "100000", "0")), IsEmpty());
  EXPECT_THAT(RulesOf(WithRate("KKKNT", "100000", "2")), ElementsAre("amount.rate_tax"));
  EXPECT_THAT(RulesOf(WithRate("KHAC", "100000", "7000")), IsEmpty());  // of no figure nothing is known
  EXPECT_THAT(RulesOf(WithRate("10", "100000", "7000")), IsEmpty());    // no rate
  EXPECT_THAT(RulesOf(WithRate("-10%", "100000", "7000")), IsEmpty());
  EXPECT_THAT(RulesOf(WithRate("10%", "100000", "")), IsEmpty());
  EXPECT_THAT(RulesOf(WithRate("10%", "100000", "x")), IsEmpty());
}

TEST(Amounts, TheTotalsAreTheSumsOverTheRates) {
  const std::string second = "<LTSuat><TSuat>KCT</TSuat><ThTien>50000</ThTien></LTSuat>";
  InvoiceSpec spec;
  spec.rates += second;
  spec.lines += Line(Fields("1", "50000", "50000") + "<TSuat>KCT</TSuat>");
  spec.total = "";
  const auto totals = [&](const std::string& base, const std::string& tax) {
    spec.totals = "<TgTCThue>" + base + "</TgTCThue><TgTThue>" + tax + "</TgTThue>";
    return RulesOf(spec);
  };
  EXPECT_THAT(totals("150000", "10000"), IsEmpty());
  EXPECT_THAT(totals("150002", "10002"), IsEmpty());  // one for each rate
  EXPECT_THAT(totals("150003", "10000"), ElementsAre("amount.base_total"));
  EXPECT_THAT(totals("150000", "10003"), ElementsAre("amount.tax_total"));
  EXPECT_THAT(totals("", ""), IsEmpty());
  spec.rates = "<LTSuat><TSuat>10%</TSuat><ThTien>100000</ThTien></LTSuat>" + second;  // a tax is missing
  EXPECT_THAT(totals("150000", "99"), IsEmpty());
}

TEST(Amounts, TheTotalIsBaseAndTax) {
  InvoiceSpec spec;
  const auto total = [&](const std::string& value) {
    spec.total = "<TgTTTBSo>" + value + "</TgTTTBSo>";
    return RulesOf(spec);
  };
  EXPECT_THAT(total("110001"), IsEmpty());
  EXPECT_THAT(total("110002"), ElementsAre("amount.total"));
  EXPECT_THAT(total("109998"), ElementsAre("amount.total"));
  spec.totals += "<TGTKhac>x</TGTKhac>";
  EXPECT_THAT(total("120000"), IsEmpty());
}

TEST(Amounts, TheTotalMayHaveFeesAndReductionsInIt) {
  InvoiceSpec spec;
  spec.totals +=
      "<TTCKTMai>1000</TTCKTMai><TGTKCThue>200</TGTKCThue><TGTKhac>40</TGTKhac>"
      "<DSLPhi><LPhi><TPhi>5000</TPhi></LPhi><LPhi><TPhi>3000</TPhi></LPhi></DSLPhi>";
  const auto total = [&](int value) {
    spec.total = "<TgTTTBSo>" + std::to_string(value) + "</TgTTTBSo>";
    return RulesOf(spec);
  };
  for (int choice = 0; choice < 16; ++choice) {
    const int sum = 110000 + ((choice & 1) != 0 ? 8000 : 0) - ((choice & 2) != 0 ? 1000 : 0) -
                    ((choice & 4) != 0 ? 200 : 0) - ((choice & 8) != 0 ? 40 : 0);
    EXPECT_THAT(total(sum), IsEmpty()) << sum;
  }
  EXPECT_THAT(total(110000 + 5000), ElementsAre("amount.total"));  // one of the fees only
  EXPECT_THAT(total(110000 + 1000), ElementsAre("amount.total"));
}

TEST(Amounts, OfASalesInvoiceTheTotalIsThatOfItsLines) {
  const std::string lines =
      Line(Fields("2", "50000", "100000")) + Line(Fields("1", "50000", "50000") + "<STCKhau>5000</STCKhau>");
  EXPECT_THAT(RulesOf(Sales(lines, "150000")), IsEmpty());
  EXPECT_THAT(RulesOf(Sales(lines, "145000")), IsEmpty());
  EXPECT_THAT(RulesOf(Sales(lines, "150002")), IsEmpty());
  EXPECT_THAT(RulesOf(Sales(lines, "150003")), ElementsAre("amount.total"));
  InvoiceSpec delivery = Sales(lines, "150003");
  delivery.head = "<KHMSHDon>6</KHMSHDon>";
  EXPECT_THAT(RulesOf(delivery), IsEmpty());
}

TEST(Amounts, AnAdjustmentMayBeWrittenWithEitherSign) {
  InvoiceSpec spec;
  spec.lines = Line(Fields("2", "50000", "-100000") + "<TSuat>10%</TSuat>");
  spec.rates = "<LTSuat><TSuat>10%</TSuat><ThTien>100000</ThTien><TThue>-10000</TThue></LTSuat>";
  spec.totals = "<TgTCThue>-100000</TgTCThue><TgTThue>-10000</TgTThue>";
  spec.total = "<TgTTTBSo>110000</TgTTTBSo>";
  const std::string head = spec.head;
  spec.head = head + "<TTHDLQuan><TCHDon>2</TCHDon></TTHDLQuan>";
  EXPECT_THAT(RulesOf(spec), IsEmpty());
  spec.total = "<TgTTTBSo>120000</TgTTTBSo>";
  EXPECT_THAT(RulesOf(spec), ElementsAre("amount.total"));
  spec.head = head + "<TTHDLQuan><TCHDon>1</TCHDon></TTHDLQuan>";
  EXPECT_THAT(RulesOf(spec),
              ElementsAre("amount.line", "amount.rate_base", "amount.rate_tax", "amount.base_total", "amount.total"));
}

TEST(Amounts, WhatADiscountLineOfAnAdjustmentMeansIsLeftOpen) {
  InvoiceSpec spec;
  spec.lines += Line(Fields("1", "10000", "10000", "3") + "<TSuat>10%</TSuat>");
  EXPECT_THAT(RulesOf(spec), ElementsAre("amount.rate_base"));
  spec.head += "<TTHDLQuan><TCHDon>2</TCHDon></TTHDLQuan>";
  EXPECT_THAT(RulesOf(spec), IsEmpty());
}

TEST(Amounts, ATotalInVndHasNoDecimals) {
  InvoiceSpec spec;
  const auto total = [&](const std::string& currency, const std::string& value) {
    spec.head = "<KHMSHDon>1</KHMSHDon><DVTTe>" + currency + "</DVTTe>";
    spec.total = "<TgTTTBSo>" + value + "</TgTTTBSo>";
    return RulesOf(spec);
  };
  EXPECT_THAT(total("VND", "110000"), IsEmpty());
  EXPECT_THAT(total("VND", "110000.00"), IsEmpty());
  EXPECT_THAT(total("VND", "110000.5"), ElementsAre("amount.vnd_decimals"));
  EXPECT_THAT(total("", "110000.5"), ElementsAre("amount.vnd_decimals"));
  EXPECT_THAT(total("USD", "110000.01"), IsEmpty());
}

TEST(Amounts, VndIsWrittenWithThreePlainLetters) {
  InvoiceSpec spec;
  for (const std::string currency : {"VNĐ", "VNÐ"}) {  // U+0110, U+00D0
    spec.head = "<KHMSHDon>1</KHMSHDon><DVTTe>" + currency + "</DVTTe>";
    EXPECT_THAT(RulesOf(spec), ElementsAre("invoice.currency_spelling")) << currency;
  }
}

TEST(Amounts, AFindingSaysWhereAndHowFarOff) {
  InvoiceSpec spec;
  spec.lines = Line(Fields("2", "50000.5", "100005.25") + "<TSuat>10%</TSuat>");
  const auto findings = FindingsOf(spec);
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].rule.text(), "amount.line");
  EXPECT_EQ(findings[0].path, "/HDon/DLHDon/NDHDon/DSHHDVu/HHDVu/ThTien");
  EXPECT_THAT(findings[0].text_en, HasSubstr("100005.25"));
  EXPECT_THAT(findings[0].text_en, HasSubstr("100001"));
  EXPECT_THAT(findings[0].text_en, HasSubstr("1.1"));  // the tolerance
  EXPECT_EQ(findings[1].rule.text(), "amount.rate_base");
  EXPECT_EQ(findings[1].path, "/HDon/DLHDon/NDHDon/TToan/THTTLTSuat/LTSuat/ThTien");
  EXPECT_THAT(findings[1].text_vi, HasSubstr("10%"));
}

TEST(Amounts, OfMoreRatesThanAreFollowedOnlyTheTotalsAreAsked) {
  InvoiceSpec spec;
  spec.rates = "";
  spec.totals = "<TgTCThue>6500</TgTCThue><TgTThue>0</TgTThue>";
  spec.total = "";
  for (int i = 1; i <= 65; ++i)
    spec.rates += "<LTSuat><TSuat>KHAC:0." + std::to_string(i + 10) + "%</TSuat><ThTien>100</ThTien></LTSuat>";
  EXPECT_THAT(RulesOf(spec), IsEmpty());
  spec.totals = "<TgTCThue>6600</TgTCThue>";
  EXPECT_THAT(RulesOf(spec), ElementsAre("amount.base_total"));
}

}  // namespace
}  // namespace tvan
