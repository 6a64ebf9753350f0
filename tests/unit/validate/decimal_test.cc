// Exact decimals: what is read, what is refused, and what happens at the bounds.

#include "gateway/validate/decimal.h"

#include <gtest/gtest.h>

namespace tvan {
namespace {

Decimal D(std::string_view text) {
  const auto value = Decimal::Parse(text);
  EXPECT_TRUE(value.has_value()) << text;
  return value.value_or(Decimal());
}

TEST(Decimals, AreReadAndPrinted) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"0", "0"},
      {"-0", "0"},
      {"0.000000", "0"},
      {"25000.12", "25000.12"},
      {"-25000.12", "-25000.12"},
      {"25000.120000", "25000.12"},
      {"0.000001", "0.000001"},
      {"-0.000001", "-0.000001"},
      {"100", "100"},
      {"0000000000000000000000000001.5", "1.5"},  // leading zeros count for nothing
      {"100000000000000000000", "100000000000000000000"},
      {"999999999999999999999.999999", "999999999999999999999.999999"},
  };
  for (const auto& [text, printed] : cases) EXPECT_EQ(D(text).ToString(), printed) << text;
}

TEST(Decimals, ThatAreNoneAreRefused) {
  for (const std::string_view text :
       {"", "-", ".5", "5.", "+1", "1,5", "1e3", "1.2.3", " 1", "1 ", "--1", "1.-5", "-.5",
        "1000000000000000000000",  // 10^21
        "0.0000001", "1.0000000", "abc"})
    EXPECT_FALSE(Decimal::Parse(text).has_value()) << text;
}

TEST(Decimals, AddMultiplyAndCompareExactly) {
  EXPECT_EQ(D("0.1") + D("0.2"), D("0.3"));
  EXPECT_EQ(D("0.1") - D("0.2"), D("-0.1"));
  EXPECT_EQ(D("3") * D("33333.3333"), D("99999.9999"));
  EXPECT_EQ(D("-2") * D("50000"), D("-100000"));
  EXPECT_EQ(D("-2") * D("-50000"), D("100000"));
  EXPECT_EQ(D("8").Hundredth(), D("0.08"));
  EXPECT_EQ(D("-5").Absolute(), D("5"));
  EXPECT_LT(D("-1"), D("0"));
  EXPECT_LT(D("0.999999"), D("1"));
  EXPECT_EQ(D("1.50"), D("1.5"));
  EXPECT_TRUE(D("110000.00").is_whole());
  EXPECT_FALSE(D("110000.01").is_whole());
  EXPECT_TRUE(D("-0").is_zero());
}

TEST(Decimals, ProductsAreRoundedToMillionthsHalvesAwayFromZero) {
  EXPECT_EQ(D("0.001") * D("0.0005"), D("0.000001"));  // 0.0000005
  EXPECT_EQ(D("0.001") * D("0.0004"), D("0"));
  EXPECT_EQ(D("-0.001") * D("0.0005"), D("-0.000001"));
  EXPECT_EQ(D("0.00005").Hundredth(), D("0.000001"));
  EXPECT_EQ(D("0.000049").Hundredth(), D("0"));
}

TEST(Decimals, BeyondEveryFieldStayAtTheirBound) {
  const Decimal largest = D("999999999999999999999.999999");
  const std::string bound = "1" + std::string(26, '0');
  EXPECT_EQ((D("10000000000000") * D("1000000000000")).ToString(), "1" + std::string(25, '0'));
  EXPECT_EQ((D("10000000000000") * D("10000000000000")).ToString(), bound);
  EXPECT_EQ((largest * largest).ToString(), bound);
  EXPECT_EQ((largest * (Decimal() - largest)).ToString(), "-" + bound);
  EXPECT_EQ((largest * largest + largest).ToString(), bound);
  EXPECT_GT(largest * largest - largest, largest);  // so it differs from every amount that can be written
}

}  // namespace
}  // namespace tvan
