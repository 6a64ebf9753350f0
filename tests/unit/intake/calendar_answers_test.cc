// What providers may ask about stops, without gRPC: lists, cursors, acknowledgements, what goes on now.
#include "gateway/intake/calendar_answers.h"

#include <gmock/gmock.h>

#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"

namespace tvan {
namespace {

using std::chrono::hours;
using testing::HasSubstr;

const ProviderId kAcme = ProviderId::Trusted("acme"), kBeta = ProviderId::Trusted("beta");

class CalendarAnswersTest : public testing::Test {
 protected:
  CalendarAnswersTest() : clock_(MakeTestClock()), store_(MakeMemoryStore({.manual_flush = true}, *clock_)) {
    calendar_ = *Calendar::Load(*store_, PhaseRules());
    notices_ = *Notices::Load(*store_, [](const std::string&) { return "a.b.c"; });
    readers_ = *NoticeReaders::Load(*store_);
    answers_ = std::make_unique<CalendarAnswers>(
        CalendarAnswers::Parts{*calendar_, *notices_, *readers_, LineId::Trusted("main"), "life1", *clock_, [this] {
                                 ++looks_;
                                 return view_;
                               }});
  }
  void Put(const std::string& id, Span in, bool cancelled = false) {
    Window w;
    w.id = id;
    w.start = clock_->Now() + in;
    w.end = w.start + hours(2);
    w.cancelled = cancelled;
    ASSERT_TRUE(calendar_->Put(w, "op", "", clock_->Now()).ok());
    ASSERT_TRUE(notices_->Announce(calendar_->VersionedWindows(), Rehearsals::kTell, clock_->Now()).ok());
  }
  static void SetTime(Time time, google::protobuf::Timestamp* out) { out->set_seconds(time.us / 1'000'000); }

