// Notices: which changes are told of, that each is told of once whatever crashes, and who has read them.
#include "gateway/calendar/notices.h"

#include <gmock/gmock.h>

#include "gateway/calendar/notice_readers.h"
#include "gateway/core/log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"

namespace tvan {
namespace {

using std::chrono::hours;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const ProviderId kAcme = ProviderId::Trusted("acme"), kBeta = ProviderId::Trusted("beta");

class NoticesTest : public testing::Test {
 protected:
  NoticesTest() : clock_(MakeTestClock()), store_(MakeMemoryStore({.manual_flush = true}, *clock_)) {
    calendar_ = *Calendar::Load(*store_, PhaseRules());
    Open();
  }
  void Open() {
    auto notices = Notices::Load(*store_, [](const std::string& json) { return "sealed:" + json; });
    EXPECT_TRUE(notices.ok()) << notices.status().ToString();
    notices_ = *std::move(notices);
  }
  Window Night() const {
    Window w;
    w.id = "night";
    w.start = *ParseTime("2026-11-22T00:00:00+07:00");
    w.end = *ParseTime("2026-11-22T03:45:00+07:00");
    w.reason = "nâng cấp hạ tầng";
    w.source = "TB 12/CT";
    w.support = "1900 1234";
    return w;
  }
  void Put(const Window& w) {
    const auto put = calendar_->Put(w, "op", "planned", clock_->Now());
    EXPECT_TRUE(put.ok()) << put.status().ToString();
  }
  size_t Announce(Rehearsals rehearsals = Rehearsals::kTell) {
    const auto made = notices_->Announce(calendar_->VersionedWindows(), rehearsals, clock_->Now());
    EXPECT_TRUE(made.ok()) << made.status().ToString();
    return made.ok() ? *made : 0;
  }
  std::vector<std::string> Kinds() const {
    std::vector<std::string> kinds;
    for (const NoticePtr& notice : notices_->MadeSince(Time{0})) kinds.push_back(ToString(notice->kind));
    return kinds;
  }

