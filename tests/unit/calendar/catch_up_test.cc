// When providers are told of a catch-up: at its beginning, when its forecast moved, at its end; and never as often as a
// line can flap.
#include "gateway/calendar/catch_up.h"

#include <gmock/gmock.h>

#include <random>

#include "gateway/calendar/notices.h"
#include "gateway/core/log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"

namespace tvan {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class CatchUpTest : public testing::Test {
 protected:
  CatchUpTest() : clock_(MakeTestClock()), store_(MakeMemoryStore({.manual_flush = true}, *clock_)) { Open(); }
  void Open() {
    auto notices = Notices::Load(*store_, [](const std::string& json) { return "sealed:" + json; });
    ASSERT_TRUE(notices.ok()) << notices.status().ToString();
    notices_ = *std::move(notices);
  }
  // The line ramps since five minutes ago.
  CatchUpFacts Ramping(Span left) const { return {clock_->Now() - minutes(5), true, clock_->Now() + left, false}; }
  CatchUpFacts Open(Span left) const { return {std::nullopt, true, clock_->Now() + left, false}; }
  CatchUpFacts NotBeforeStop() const { return {clock_->Now() - minutes(5), true, std::nullopt, true}; }
  CatchUpFacts Down() const { return {std::nullopt, false, std::nullopt, true}; }
  // What is told of it now; none: nothing.
  std::string Told(const CatchUpFacts& facts) {
    const auto told = notices_->AnnounceCatchUp(facts, clock_->Now());
    EXPECT_TRUE(told.ok()) << told.status().ToString();
    return *told ? ToString(notices_->Find(notices_->newest())->kind) : "";
  }
  const CatchUp& Newest() const { return notices_->Find(notices_->newest())->catch_up; }