  std::unique_ptr<TestClock> clock_;
  std::unique_ptr<MemoryStore> store_;
  std::unique_ptr<Calendar> calendar_;
  std::unique_ptr<Notices> notices_;
  std::unique_ptr<NoticeReaders> readers_;
  LineView view_;
  int looks_ = 0;
  std::unique_ptr<CalendarAnswers> answers_;
};

TEST_F(CalendarAnswersTest, AListBeginsNowAndEndsAfter35DaysUnlessAsked) {
  Put("soon", hours(1));
  Put("far", hours(24 * 40));
  v1::ListWindowsRequest request;
  ASSERT_TRUE(answers_->List(request).ok());
  EXPECT_EQ(answers_->List(request)->windows_size(), 1);
  SetTime(clock_->Now() + hours(24 * 50), request.mutable_to());
  ASSERT_EQ(answers_->List(request)->windows_size(), 2);
  EXPECT_EQ(answers_->List(request)->windows(1).id(), "far");
  EXPECT_EQ(answers_->List(request)->windows(1).state(), v1::WINDOW_STATE_ANNOUNCED);
}

TEST_F(CalendarAnswersTest, AListIsOfAtMost400Days) {
  v1::ListWindowsRequest request;
  SetTime(clock_->Now(), request.mutable_from());
  SetTime(clock_->Now() + hours(24 * 400), request.mutable_to());
  EXPECT_TRUE(answers_->List(request).ok());
  SetTime(clock_->Now() + hours(24 * 401), request.mutable_to());
  EXPECT_EQ(answers_->List(request).status().reason(), "intake.bad_request"_reason);
  SetTime(clock_->Now(), request.mutable_to());
  EXPECT_EQ(answers_->List(request).status().reason(), "intake.bad_request"_reason);
}

TEST_F(CalendarAnswersTest, ACursorGoesOnAfterItsNoticeInItsOwnLifeOfTheStore) {
  Put("one", hours(1));
  Put("two", hours(5));
  const auto first = answers_->Next(kAcme, 0);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->number(), 1U);
  EXPECT_EQ(*answers_->After(kAcme, first->cursor()), 1U);
  EXPECT_EQ(*answers_->After(kAcme, "life0:2"), 0U) << "of another life: all that is not acknowledged";
  for (const char* cursor : {"1", "life1:", "life1:x", "life1:1x", "life1:3", "life1:99999999999999999999999"})
    EXPECT_EQ(answers_->After(kAcme, cursor).status().reason(), "intake.bad_request"_reason) << cursor;
}

TEST_F(CalendarAnswersTest, WithoutACursorItIsAllThatThisProviderHasNotAcknowledged) {
  Put("one", hours(1));
  Put("two", hours(5));
  ASSERT_TRUE(answers_->Acknowledge(kAcme, 1).ok());
  EXPECT_EQ(*answers_->After(kAcme, ""), 1U);
  EXPECT_EQ(*answers_->After(kBeta, ""), 0U);
  EXPECT_TRUE(answers_->Next(kAcme, 0)->has_acknowledged_at());
  EXPECT_FALSE(answers_->Next(kBeta, 0)->has_acknowledged_at()) << "what others have read is nobody's business";
}

TEST_F(CalendarAnswersTest, ANoticeOfACatchUpHasItsForecastAndNoWindow) {
  Put("night", hours(1));
  const Time now = clock_->Now();
  ASSERT_TRUE(*notices_->AnnounceCatchUp({now - hours(1), true, now + hours(2), false}, now));
  const auto stop = answers_->Next(kAcme, 0), notice = answers_->Next(kAcme, 1);
  ASSERT_TRUE(stop && notice);
  EXPECT_TRUE(stop->has_window());
  EXPECT_FALSE(stop->has_catch_up());
  EXPECT_EQ(notice->kind(), "catch_up_begun");
  EXPECT_FALSE(notice->has_window());
  EXPECT_EQ(notice->catch_up().began_at().seconds(), (now - hours(1)).us / 1'000'000);
  EXPECT_EQ(notice->catch_up().empty_at().seconds(), (now + hours(2)).us / 1'000'000);
  EXPECT_FALSE(notice->catch_up().not_before_stop());
  EXPECT_EQ(*answers_->After(kAcme, notice->cursor()), 2U);
  EXPECT_TRUE(answers_->Acknowledge(kAcme, 2).ok());
}

TEST_F(CalendarAnswersTest, OnlyANoticeThatThereIsCanBeAcknowledged) {
  Put("one", hours(1));
  EXPECT_EQ(answers_->Acknowledge(kAcme, 0).status().reason(), "calendar.no_notice"_reason);
  EXPECT_EQ(answers_->Acknowledge(kAcme, 2).status().reason(), "calendar.no_notice"_reason);
  EXPECT_TRUE(answers_->Acknowledge(kAcme, 1).ok());
}

TEST_F(CalendarAnswersTest, TheStatusSaysPhaseAdviceReturnProbeAndForecastOfEveryClass) {
  Put("night", Span(0));
  view_.last_probe = ProbeRound{clock_->Now(), true, 2, "10.0.0.7:9443 answers"};
  view_.forecast.emplace().set_not_before_stop(true);
  const v1::GetLineStatusResponse status = answers_->LineStatus();
  EXPECT_EQ(status.phase(), v1::LINE_PHASE_CLOSED);
  ASSERT_EQ(status.classes_size(), 6);
  for (const auto& one : status.classes()) {
    EXPECT_EQ(one.phase(), v1::LINE_PHASE_CLOSED);
    EXPECT_EQ(one.window(), "night");
    EXPECT_EQ(one.mode(), v1::INTAKE_MODE_HOLD);
    EXPECT_THAT(one.advice().vi(), HasSubstr("đang tạm dừng"));
    EXPECT_EQ(one.expected_return().seconds(), (clock_->Now() + hours(2)).us / 1'000'000);
  }
  EXPECT_EQ(status.last_probe().level(), 2);
  EXPECT_EQ(status.last_probe().evidence(), "dịch vụ của cơ quan thuế trả lời / the authority's service answers")
      << "no host of ours";
  EXPECT_TRUE(status.forecast().not_before_stop());
  EXPECT_LE(status.poll_again_after().seconds(), 30);
  EXPECT_GE(status.poll_again_after().seconds(), 1);
}

TEST_F(CalendarAnswersTest, AFloodOfQuestionsCostsOneStatusASecond) {
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(answers_->LineStatus().phase(), v1::LINE_PHASE_OPEN);
  EXPECT_EQ(looks_, 1);
  clock_->AdvanceBy(std::chrono::milliseconds(999));
  answers_->LineStatus();
  EXPECT_EQ(looks_, 1);
  clock_->AdvanceBy(std::chrono::milliseconds(1));
  answers_->LineStatus();
  EXPECT_EQ(looks_, 2);
}

TEST_F(CalendarAnswersTest, AStatusIsNotKeptOverAChange) {
  EXPECT_EQ(answers_->LineStatus().phase(), v1::LINE_PHASE_OPEN);
  Put("night", Span(0));
  EXPECT_EQ(answers_->LineStatus().phase(), v1::LINE_PHASE_OPEN) << "as long as nobody says so";
  answers_->LineChanged();
  EXPECT_EQ(answers_->LineStatus().phase(), v1::LINE_PHASE_CLOSED);
  EXPECT_EQ(looks_, 2);
}

// As it is told by dispatch on its way: a status that was being made then is as old as it was before.
TEST_F(CalendarAnswersTest, AStatusThatWasBeingMadeDuringAChangeIsNotKept) {
  bool change = true;
  CalendarAnswers answers({*calendar_, *notices_, *readers_, LineId::Trusted("main"), "life1", *clock_, [&] {
                             ++looks_;
                             if (std::exchange(change, false)) answers.LineChanged();
                             return view_;
                           }});
  answers.LineStatus();
  answers.LineStatus();
  answers.LineStatus();
  EXPECT_EQ(looks_, 2);
}

TEST_F(CalendarAnswersTest, TheStatusOfAStoreThatCannotBeReadIsGivenAllTheSame) {
  Put("night", hours(1));
  store_->SetReads(MemoryStore::Reads::kFail);
  EXPECT_EQ(answers_->LineStatus().phase(), v1::LINE_PHASE_OPEN);
  EXPECT_EQ(answers_->List({})->windows_size(), 1);
}

}  // namespace
}  // namespace tvan
