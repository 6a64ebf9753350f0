// A line that catches up is looked at as long as there is something to tell, and no longer.
#include "gateway/app/catch_up_watch.h"

#include <gmock/gmock.h>

#include "gateway/core/log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"

namespace tvan {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

const LineId kMain = LineId::Trusted("main");

class CatchUpWatchTest : public testing::Test {
 protected:
  CatchUpWatchTest() {
    SetLogLevel(LogLevel::kError);
    Make();
  }
  ~CatchUpWatchTest() override {
    watch_->Stop();
    SetLogLevel(LogLevel::kInfo);
  }
  void Make() {
    watch_ = std::make_unique<CatchUpWatch>(CatchUpWatch::Parts{*calendar_, *notices_, kMain, *clock_, *pool_,
                                                                [this](CatchUpFacts& facts) {
                                                                  ++looks_;
                                                                  facts.empty_at = empty_at_;
                                                                },
                                                                [this] { ++told_; }});
    calendar_->SetPhaseListener([this](const PhaseRecord&) { watch_->PhaseChanged(); });
  }
  // The line goes through the phases until it ramps, or on to open.
  void Advance(bool answers, bool ramped = false) {
    LineFacts facts;
    facts.now = clock_->Now();
    if (!answers) facts.down = "no answer";
    facts.ramped = ramped;
    facts.probed = ProbeRound{facts.now, answers, 2, ""};
    ASSERT_TRUE(calendar_->Advance(kMain, facts).ok());
    clock_->Settle();
  }
  void Ramp() {
    Advance(true);
    Advance(false);
    for (int i = 0; i < 3; ++i) {
      clock_->AdvanceBy(seconds(1));
      Advance(true);
    }
    ASSERT_EQ(calendar_->At(kMain, MessageClass::kCoded, clock_->Now()).phase, Phase::kRamping);
  }
  std::vector<std::string> Kinds() const {
    std::vector<std::string> kinds;
    for (const NoticePtr& notice : notices_->MadeSince(Time{0})) kinds.push_back(ToString(notice->kind));
    return kinds;
  }

  std::unique_ptr<TestClock> clock_ = MakeTestClock();
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  std::unique_ptr<MemoryStore> store_ = MakeMemoryStore({.manual_flush = true}, *clock_);
  std::unique_ptr<Calendar> calendar_ = *Calendar::Load(*store_, PhaseRules());
  std::unique_ptr<Notices> notices_ = *Notices::Load(*store_, [](const std::string&) { return "a.b.c"; });
  std::unique_ptr<Executor> pool_ = Executor::Make({"reads", 1, 8}, *clock_, *metrics_);
  std::optional<Time> empty_at_;
  int looks_ = 0, told_ = 0;
  std::unique_ptr<CatchUpWatch> watch_;
};

TEST_F(CatchUpWatchTest, TellsOfTheBeginningAFewSecondsLaterAndOfTheEnd) {
  empty_at_ = clock_->Now() + hours(1);
  Ramp();
  EXPECT_THAT(Kinds(), IsEmpty()) << "dispatch has not seen it yet";
  clock_->AdvanceBy(seconds(5));
  EXPECT_THAT(Kinds(), ElementsAre("catch_up_begun"));
  EXPECT_EQ(notices_->Find(1)->catch_up.began_at, calendar_->At(kMain, MessageClass::kCoded, clock_->Now()).open_since);
  EXPECT_EQ(told_, 1);
  clock_->AdvanceBy(minutes(30));
  empty_at_ = clock_->Now() + hours(3);
  clock_->AdvanceBy(minutes(1));
  EXPECT_THAT(Kinds(), ElementsAre("catch_up_begun", "catch_up_moved"));
  Advance(true, true);
  clock_->AdvanceBy(hours(3));
  EXPECT_THAT(Kinds(), ElementsAre("catch_up_begun", "catch_up_moved", "catch_up_over"));
  EXPECT_EQ(told_, 3);
}

TEST_F(CatchUpWatchTest, TellsOfOneWhoseRampIsOverBeforeItIsLookedAt) {
  empty_at_ = clock_->Now() + hours(1);
  Ramp();
  Advance(true, true);
  ASSERT_EQ(calendar_->At(kMain, MessageClass::kCoded, clock_->Now()).phase, Phase::kOpen);
  clock_->AdvanceBy(seconds(5));
  EXPECT_THAT(Kinds(), ElementsAre("catch_up_begun"));
}

TEST_F(CatchUpWatchTest, WhatPilesUpOnAnOpenLineLaterIsNone) {
  Ramp();
  Advance(true, true);
  clock_->AdvanceBy(minutes(3));
  empty_at_ = clock_->Now() + hours(1);
  watch_->PhaseChanged();
  clock_->AdvanceBy(minutes(1));
  EXPECT_THAT(Kinds(), IsEmpty());
}

TEST_F(CatchUpWatchTest, RestsWhenThereIsNothingToCatchUpWith) {
  Advance(true);
  clock_->AdvanceBy(minutes(10));
  EXPECT_EQ(looks_, 3) << "as long as it was opened just now";
  empty_at_ = clock_->Now();
  Ramp();
  clock_->AdvanceBy(minutes(10));
  EXPECT_GT(looks_, 5) << "as long as it ramps";
  EXPECT_THAT(Kinds(), IsEmpty());
  Advance(true, true);
  clock_->AdvanceBy(minutes(1));  // it has been back for longer than two minutes
  const int looks = looks_;
  clock_->AdvanceBy(hours(1));
  EXPECT_EQ(looks_, looks);
}

TEST_F(CatchUpWatchTest, GoesOnWithWhatWasToldBeforeARestart) {
  empty_at_ = clock_->Now() + hours(1);
  Ramp();
  clock_->AdvanceBy(minutes(20));
  watch_->Stop();
  Advance(true, true);
  Make();
  watch_->PhaseChanged();
  clock_->AdvanceBy(hours(1));
  EXPECT_THAT(Kinds(), ElementsAre("catch_up_begun", "catch_up_over"));
}

}  // namespace
}  // namespace tvan