  std::unique_ptr<TestClock> clock_;
  std::unique_ptr<MemoryStore> store_;
  std::unique_ptr<Notices> notices_;
};

TEST_F(CatchUpTest, IsToldOfAtItsBeginningWhenItsEndMovesAndAtItsEnd) {
  EXPECT_EQ(Told(Ramping(hours(2))), "catch_up_begun");
  const Time began = clock_->Now() - minutes(5), end = clock_->Now() + hours(2);
  EXPECT_EQ(Newest().began_at, began);
  EXPECT_EQ(Newest().empty_at, end);
  EXPECT_TRUE(notices_->catching_up());
  clock_->AdvanceBy(minutes(10));
  EXPECT_EQ(Told(Ramping(Span(0))), "") << "it still ramps";
  EXPECT_EQ(Told(Ramping(hours(2) - minutes(10) + minutes(15))), "") << "by 15 minutes: not told";
  EXPECT_EQ(Told(Ramping(hours(2) - minutes(10) - minutes(15))), "");
  EXPECT_EQ(Told(Ramping(hours(2) - minutes(10) + minutes(15) + seconds(1))), "catch_up_moved");
  EXPECT_EQ(Newest().empty_at, end + minutes(16)) << "whole minutes, and no promise";
  EXPECT_EQ(Newest().began_at, began);
  clock_->AdvanceBy(minutes(10));
  EXPECT_EQ(Told(Open(hours(1))), "catch_up_moved") << "sooner, and at full pace: it goes on until nothing waits";
  clock_->AdvanceBy(hours(1));
  EXPECT_EQ(Told(Open(Span(0))), "catch_up_over");
  EXPECT_EQ(Newest().began_at, began);
  EXPECT_EQ(Newest().empty_at, std::nullopt);
  EXPECT_FALSE(notices_->catching_up());
  clock_->AdvanceBy(hours(1));
  EXPECT_EQ(Told(Open(Span(0))), "");
  EXPECT_EQ(Told(Open(hours(1))), "") << "what waits on an open line is no catch-up";
  EXPECT_EQ(Told(Ramping(hours(1))), "catch_up_begun") << "another one";
}

TEST_F(CatchUpTest, IsNotToldOfBeforeThereIsAForecastNorWhenItIsOverWithinAMinute) {
  EXPECT_EQ(Told({clock_->Now(), true, std::nullopt, false}), "");
  EXPECT_EQ(Told(Ramping(minutes(1))), "");
  EXPECT_EQ(Told(Down()), "");
  EXPECT_EQ(Told(Ramping(minutes(1) + seconds(1))), "catch_up_begun");
}

TEST_F(CatchUpTest, ThatDoesNotEndBeforeTheNextStopSaysSo) {
  EXPECT_EQ(Told(NotBeforeStop()), "catch_up_begun");
  EXPECT_TRUE(Newest().not_before_stop);
  EXPECT_EQ(Newest().empty_at, std::nullopt);
  EXPECT_THAT(notices_->Find(1)->texts.title.vi, HasSubstr("chưa chuyển hết trước lần tạm dừng kế tiếp"));
  clock_->AdvanceBy(minutes(10));
  EXPECT_EQ(Told(NotBeforeStop()), "");
  EXPECT_EQ(Told(Ramping(hours(1))), "catch_up_moved");
  EXPECT_FALSE(Newest().not_before_stop);
}

TEST_F(CatchUpTest, NothingIsToldWithinTenMinutesOfTheLast) {
  EXPECT_EQ(Told(Ramping(hours(1))), "catch_up_begun");
  clock_->AdvanceBy(minutes(10) - seconds(1));
  EXPECT_EQ(Told(Ramping(hours(9))), "");
  EXPECT_EQ(Told(Open(Span(0))), "");
  clock_->AdvanceBy(seconds(1));
  EXPECT_EQ(Told(Open(Span(0))), "catch_up_over") << "late, and told all the same";
}

TEST_F(CatchUpTest, ThatIsBrokenOffGoesOnWhenTheLineIsBack) {
  EXPECT_EQ(Told(Ramping(hours(1))), "catch_up_begun");
  clock_->AdvanceBy(minutes(20));
  EXPECT_EQ(Told(Down()), "");
  EXPECT_EQ(Told(Ramping(minutes(40))), "") << "as it was told";
  EXPECT_EQ(Told(Ramping(hours(2))), "catch_up_moved");
}

TEST_F(CatchUpTest, ARestartTellsNothingTwice) {
  EXPECT_EQ(Told(Ramping(hours(1))), "catch_up_begun");
  store_->Crash();
  store_ = store_->Reopen();
  Open();
  EXPECT_TRUE(notices_->catching_up());
  clock_->AdvanceBy(minutes(10));
  EXPECT_EQ(Told(Ramping(minutes(50))), "");
  EXPECT_EQ(Told(Open(Span(0))), "catch_up_over");
  Open();
  EXPECT_FALSE(notices_->catching_up());
}

TEST_F(CatchUpTest, WhatCannotBeWrittenIsToldNextTime) {
  store_->FailNextFlush(MemoryStore::FailedFlush::kLost);
  EXPECT_FALSE(notices_->AnnounceCatchUp(Ramping(hours(1)), clock_->Now()).ok());
  EXPECT_EQ(notices_->newest(), 0U);
  store_->Crash();
  store_ = store_->Reopen();
  Open();
  EXPECT_EQ(Told(Ramping(hours(1))), "catch_up_begun");
}

// A line that goes up and down at random, as fast as it is looked at, for a week.
TEST_F(CatchUpTest, ALineThatFlapsFloodsNobody) {
  SetLogLevel(LogLevel::kError);
  std::mt19937 random(7);
  for (int minute = 0; minute < 7 * 24 * 60; ++minute) {
    clock_->AdvanceBy(minutes(1));
    const Span left = minutes(random() % 3 == 0 ? 0 : random() % 600);
    const CatchUpFacts facts[] = {Ramping(left), Open(left), Down(), NotBeforeStop()};
    Told(facts[random() % 4]);
  }
  const auto made = notices_->MadeSince(Time{0});
  EXPECT_GT(made.size(), 100U) << "or this has tried nothing";
  EXPECT_LE(made.size(), 7U * 24);
  for (size_t i = 0; i < made.size(); ++i) {
    const NoticePtr& notice = made[i];
    const bool fresh = i == 0 || made[i - 1]->kind == NoticeKind::kCatchUpOver;
    EXPECT_EQ(notice->kind == NoticeKind::kCatchUpBegun, fresh) << i << ": begun, and not over, and so on";
    if (i >= 1) {
      EXPECT_GE(notice->made_at - made[i - 1]->made_at, minutes(10));
    }
    if (i >= 24) {
      EXPECT_GE(notice->made_at - made[i - 24]->made_at, hours(24)) << i;
    }
  }
  SetLogLevel(LogLevel::kInfo);
}

TEST_F(CatchUpTest, TheLastNoticeOfADayIsAnEnd) {
  SetLogLevel(LogLevel::kError);
  for (int i = 0; i < 100; ++i, clock_->AdvanceBy(minutes(10))) Told(Ramping(hours(1 + i)));
  EXPECT_EQ(notices_->newest(), 23U);
  EXPECT_EQ(Told(Open(Span(0))), "catch_up_over");
  clock_->AdvanceBy(minutes(10));
  EXPECT_EQ(Told(Ramping(hours(1))), "");
  clock_->AdvanceBy(hours(24));
  EXPECT_EQ(Told(Ramping(hours(1))), "catch_up_begun");
  SetLogLevel(LogLevel::kInfo);
}

TEST_F(CatchUpTest, AClockPutRightDoesNotSilenceItForLong) {
  EXPECT_EQ(Told(Ramping(hours(1))), "catch_up_begun");
  const Time before = clock_->Now() - hours(5);
  EXPECT_TRUE(*notices_->AnnounceCatchUp({before, true, before + hours(1), false}, before));
}

TEST_F(CatchUpTest, StandsBesideTheNoticesOfStopsAndChangesNothingOfThem) {
  const auto calendar = *Calendar::Load(*store_, PhaseRules());
  Window stop;
  stop.id = "night";
  stop.start = clock_->Now() + hours(5);
  stop.end = stop.start + hours(3);
  ASSERT_TRUE(calendar->Put(stop, "op", "", clock_->Now()).ok());
  const auto announce = [&] {
    return *notices_->Announce(calendar->VersionedWindows(), Rehearsals::kTell, clock_->Now());
  };
  EXPECT_EQ(announce(), 1U);
  EXPECT_EQ(Told(Ramping(hours(1))), "catch_up_begun");
  EXPECT_EQ(notices_->newest(), 2U);
  EXPECT_EQ(notices_->newest_of_stop(), 1U) << "the one that operators want to see read";
  Open();
  EXPECT_EQ(notices_->newest_of_stop(), 1U);
  EXPECT_EQ(announce(), 0U);
  stop.end = stop.end + hours(1);
  ASSERT_TRUE(calendar->Put(stop, "op", "", clock_->Now()).ok());
  EXPECT_EQ(announce(), 1U);
  EXPECT_EQ(notices_->Find(3)->kind, NoticeKind::kExtended);
}

TEST_F(CatchUpTest, IsReadBackAsItWasMadeAndItsSealCoversItsFacts) {
  Told(Ramping(hours(1)));
  const std::string json = NoticeJson(*notices_->Find(1));
  Open();
  const NoticePtr notice = notices_->Find(1);
  EXPECT_EQ(NoticeJson(*notice), json);
  EXPECT_EQ(notice->jws, "sealed:" + json);
  EXPECT_THAT(json, AllOf(HasSubstr(R"({"catch_up":{"began_at":"2026-11-21T09:55:00)"),
                          HasSubstr(R"("empty_at":"2026-11-21T11:00:00)"), HasSubstr(R"("not_before_stop":false})"),
                          HasSubstr(R"("kind":"catch_up_begun")"), Not(HasSubstr("window"))));
}

