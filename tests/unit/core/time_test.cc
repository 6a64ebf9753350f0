#include "gateway/core/time.h"

#include <gtest/gtest.h>

namespace tvan {
namespace {

TEST(Times, AreWrittenAtPlusSevenWithMicroseconds) {
  EXPECT_EQ(FormatTime(Time{0}), "1970-01-01T07:00:00.000000+07:00");
  EXPECT_EQ(FormatTime(Time{-1}), "1970-01-01T06:59:59.999999+07:00");
  EXPECT_EQ(FormatLocal(Time{0}), "1970-01-01T07:00:00");
}

TEST(Times, BeyondTheCalendarAreShownAsItsEnds) {
  EXPECT_EQ(FormatTime(kForever), "9999-12-31T23:59:59.999999+07:00");
  EXPECT_EQ(FormatTime(Time{INT64_MIN}), "0000-01-01T00:00:00.000000+07:00");
}

TEST(Times, ReadBackWhatWasWritten) {
  for (const int64_t us : {int64_t{0}, int64_t{-1}, int64_t{1'795'279'800'000'123}, int64_t{951'782'399'999'999}})
    EXPECT_EQ(ParseTime(FormatTime(Time{us}))->us, us);
}

TEST(Times, InOneInstantAreEqualWhateverTheOffset) {
  const Time t = *ParseTime("2026-11-21T23:50:00+07:00");
  EXPECT_EQ(*ParseTime("2026-11-21T16:50:00Z"), t);
  EXPECT_EQ(*ParseTime("2026-11-21T16:50:00.000000-00:00"), t);
  EXPECT_EQ(*ParseTime("2026-11-21T11:20:00-05:30"), t);
  EXPECT_EQ(*ParseTime("2026-11-21T23:50:00"), t);
  EXPECT_EQ(*ParseLocal("2026-11-21T23:50:00"), t);
  EXPECT_NE(*ParseTime("2026-11-21T23:50:00Z"), t);
}

TEST(Times, KeepAFractionToTheMicrosecond) {
  EXPECT_EQ(ParseTime("1970-01-01T00:00:00.5Z")->us, 500'000);
  EXPECT_EQ(ParseTime("1970-01-01T00:00:00.123456789Z")->us, 123'456);
  EXPECT_FALSE(ParseTime("1970-01-01T00:00:00.Z").ok());
  EXPECT_FALSE(ParseTime("1970-01-01T00:00:00.1234567890Z").ok());
}

TEST(Times, LocalFormHasNeitherFractionNorOffset) {
  EXPECT_TRUE(ParseLocal("2026-11-21T23:50:00").ok());
  EXPECT_FALSE(ParseLocal("2026-11-21T23:50:00.0").ok());
  EXPECT_FALSE(ParseLocal("2026-11-21T23:50:00+07:00").ok());
  EXPECT_FALSE(ParseTime("2026-11-21T23:50:00.0").ok());
}

TEST(Times, FollowTheGregorianCalendar) {
  EXPECT_TRUE(ParseDate("2024-02-29").ok());
  EXPECT_FALSE(ParseDate("2023-02-29").ok());
  EXPECT_TRUE(ParseDate("2000-02-29").ok());
  EXPECT_FALSE(ParseDate("1900-02-29").ok());
  EXPECT_TRUE(ParseDate("2026-04-30").ok());
  EXPECT_FALSE(ParseDate("2026-04-31").ok());
  EXPECT_FALSE(ParseDate("2026-13-01").ok());
  EXPECT_FALSE(ParseDate("2026-00-01").ok());
  EXPECT_FALSE(ParseDate("2026-01-00").ok());
}

TEST(Times, OutOfTheDayAreRefused) {
  EXPECT_TRUE(ParseLocal("2026-11-21T23:59:59").ok());
  EXPECT_FALSE(ParseLocal("2026-11-21T24:00:00").ok());
  EXPECT_FALSE(ParseLocal("2026-11-21T23:60:00").ok());
  EXPECT_FALSE(ParseLocal("2026-11-21T23:59:60").ok());
  EXPECT_TRUE(ParseTime("2026-11-21T23:59:59+23:59").ok());
  EXPECT_FALSE(ParseTime("2026-11-21T23:59:59+24:00").ok());
  EXPECT_FALSE(ParseTime("2026-11-21T23:59:59+07:60").ok());
}

TEST(Times, OfAnotherShapeAreRefused) {
  for (const char* text :
       {"", "2026", "2026-11-21", "2026-11-21 23:50:00", "2026-11-21T23:50", "2026-11-21T23:50:00+0700",
        "2026-11-21T23:50:00z", "2026-11-21T23:50:00Z ", "20261121T235000Z", "-026-11-21T23:50:00",
        "2026-11-21T23:50:00+07", "2026-1 -21T23:50:00"}) {
    EXPECT_FALSE(ParseTime(text).ok()) << text;
    EXPECT_FALSE(ParseLocal(text).ok()) << text;
  }
  EXPECT_EQ(ParseTime("").status().reason().text(), "time.format");
}

TEST(Dates, BeginAtMidnightInVietnam) {
  EXPECT_EQ(FormatTime(*ParseDate("2026-11-21")), "2026-11-21T00:00:00.000000+07:00");
  EXPECT_FALSE(ParseDate("2026-11-21T00:00:00").ok());
}

}  // namespace
}  // namespace tvan
