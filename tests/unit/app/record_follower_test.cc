// Records that other gateways put reach the rooms that hold them, each once, and none is lost to an error.
#include "gateway/app/record_follower.h"

#include <gmock/gmock.h>

#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"

namespace tvan {
namespace {

using testing::ElementsAre;

class RecordFollowerTest : public testing::Test {
 protected:
  void Put(const std::string& kind, const std::string& id) {
    OperatorRecord record{.kind = kind, .id = id};
    record.changed_at = clock_->Now();
    record.author = "op";
    const auto before = store_->RecordHistory(kind, id, {.limit = 1});
    ASSERT_TRUE(store_->PutRecord(std::move(record), before->empty() ? 0 : before->front().version).ok());
  }
  RecordFollower::Take Noting(std::vector<std::string>& taken) {
    return [&taken](const std::vector<std::string>& ids) {
      taken.insert(taken.end(), ids.begin(), ids.end());
      return Status();
    };
  }

  std::unique_ptr<TestClock> clock_ = MakeTestClock();
  std::unique_ptr<MemoryStore> store_ = MakeMemoryStore({.manual_flush = true}, *clock_);
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  RecordFollower follower_{*store_, *metrics_};
};

TEST_F(RecordFollowerTest, EachRoomGetsWhatIsItsSinceTheBeginning) {
  std::vector<std::string> windows, mandates;
  follower_.On("window", Noting(windows));
  follower_.On("mandate", Noting(mandates));
  Put("window", "before");
  ASSERT_TRUE(follower_.Begin().ok());
  Put("window", "night");
  Put("mandate", "acme/1");
  Put("window", "night");
  Put("phase", "main");
  ASSERT_TRUE(follower_.Step().ok());
  EXPECT_THAT(windows, ElementsAre("night"));
  EXPECT_THAT(mandates, ElementsAre("acme/1"));
  ASSERT_TRUE(follower_.Step().ok());
  EXPECT_EQ(windows.size() + mandates.size(), 2U) << "nothing new";
}

TEST_F(RecordFollowerTest, WhatARoomCouldNotTakeComesAgainAndKeepsNoOtherFromIt) {
  std::vector<std::string> windows, mandates;
  bool broken = true;
  follower_.On("mandate", [&](const std::vector<std::string>& ids) {
    return broken ? Status::Transient("store.io"_reason, "not now") : Noting(mandates)(ids);
  });
  follower_.On("window", Noting(windows));
  ASSERT_TRUE(follower_.Begin().ok());
  Put("mandate", "acme/1");
  Put("window", "night");
  EXPECT_EQ(follower_.Step().reason(), "store.io"_reason);
  EXPECT_THAT(windows, ElementsAre("night"));
  broken = false;
  ASSERT_TRUE(follower_.Step().ok());
  EXPECT_THAT(mandates, ElementsAre("acme/1"));
}

TEST_F(RecordFollowerTest, WhatARoomCanNeverTakeIsPassedOverAndSaid) {
  std::vector<std::string> windows;
  follower_.On("mandate", [](const auto&) { return Status::Permanent("contract.damaged"_reason, "cannot be read"); });
  follower_.On("window", Noting(windows));
  ASSERT_TRUE(follower_.Begin().ok());
  Put("mandate", "acme/1");
  ASSERT_TRUE(follower_.Step().ok());
  Put("window", "night");
  ASSERT_TRUE(follower_.Step().ok());
  EXPECT_THAT(windows, ElementsAre("night"));
  EXPECT_NE(metrics_->Render().find("tvan_follow_passed_over_total 1"), std::string::npos);
}

TEST_F(RecordFollowerTest, ManyPutsComeInPages) {
  std::vector<std::string> mandates;
  follower_.On("mandate", Noting(mandates));
  ASSERT_TRUE(follower_.Begin().ok());
  for (int i = 0; i < 600; ++i) Put("mandate", std::to_string(i));
  ASSERT_TRUE(follower_.Step().ok());
  EXPECT_EQ(mandates.size(), 600U);
  EXPECT_EQ(mandates.back(), "599");
}

TEST_F(RecordFollowerTest, AStoreThatCannotBeReadIsSaidAndNothingIsPassedOver) {
  std::vector<std::string> mandates;
  follower_.On("mandate", Noting(mandates));
  ASSERT_TRUE(follower_.Begin().ok());
  Put("mandate", "acme/1");
  store_->SetReads(MemoryStore::Reads::kFail);
  EXPECT_EQ(follower_.Step().reason(), "store.io"_reason);
  store_->SetReads(MemoryStore::Reads::kGood);
  ASSERT_TRUE(follower_.Step().ok());
  EXPECT_THAT(mandates, ElementsAre("acme/1"));
}

}  // namespace
}  // namespace tvan