TEST_F(CatchUpTest, ItsTextsCanBePassedOnAsTheyAreInBothLanguages) {
  const CatchUp said{clock_->Now(), clock_->Now() + hours(1), false};
  const NoticeTexts begun = TextsOf(NoticeKind::kCatchUpBegun, said, clock_->Now());
  EXPECT_EQ(begun.title.vi,
            "Thông báo: truyền nhận dữ liệu hóa đơn điện tử với cơ quan thuế đã hoạt động trở lại từ 10:00 ngày "
            "21/11/2026 (thứ Bảy), dữ liệu lưu giữ đang được chuyển dần, dự kiến chuyển hết lúc 11:00 ngày 21/11/2026 "
            "(thứ Bảy)");
  EXPECT_EQ(begun.title.en,
            "Notice: data exchange with the tax authority is back since 10:00 on Saturday 21 November 2026; what was "
            "kept should all be sent by 11:00 on Saturday 21 November 2026");
  for (const NoticeKind kind : {NoticeKind::kCatchUpBegun, NoticeKind::kCatchUpMoved, NoticeKind::kCatchUpOver}) {
    const NoticeTexts texts = TextsOf(kind, said, clock_->Now());
    for (const Words& words : {texts.title, texts.for_provider, texts.for_users}) {
      EXPECT_THAT(words.vi, HasSubstr("ngày 21/11/2026")) << ToString(kind);
      EXPECT_THAT(words.en, HasSubstr("21 November 2026")) << ToString(kind);
    }
    EXPECT_THAT(texts.for_users.vi, AllOf(HasSubstr("Kính gửi Quý khách hàng"), Not(HasSubstr("GetLineStatus"))));
  }
}

}  // namespace
}  // namespace tvan
