// The forms of single values, each accepted and refused, one change apart.

#include "gateway/validate/formats.h"

#include <gtest/gtest.h>

namespace tvan {
namespace {

struct NumberCase {
  std::string_view text;
  Digits limit;
  NumberFault expected;
};

TEST(Formats, ANumberHasItsFormAndNoMoreDigitsThanItsField) {
  constexpr auto kGood = NumberFault::kNone, kForm = NumberFault::kForm, kDigits = NumberFault::kDigits;
  constexpr Digits kRate = {7, 2}, kAmount = {21, 6};
  const NumberCase cases[] = {
      {"25000.12", kRate, kGood},
      {"25000.123", kRate, kDigits},  // three decimals
      {"2500.123", kRate, kDigits},   // of seven digits
      {"250000.12", kRate, kDigits},  // eight digits
      {"2500000", kRate, kGood},
      {"25000000", kRate, kDigits},
      {"25000.10", kRate, kGood},
      {"25000.100", kRate, kDigits},  // as written
      {"0000001", kRate, kGood},
      {"00000001", kRate, kDigits},  // leading zeros count
      {"-25000.12", kRate, kGood},   // the minus does not
      {"-0", kRate, kGood},
      {"0", kRate, kGood},
      {"100000000000000000000", kAmount, kGood},
      {"1000000000000000000000", kAmount, kDigits},  // 10^21
      {"100000000000000.000001", kAmount, kGood},
      {"100000000000000.0000001", kAmount, kDigits},
      {"+1", kRate, kForm},
      {"1e3", kRate, kForm},
      {"1,5", kRate, kForm},
      {"100.000,5", kRate, kForm},
      {"1.2.3", kRate, kForm},
      {".5", kRate, kForm},
      {"5.", kRate, kForm},
      {"-", kRate, kForm},
      {"--1", kRate, kForm},
      {"", kRate, kForm},
      {" 1", kRate, kForm},
      {"1 ", kRate, kForm},
      {"1 000", kRate, kForm},
      {"١", kRate, kForm},  // a digit, but not of ASCII
  };
  for (const NumberCase& c : cases) EXPECT_EQ(CheckNumber(c.text, c.limit), c.expected) << c.text;
}

TEST(Formats, AWholeNumberIsInItsRangeAndHasNoSign) {
  struct Case {
    std::string_view text;
    uint64_t min, max;
    size_t most;
    bool good;
  };
  const Case cases[] = {
      {"1", 1, 99'999'999, 8, true},
      {"0", 1, 99'999'999, 8, false},
      {"00000001", 1, 99'999'999, 8, true},
      {"000000001", 1, 99'999'999, 8, false},
      {"000000001", 1, 99'999'999, 0, true},  // no limit of digits
      {"99999999", 1, 99'999'999, 8, true},
      {"100000000", 1, 99'999'999, 0, false},
      {"9999", 0, 9999, 4, true},
      {"10000", 0, 9999, 5, false},
      {"5", 0, 4, 1, false},
      {"0", 0, 0, 1, true},
      {"18446744073709551615", 0, UINT64_MAX, 0, true},
      {"18446744073709551616", 0, UINT64_MAX, 0, false},
      {"99999999999999999999", 0, UINT64_MAX, 0, false},
      {"1.0", 0, 9, 4, false},
      {"-1", 0, 9, 4, false},
      {"+1", 0, 9, 4, false},
      {"", 0, 9, 4, false},
      {"1 ", 0, 9, 4, false},
  };
  for (const Case& c : cases) EXPECT_EQ(IsWhole(c.text, c.min, c.max, c.most), c.good) << c.text << " to " << c.max;
}

struct FormCase {
  std::string_view text;
  bool good;
};
template <size_t kCount>
void ExpectAll(bool (*form)(std::string_view), const FormCase (&cases)[kCount]) {
  for (const FormCase& c : cases) EXPECT_EQ(form(c.text), c.good) << c.text;
}

TEST(Formats, ADayIsInTheCalendar) {
  ExpectAll(IsDay, {{"2024-02-29", true},
                    {"2025-02-29", false},
                    {"2000-02-29", true},
                    {"1900-02-29", false},
                    {"2026-11-30", true},
                    {"2026-11-31", false},
                    {"2026-12-31", true},
                    {"2026-13-01", false},
                    {"2026-00-10", false},
                    {"2026-10-00", false},
                    {"2026-1-01", false},
                    {"20261120", false},
                    {"01/02/2025", false},
                    {"2026-11-20Z", false},
                    {"2026-11-20T00:00:00", false},
                    {"", false}});
}

TEST(Formats, ADateTimeHasNoZoneAndNoFraction) {
  ExpectAll(IsDateTime, {{"2026-11-20T23:59:59", true},
                         {"2026-11-20T00:00:00", true},
                         {"2026-11-20T24:00:00", false},
                         {"2026-11-20T23:60:00", false},
                         {"2026-11-20T23:59:60", false},
                         {"2024-02-29T12:00:00", true},
                         {"2025-02-29T12:00:00", false},
                         {"2026-11-20T23:59:59Z", false},
                         {"2026-11-20T23:59:59+07:00", false},
                         {"2026-11-20T23:59:59.1", false},
                         {"2026-11-20 23:59:59", false},
                         {"2026-11-20t23:59:59", false},
                         {"2026-11-20T23:59", false},
                         {"2026-11-20", false}});
}

TEST(Formats, ATaxCodeHasTenTenAndThreeOrTwelveDigits) {
  ExpectAll(IsTaxCodeForm, {{"0101234567", true},
                            {"010123456", false},
                            {"01012345678", false},
                            {"010123456789", true},
                            {"0101234567001", false},
                            {"0101234567-001", true},
                            {"0101234567-01", false},
                            {"0101234567-0001", false},
                            {"0101234567_001", false},
                            {"010123456A", false},
                            {"", false}});
}

TEST(Formats, AMessageIdIsPrintableAndAtMost46Long) {
  const std::string longest(46, 'A');
  EXPECT_TRUE(IsMessageIdForm(longest));
  EXPECT_FALSE(IsMessageIdForm(longest + "A"));
  ExpectAll(IsMessageIdForm, {{"V", true}, {"", false}, {"V 1", false}, {"V\t", false}, {"Đ", false}});
}

TEST(Formats, AMessageTypeHasUpToThreeDigitsAndMayBeNegative) {
  ExpectAll(IsMessageTypeForm,
            {{"203", true}, {"-1", true}, {"2030", false}, {"-", false}, {"", false}, {"+1", false}, {"2a3", false}});
}

TEST(Formats, AnIdHasContentAndNoWhiteSpace) {
  const std::string longest(256, 'a');
  EXPECT_TRUE(IsIdForm(longest));
  EXPECT_FALSE(IsIdForm(longest + "a"));
  ExpectAll(IsIdForm, {{"data", true}, {"123", true}, {"", false}, {"a b", false}, {"a\n", false}, {"\ta", false}});
}

TEST(Formats, APeriodFitsItsKind) {
  struct Case {
    std::string_view kind, text;
    bool good;
  };
  const Case cases[] = {
      {"T", "12/2026", true},    {"T", "13/2026", false},    {"T", "00/2026", false},    {"T", "1/2026", false},
      {"T", "12-2026", false},   {"T", "12/226", false},     {"Q", "3/2026", true},      {"Q", "03/2026", true},
      {"Q", "4/2026", true},     {"Q", "5/2026", false},     {"Q", "0/2026", false},     {"Q", "003/2026", false},
      {"Q", "13/2026", false},   {"N", "29/02/2024", true},  {"N", "29/02/2025", false}, {"N", "2024-02-29", false},
      {"N", "31/12/2026", true}, {"N", "12/31/2026", false}, {"T", "3/2026", false},     {"N", "12/2026", false},
      {"X", "12/2026", false},   {"", "12/2026", false},     {"T", "", false},
  };
  for (const Case& c : cases) EXPECT_EQ(IsPeriod(c.kind, c.text), c.good) << c.kind << " " << c.text;
}

TEST(Formats, ARegisterCodeHasItsFiveParts) {
  ExpectAll(IsRegisterCode, {{"M2-25-A1B2C-00001234567", true},
                             {"M9-25-A1B2C-00001234567", true},
                             {"M0-25-A1B2C-00001234567", false},
                             {"K2-25-A1B2C-00001234567", false},
                             {"M2-25-a1B2C-00001234567", false},
                             {"M2-2X-A1B2C-00001234567", false},
                             {"M2-25-A1B2-000012345678", false},
                             {"M2-25-A1B2C-0000123456", false},
                             {"M2-25-A1B2C-000012345678", false},
                             {"M2-25-A1B2C-0000123456A", false},
                             {"M2-25-A1B2C_00001234567", false},
                             {"", false}});
}

}  // namespace
}  // namespace tvan
