#include "gateway/core/status.h"

#include <gtest/gtest.h>

namespace tvan {
namespace {

TEST(Status, SaysReasonDispositionAndText) {
  EXPECT_EQ(Status().ToString(), "ok");
  EXPECT_EQ(Status::Permanent("time.format"_reason, "bad").ToString(), "time.format (permanent): bad");
  EXPECT_EQ(Status::Transient("time.format"_reason, "later").ToString(), "time.format (transient): later");
  EXPECT_EQ(Status::InDoubt("time.format"_reason, "who knows").ToString(), "time.format (in doubt): who knows");
}

TEST(Status, TellsTheThreeDispositionsApart) {
  EXPECT_FALSE(Status().is_transient());
  EXPECT_FALSE(Status().is_in_doubt());
  EXPECT_TRUE(Status::Transient("time.format"_reason, "").is_transient());
  EXPECT_FALSE(Status::Permanent("time.format"_reason, "").is_transient());
  EXPECT_TRUE(Status::InDoubt("time.format"_reason, "").is_in_doubt());
}

TEST(Result, HoldsAValueOrTheStatusThatSaysWhyNot) {
  const Result<int> seven = 7;
  EXPECT_TRUE(seven.ok());
  EXPECT_EQ(*seven, 7);
  const Result<int> none = Status::Transient("time.format"_reason, "later");
  EXPECT_FALSE(none.ok());
  EXPECT_TRUE(none.status().is_transient());
}

TEST(ResultDeathTest, ValueOfAFailureIsABrokenInvariant) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const Result<int> none = Status::Permanent("time.format"_reason, "bad");
  EXPECT_DEATH(static_cast<void>(*none), "broken invariant");
  EXPECT_DEATH(static_cast<void>(Result<int>(Status())), "OK Status");
}

}  // namespace
}  // namespace tvan