  std::unique_ptr<TestClock> clock_;
  std::unique_ptr<MemoryStore> store_;
  std::unique_ptr<Calendar> calendar_;
  std::unique_ptr<Notices> notices_;
};

TEST_F(NoticesTest, EachChangeOfAVerifiedStopIsToldOfOnceByItsName) {
  Window w = Night();
  Put(w);
  EXPECT_EQ(Announce(), 1U);
  EXPECT_EQ(Announce(), 0U);
  w.start = w.start + hours(1);
  Put(w);
  EXPECT_EQ(Announce(), 1U);
  w.end = w.end + hours(1);
  Put(w);
  EXPECT_EQ(Announce(), 1U);
  clock_->AdvanceTo(w.start + hours(2));
  w.ended_at = w.start + hours(1);
  Put(w);
  EXPECT_EQ(Announce(), 1U);
  EXPECT_EQ(Announce(), 0U);
  EXPECT_THAT(Kinds(), ElementsAre("window_announced", "window_changed", "window_extended", "window_ended_early"));
  EXPECT_EQ(notices_->newest(), 4U);
}

TEST_F(NoticesTest, WhoLookedEarlierAndComesLaterTellsNothingOld) {
  Put(Night());
  const auto before = calendar_->VersionedWindows();
  EXPECT_EQ(Announce(), 1U);
  Window cancelled = Night();
  cancelled.cancelled = true;
  Put(cancelled);
  EXPECT_EQ(Announce(), 1U);
  EXPECT_EQ(notices_->Announce(before, Rehearsals::kTell, clock_->Now()).value(), 0U);
  EXPECT_EQ(Announce(), 0U);
}

TEST_F(NoticesTest, AnUnverifiedStopIsNotToldOfUntilItIsVerified) {
  Window w = Night();
  w.unverified = true;
  Put(w);
  w.end = w.end + hours(1);
  Put(w);
  EXPECT_EQ(Announce(), 0U);
  w.unverified = false;
  Put(w);
  EXPECT_EQ(Announce(), 1U);
  EXPECT_THAT(Kinds(), ElementsAre("window_announced"));
}

TEST_F(NoticesTest, WhatSwitchesNothingAnyMoreIsCancelled) {
  Window w = Night();
  Put(w);
  Announce();
  w.cancelled = true;
  Put(w);
  EXPECT_EQ(Announce(), 1U);
  w.cancelled = false;
  Put(w);
  EXPECT_EQ(Announce(), 1U);
  w.unverified = true;
  Put(w);
  EXPECT_EQ(Announce(), 1U);
  EXPECT_THAT(Kinds(), ElementsAre("window_announced", "window_cancelled", "window_announced", "window_cancelled"));
}

TEST_F(NoticesTest, WhatProvidersDoNotSeeMakesNoNotice) {
  Window w = Night();
  Put(w);
  Announce();
  w.theirs = {"Nguyễn Văn A", "Phó phòng", "a@example.vn", "0900000000"};
  Put(w);
  EXPECT_EQ(Announce(), 0U);
  w.support = "1900 9999";
  Put(w);
  EXPECT_EQ(Announce(), 1U);
}

TEST_F(NoticesTest, AStopThatIsOverBeforeItWasToldOfIsNoNews) {
  Put(Night());
  clock_->AdvanceTo(Night().end);
  EXPECT_EQ(Announce(), 0U);
}

TEST_F(NoticesTest, ARehearsalIsToldOfWhereItClosesTheLineOnly) {
  Window w = Night();
  w.kind = WindowKind::kRehearsal;
  Put(w);
  EXPECT_EQ(Announce(Rehearsals::kKeepQuiet), 0U);
  EXPECT_EQ(Announce(Rehearsals::kTell), 1U);
  EXPECT_THAT(notices_->Find(1)->texts.title.vi, HasSubstr("[DIỄN TẬP]"));
}

TEST_F(NoticesTest, ACrashBetweenTheChangeAndItsNoticeIsRepaired) {
  Put(Night());
  Announce();
  Window w = Night();
  w.end = w.end + hours(1);
  Put(w);
  store_->Crash();
  store_ = store_->Reopen();
  calendar_ = *Calendar::Load(*store_, PhaseRules());
  Open();
  EXPECT_EQ(notices_->newest(), 1U);
  EXPECT_EQ(Announce(), 1U);
  EXPECT_EQ(Announce(), 0U);
  EXPECT_THAT(Kinds(), ElementsAre("window_announced", "window_extended"));
}

TEST_F(NoticesTest, ANoticeIsReadBackAsItWasMadeAndItsSealCoversItsFacts) {
  Window w = Night();
  w.verify_until = w.end + hours(1);
  w.classes = {MessageClass::kCoded, MessageClass::kSummary};
  Put(w);
  Announce();
  const NoticePtr before = notices_->Find(1);
  Open();
  const NoticePtr after = notices_->Find(1);
  ASSERT_NE(after, nullptr);
  EXPECT_EQ(NoticeJson(*after), NoticeJson(*before));
  EXPECT_EQ(after->jws, "sealed:" + NoticeJson(*before));
  EXPECT_THAT(NoticeJson(*after), AllOf(HasSubstr(R"("kind":"window_announced")"), HasSubstr(R"("number":1,)"),
                                        HasSubstr(R"("verify_until":"2026-11-22T04:45:00)")));
}

TEST_F(NoticesTest, GatewaysOfOneStoreTellOfAChangeOnce) {
  const auto other = *Notices::Load(*store_, [](const std::string& json) { return "sealed:" + json; });
  int news = 0;
  other->SetListener([&] { ++news; });
  Put(Night());
  EXPECT_EQ(Announce(), 1U);
  const auto announce = [&] {
    return other->Announce(calendar_->VersionedWindows(), Rehearsals::kTell, clock_->Now()).value();
  };
  EXPECT_EQ(announce(), 0U) << "it is told of";
  EXPECT_EQ(other->newest(), 1U);
  EXPECT_EQ(news, 1);
  Window w = Night();
  w.end = w.end + hours(1);
  Put(w);
  EXPECT_EQ(announce(), 1U);
  EXPECT_EQ(notices_->newest(), 1U);
  ASSERT_TRUE(notices_->Follow().ok());
  EXPECT_EQ(notices_->newest(), 2U);
  EXPECT_EQ(Announce(), 0U);
  ASSERT_TRUE(other->Follow().ok());
  EXPECT_EQ(news, 2) << "its own one, and nothing more";
}

TEST_F(NoticesTest, ANoticeThatIsMissingIsDamage) {
  Put(Night());
  Announce();
  OperatorRecord third;
  third.kind = kNoticeKind;
  third.id = NoticeId(3);
  Notice notice = *notices_->Find(1);
  notice.number = 3;
  third.body = EncodeNotice(notice);
  ASSERT_TRUE(store_->PutRecord(third, 0).ok());
  const auto opened = Notices::Load(*store_, [](const std::string& json) { return json; });
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.status().reason(), "calendar.damaged"_reason);
}

TEST_F(NoticesTest, TheNewestThousandAreKeptAndNumbersGoOn) {
  SetLogLevel(LogLevel::kError);
  Window w = Night();
  for (size_t i = 0; i < Notices::kMostKept + 2; ++i) {
    w.reason = "change " + std::to_string(i);
    Put(w);
    Announce();
  }
  EXPECT_EQ(notices_->newest(), Notices::kMostKept + 2);
  EXPECT_EQ(notices_->Find(2), nullptr);
  ASSERT_NE(notices_->FirstAfter(0), nullptr);
  EXPECT_EQ(notices_->FirstAfter(0)->number, 3U);
  EXPECT_EQ(notices_->FirstAfter(notices_->newest()), nullptr);
  Open();
  EXPECT_EQ(Announce(), 0U);
  SetLogLevel(LogLevel::kInfo);
}

TEST_F(NoticesTest, TheTextsCanBePassedOnAsTheyAre) {
  Window w = Night();
  const NoticeTexts announced = TextsOf(NoticeKind::kAnnounced, w);
  EXPECT_EQ(announced.title.vi,
            "Thông báo: cơ quan thuế tạm dừng hệ thống hóa đơn điện tử từ 00:00 đến 03:45 ngày 22/11/2026 (Chủ nhật)");
  EXPECT_EQ(announced.title.en,
            "Notice: the tax authority's e-invoice system stops from 00:00 to 03:45 on Sunday 22 November 2026");
  EXPECT_THAT(announced.for_provider.vi, AllOf(HasSubstr("Lý do: nâng cấp hạ tầng"), HasSubstr("Căn cứ: TB 12/CT"),
                                               HasSubstr("Hỗ trợ: 1900 1234")));
  EXPECT_THAT(announced.for_users.vi, AllOf(HasSubstr("Kính gửi Quý khách hàng"), HasSubstr("Máy tính tiền"),
                                            HasSubstr("Hóa đơn có mã"), Not(HasSubstr("GetLineStatus"))));
  EXPECT_EQ(TextsOf(NoticeKind::kCancelled, w).title.vi,
            "Thông báo hủy, không diễn ra: cơ quan thuế tạm dừng hệ thống hóa đơn điện tử từ 00:00 đến 03:45 ngày "
            "22/11/2026 (Chủ nhật)");
  w.kind = WindowKind::kOutage;
  EXPECT_EQ(TextsOf(NoticeKind::kExtended, w).title.vi,
            "Thông báo gia hạn thời gian tạm dừng: sự cố, gián đoạn truyền nhận dữ liệu hóa đơn điện tử với cơ quan "
            "thuế từ 00:00 ngày 22/11/2026 (Chủ nhật), dự kiến hoạt động trở lại lúc 03:45 ngày 22/11/2026 (Chủ "
            "nhật)");
  w.classes = {MessageClass::kCashRegister};
  EXPECT_THAT(TextsOf(NoticeKind::kAnnounced, w).for_users.vi,
              AllOf(HasSubstr("Máy tính tiền"), Not(HasSubstr("Hóa đơn có mã"))));
}

TEST_F(NoticesTest, EveryKindOfNoticeOfEveryKindOfStopSpeaksBothLanguages) {
  for (const WindowKind kind : {WindowKind::kAuthority, WindowKind::kOwn, WindowKind::kOutage, WindowKind::kRehearsal})
    for (const NoticeKind what : {NoticeKind::kAnnounced, NoticeKind::kChanged, NoticeKind::kExtended,
                                  NoticeKind::kEndedEarly, NoticeKind::kCancelled}) {
      Window w = Night();
      w.kind = kind;
      const NoticeTexts texts = TextsOf(what, w);
      for (const Words& words : {texts.title, texts.for_provider, texts.for_users}) {
        EXPECT_THAT(words.vi, HasSubstr("ngày 22/11/2026")) << ToString(what);
        EXPECT_THAT(words.en, HasSubstr("22 November 2026")) << ToString(what);
      }
    }
}

TEST_F(NoticesTest, AStopOverMidnightAndOneThatRecursNameTheirDays) {
  Window w = Night();
  w.start = w.start - hours(1);
  EXPECT_EQ(SaySpan(w).vi, "từ 23:00 ngày 21/11/2026 (thứ Bảy) đến 03:45 ngày 22/11/2026 (Chủ nhật)");
  EXPECT_EQ(SaySpan(w).en, "from 23:00 on Saturday 21 November 2026 to 03:45 on Sunday 22 November 2026");
  w = Night();
  w.recurrence.weekdays = 0x7f;
  w.recurrence.exceptions = {*ParseDate("2026-12-24")};
  EXPECT_EQ(SaySpan(w).vi, "từ 00:00 đến 03:45 hằng ngày, kể từ ngày 22/11/2026, trừ ngày 24/12/2026");
  w.recurrence.weekdays = 0x41;
  w.recurrence.exceptions.clear();
  EXPECT_EQ(SaySpan(w).en, "from 00:00 to 03:45 every Monday, Sunday, beginning on 22 November 2026");
}

class NoticeReadersTest : public NoticesTest {
 protected:
  NoticeReadersTest() { Reopen(); }
  void Reopen() { readers_ = *NoticeReaders::Load(*store_); }
  std::unique_ptr<NoticeReaders> readers_;
};

TEST_F(NoticeReadersTest, AnAcknowledgementIsKeptOverACrashAndSaysWhenItWasFirst) {
  const Time first = clock_->Now();
  EXPECT_EQ(*readers_->Acknowledge(kAcme, 1, first), first);
  EXPECT_EQ(*readers_->Acknowledge(kAcme, 1, first + hours(1)), first);
  store_->Crash();
  store_ = store_->Reopen();
  Reopen();
  EXPECT_EQ(readers_->Of(kAcme, 1).acknowledged, first);
  EXPECT_EQ(readers_->Of(kBeta, 1).acknowledged, std::nullopt);
  EXPECT_EQ(*readers_->Acknowledge(kAcme, 1, first + hours(2)), first);
}

TEST_F(NoticeReadersTest, DeliveryIsSeenAtOnceAndWrittenOnceBeforeOrWithTheAcknowledgement) {
  const Time now = clock_->Now();
  EXPECT_TRUE(readers_->Delivered(kAcme, 1, now));
  EXPECT_FALSE(readers_->Delivered(kAcme, 1, now + hours(1)));
  EXPECT_TRUE(readers_->WriteDelivered(kAcme, 1).ok());
  EXPECT_TRUE(readers_->WriteDelivered(kAcme, 1).ok());
  ASSERT_TRUE(readers_->Acknowledge(kAcme, 1, now + hours(1)).ok());
  EXPECT_TRUE(readers_->Delivered(kBeta, 1, now));
  ASSERT_TRUE(readers_->Acknowledge(kBeta, 1, now + hours(1)).ok());
  EXPECT_TRUE(readers_->WriteDelivered(kBeta, 1).ok());
  Reopen();
  for (const ProviderId& provider : {kAcme, kBeta}) {
    EXPECT_EQ(readers_->Of(provider, 1), (NoticeReaders::Reading{now, now + hours(1)})) << provider.value();
    const auto versions = store_->RecordHistory(kNoticeAckKind, provider.value() + "/" + NoticeId(1), {});
    ASSERT_TRUE(versions.ok());
    EXPECT_LE(versions->size(), 2U);
  }
}

TEST_F(NoticeReadersTest, FollowsWhatWasReadThroughAnotherGateway) {
  const auto other = *NoticeReaders::Load(*store_);
  const std::string id = "acme/" + NoticeId(1);
  EXPECT_TRUE(readers_->Delivered(kAcme, 1, clock_->Now()));
  ASSERT_TRUE(other->Acknowledge(kAcme, 1, clock_->Now()).ok());
  EXPECT_EQ(readers_->FirstUnread(kAcme, 0), 1U);
  ASSERT_TRUE(readers_->Follow({id, "beta/" + NoticeId(7)}).ok());
  EXPECT_EQ(readers_->FirstUnread(kAcme, 0), 2U);
  EXPECT_EQ(readers_->Of(kAcme, 1).delivered, clock_->Now()) << "what was seen here stays";
  clock_->AdvanceBy(hours(1));
  EXPECT_EQ(readers_->Acknowledge(kAcme, 1, clock_->Now()).value(), clock_->Now() - hours(1)) << "the first one counts";
}

TEST_F(NoticeReadersTest, TheFirstUnreadNoticeIsTheFirstGap) {
  EXPECT_EQ(readers_->FirstUnread(kAcme, 0), 1U);
  EXPECT_TRUE(readers_->Delivered(kAcme, 3, clock_->Now())) << "delivered is not read";
  for (const uint64_t number : {1U, 2U, 4U}) ASSERT_TRUE(readers_->Acknowledge(kAcme, number, clock_->Now()).ok());
  EXPECT_EQ(readers_->FirstUnread(kAcme, 0), 3U);
  EXPECT_EQ(readers_->FirstUnread(kBeta, 0), 1U);
}

}  // namespace
}  // namespace tvan
