// The arithmetic of one line of an invoice, at both sides of its tolerance.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/validate/amount_spec.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(LineAmounts, ALineIsQuantityTimesPrice) {
  const auto line = [](const std::string& quantity, const std::string& price, const std::string& amount) {
    return RulesOf(Sales(Line(Fields(quantity, price, amount))));
  };
  const auto wrong = ElementsAre("amount.line");
  // A whole price may be rounded by half a đồng for each piece, and the amount by one.
  EXPECT_THAT(line("2", "50000", "100002"), IsEmpty());
  EXPECT_THAT(line("2", "50000", "100003"), wrong);
  EXPECT_THAT(line("2", "50000", "99998"), IsEmpty());
  EXPECT_THAT(line("2", "50000", "99997"), wrong);
  // The more decimals it has, the less.
  EXPECT_THAT(line("2", "50000.00", "100001.01"), IsEmpty());
  EXPECT_THAT(line("2", "50000.00", "100001.02"), wrong);
  EXPECT_THAT(line("1000", "33333", "33333333"), IsEmpty());
  EXPECT_THAT(line("1000", "33333.00", "33333333"), wrong);
  EXPECT_THAT(line("0.5", "33333.3333", "16666.66665"), IsEmpty());
  EXPECT_THAT(line("-2", "50000", "-100000"), IsEmpty());
  EXPECT_THAT(line("-2", "50000", "100000"), wrong);
  EXPECT_THAT(line("999999999999999", "999999999999999", "1"), wrong);  // beyond every field
}

TEST(LineAmounts, InAForeignCurrencyATenthOfACentIsNothing) {
  InvoiceSpec spec = Sales(Line(Fields("2", "10.00", "20.02")));
  spec.head = "<KHMSHDon>2</KHMSHDon><DVTTe>USD</DVTTe>";
  EXPECT_THAT(RulesOf(spec), IsEmpty());  // 0.01 and 2 × 0.005
  spec.lines = Line(Fields("2", "10.00", "20.03"));
  EXPECT_THAT(RulesOf(spec), ElementsAre("amount.line"));
}

TEST(LineAmounts, OfALineAreSilentWhereOneIsAbsentMalformedOrNotCounted) {
  EXPECT_THAT(RulesOf(Sales(Line(Fields("", "50000", "1")))), IsEmpty());
  EXPECT_THAT(RulesOf(Sales(Line(Fields("2", "", "1")))), IsEmpty());
  EXPECT_THAT(RulesOf(Sales(Line(Fields("2", "50000", "")))), IsEmpty());
  EXPECT_THAT(RulesOf(Sales(Line(Fields("2", "50.000,5", "1")))), IsEmpty());
  EXPECT_THAT(RulesOf(Sales(Line(Fields("2", "50000", "x")))), IsEmpty());
  for (const std::string nature : {"2", "4", "5", ""})
    EXPECT_THAT(RulesOf(Sales(Line(Fields("2", "50000", "1", nature)))), IsEmpty()) << nature;
  EXPECT_THAT(RulesOf(Sales(Line(Fields("2", "50000", "1", "3")))), ElementsAre("amount.line"));
}

TEST(LineAmounts, ALineMayBeWithOrWithoutItsDiscount) {
  const auto line = [](const std::string& amount, const std::string& discount) {
    return RulesOf(Sales(Line(Fields("2", "50000", amount) + discount)));
  };
  const std::string both = "<TLCKhau>5</TLCKhau><STCKhau>5000</STCKhau>", percent = "<TLCKhau>5</TLCKhau>";
  EXPECT_THAT(line("100000", both), IsEmpty());
  EXPECT_THAT(line("95000", both), IsEmpty());
  EXPECT_THAT(line("95000", percent), IsEmpty());
  EXPECT_THAT(line("95003", both), ElementsAre("amount.line"));
  EXPECT_THAT(line("95000", ""), ElementsAre("amount.line"));
}

TEST(LineAmounts, ADiscountIsItsPercentOfTheLine) {
  const auto line = [](const std::string& percent, const std::string& discount) {
    return RulesOf(Sales(Line(Fields("2", "50000", "100000") + "<TLCKhau>" + percent + "</TLCKhau><STCKhau>" +
                              discount + "</STCKhau>")));
  };
  EXPECT_THAT(line("5", "5000"), IsEmpty());
  EXPECT_THAT(line("5", "5002"), IsEmpty());
  EXPECT_THAT(line("5", "5003"), ElementsAre("amount.discount"));
  EXPECT_THAT(line("12.3456", "12345.6"), IsEmpty());
  EXPECT_THAT(line("", "6000"), IsEmpty());
  EXPECT_THAT(line("5", ""), IsEmpty());
  EXPECT_THAT(line("x", "6000"), IsEmpty());
}

}  // namespace
}  // namespace tvan
