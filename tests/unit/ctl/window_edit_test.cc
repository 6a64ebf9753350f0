#include "ops/ctl/window_edit.h"

#include <gmock/gmock.h>

#include "ops/ctl/output.h"
#include "ops/ctl/window_entry.h"
#include "ops/ctl/window_text.h"

namespace tvan::ctl {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// 22 November 2026 is a Sunday.
admin::v1::Window Stop() {
  admin::v1::Window window;
  window.set_id("upgrade-1");
  window.set_version(3);
  SetTimestamp(*ParseLocal("2026-11-22T00:00:00"), window.mutable_start());
  SetTimestamp(*ParseLocal("2026-11-22T03:45:00"), window.mutable_end());
  SetTimestamp(*ParseLocal("2026-11-22T05:00:00"), window.mutable_verify_until());
  return window;
}

admin::v1::Window Nightly() {
  admin::v1::Window window = Stop();
  window.set_id("nightly");
  for (const int day : {1, 3, 7}) window.mutable_recurrence()->add_weekdays(day);
  window.mutable_recurrence()->add_exceptions("2026-11-25");
  SetTimestamp(*ParseDate("2026-12-01"), window.mutable_recurrence()->mutable_until());
  return window;
}

std::string Start(const admin::v1::Window& window) { return ToText(window.start()).substr(0, 19); }
std::string End(const admin::v1::Window& window) { return ToText(window.end()).substr(0, 19); }

TEST(WindowEdit, AnExtensionMovesTheEndAndTheCheckAfterIt) {
  const auto later = Extended(Stop(), "", {.by = hours(1)});
  ASSERT_TRUE(later.ok());
  ASSERT_EQ(later->size(), 1U);
  EXPECT_EQ(End(later->front()), "2026-11-22T04:45:00");
  EXPECT_EQ(ToText(later->front().verify_until()), "2026-11-22T06:00:00+07:00");
  EXPECT_EQ(Start(later->front()), "2026-11-22T00:00:00");
  const auto until = Extended(Stop(), "", {.until = *ParseLocal("2026-11-22T04:00:00")});
  EXPECT_EQ(End(until->front()), "2026-11-22T04:00:00");
  EXPECT_EQ(ToText(until->front().verify_until()), "2026-11-22T05:15:00+07:00");
}

TEST(WindowEdit, OneDayOfARepeatingWindowBecomesAWindowOfItsOwnBeforeItIsExcepted) {
  const auto windows = Extended(Nightly(), "2026-11-29", {.by = hours(1)});
  ASSERT_TRUE(windows.ok()) << windows.status().ToString();
  ASSERT_EQ(windows->size(), 2U);
  const auto& one = windows->at(0);
  EXPECT_EQ(one.id(), "nightly-20261129");
  EXPECT_EQ(Start(one), "2026-11-29T00:00:00");
  EXPECT_EQ(End(one), "2026-11-29T04:45:00");
  EXPECT_EQ(ToText(one.verify_until()), "2026-11-29T06:00:00+07:00");
  EXPECT_FALSE(one.has_recurrence());
  EXPECT_EQ(one.version(), 0U) << "it is new";
  EXPECT_EQ(windows->at(1).id(), "nightly");
  EXPECT_THAT(windows->at(1).recurrence().exceptions(), ElementsAre("2026-11-25", "2026-11-29"));
  EXPECT_EQ(End(windows->at(1)), "2026-11-22T03:45:00");
}

TEST(WindowEdit, KnowsTheDaysOfARepeatingWindow) {
  for (const char* day : {"2026-11-22", "2026-11-23", "2026-11-29", "2026-11-30"})
    EXPECT_TRUE(Cancelled(Nightly(), day, "").ok()) << day;
  for (const char* day : {"2026-11-21", "2026-11-24", "2026-11-25", "2026-12-02", "2026-11-16", "someday"})
    EXPECT_FALSE(Cancelled(Nightly(), day, "").ok()) << day;
  admin::v1::Window daily = Nightly();
  daily.mutable_recurrence()->clear_weekdays();
  EXPECT_TRUE(Cancelled(daily, "2026-11-24", "").ok()) << "no days are all days";
  EXPECT_FALSE(Cancelled(Stop(), "2026-11-22", "").ok()) << "it does not repeat";
}

TEST(WindowEdit, AWholeSeriesIsNotExtendedOrEndedByMistake) {
  EXPECT_THAT(Extended(Nightly(), "", {.by = hours(1)}).status().message(), HasSubstr("nightly/YYYY-MM-DD"));
  EXPECT_FALSE(EndedAt(Nightly(), "", *ParseLocal("2026-11-22T02:00:00")).ok());
  EXPECT_TRUE(Cancelled(Nightly(), "", "no more").ok());
}

TEST(WindowEdit, AStopEndsEarlyWhileItRuns) {
  const auto ended = EndedAt(Stop(), "", *ParseLocal("2026-11-22T02:00:00"));
  ASSERT_TRUE(ended.ok());
  EXPECT_EQ(ToText(ended->front().ended_at()), "2026-11-22T02:00:00+07:00");
  EXPECT_EQ(End(ended->front()), "2026-11-22T03:45:00") << "what was planned stays";
  EXPECT_THAT(EndedAt(Stop(), "", *ParseLocal("2026-11-22T00:00:00")).status().message(), HasSubstr("cancel"));
  EXPECT_THAT(EndedAt(Stop(), "", *ParseLocal("2026-11-22T03:45:00")).status().message(), HasSubstr("is over"));
}

TEST(WindowEdit, ACancelledDayIsAnExceptionAndNoWindow) {
  const auto windows = Cancelled(Nightly(), "2026-11-23", "not needed");
  ASSERT_EQ(windows->size(), 1U);
  EXPECT_FALSE(windows->front().cancelled());
  EXPECT_EQ(windows->front().reason(), "not needed");
  EXPECT_THAT(windows->front().recurrence().exceptions(), ElementsAre("2026-11-25", "2026-11-23"));
  EXPECT_TRUE(Cancelled(Stop(), "", "")->front().cancelled());
}

TEST(WindowEdit, ExceptionsComeAndGo) {
  const auto more = Except(Nightly(), {"2026-11-29", "2026-11-25"}, Days::kWithout);
  EXPECT_THAT(more->front().recurrence().exceptions(), ElementsAre("2026-11-25", "2026-11-29"));
  EXPECT_EQ(Except(Nightly(), {"2026-11-25"}, Days::kAgain)->front().recurrence().exceptions_size(), 0);
  EXPECT_FALSE(Except(Nightly(), {"2026-11-29"}, Days::kAgain).ok());
  EXPECT_FALSE(Except(Nightly(), {"tomorrow"}, Days::kWithout).ok());
  EXPECT_FALSE(Except(Stop(), {"2026-11-29"}, Days::kWithout).ok());
}

TEST(WindowEdit, ANameThatWouldBeTooLongIsSaid) {
  admin::v1::Window window = Nightly();
  window.set_id(std::string(23, 'a'));
  EXPECT_TRUE(Extended(window, "2026-11-29", {.by = hours(1)}).ok());
  window.set_id(std::string(24, 'a'));
  EXPECT_THAT(Extended(window, "2026-11-29", {.by = hours(1)}).status().message(), HasSubstr("32 characters"));
}

TEST(WindowEntry, IsTheSameInAFileAndAtTheGateway) {
  admin::v1::Window window = Nightly();
  window.clear_version();
  window.set_kind(v1::WINDOW_KIND_OWN);
  window.set_line("main");
  window.add_message_classes(v1::MESSAGE_CLASS_CASH_REGISTER);
  window.set_reason("disks");
  window.set_source("ops-7");
  window.set_unverified(true);
  window.set_cancelled(true);
  SetTimestamp(*ParseTime("2026-11-22T02:00:00.5Z"), window.mutable_ended_at());
  window.mutable_ours()->set_name("Trần Thị Lan");
  window.mutable_theirs()->set_mobile("0900000001");
  window.set_support("1900 0000");
  const auto back = ToWindow(ToEntry(window));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->SerializeAsString(), window.SerializeAsString());
  const auto file = ParseWindows(WriteWindows({ToEntry(window)}), "w.yaml");
  EXPECT_EQ(file.report.Text(), "");
  EXPECT_EQ(ToWindow(file.windows.at(0))->SerializeAsString(), window.SerializeAsString());
}

TEST(WindowEntry, OnlyARepeatingWindowHasExceptions) {
  auto entry = ToEntry(Stop());
  EXPECT_TRUE(ToWindow(entry).ok());
  entry.add_except("2026-11-25");
  EXPECT_FALSE(ToWindow(entry).ok());
  entry.add_repeat("daily");
  EXPECT_EQ(ToWindow(entry)->recurrence().weekdays_size(), 7);
  entry.add_classes("coded");
  EXPECT_TRUE(ToWindow(entry).ok());
  entry.add_classes("decoded");
  EXPECT_FALSE(ToWindow(entry).ok());
}

TEST(WindowText, SaysWhatChangesWhatToThinkOfAndWhatWaits) {
  admin::v1::PreviewWindowResponse preview;
  *preview.mutable_before() = Stop();
  *preview.mutable_after() = Stop();
  preview.set_state(v1::WINDOW_STATE_ENDED_EARLY);
  EXPECT_EQ(PreviewText(preview, false), "upgrade-1: nothing changes; ended early\n");
  EXPECT_EQ(PreviewText(preview, true), "upgrade-1: không có gì thay đổi; kết thúc sớm\n");
  const auto say = [](const char* vi, const char* en, v1::Text* text) {
    text->set_vi(vi);
    text->set_en(en);
  };
  say("kết thúc: a -> b", "end: a -> b", preview.add_changes());
  say("trùng với daily\x1b[2J", "it overlaps daily\x1b[2J", preview.add_warnings());
  say("phải báo trước 30 ngày", "30 days are due", preview.add_to_accept());
  say("không phải là lần dừng", "it is no window", preview.add_errors());
  preview.set_queued(7);
  EXPECT_EQ(PreviewText(preview, true),
            "upgrade-1: thay đổi phiên bản 3; kết thúc sớm\n"
            "  kết thúc: a -> b\n"
            "  cảnh báo: trùng với daily?[2J\n"
            "  cần chấp nhận: phải báo trước 30 ngày\n"
            "  bị từ chối: không phải là lần dừng\n"
            "  7 thông điệp đang chờ thuộc loại sẽ bị đóng\n");
  EXPECT_EQ(PreviewText(preview, false),
            "upgrade-1: version 3 changes; ended early\n"
            "  end: a -> b\n"
            "  warning: it overlaps daily?[2J\n"
            "  to accept: 30 days are due\n"
            "  refused: it is no window\n"
            "  7 messages wait now for what it closes\n");
}

TEST(WindowText, ShowsAWindowOnOneLineAndOnMany) {
  admin::v1::Window window = Nightly();
  window.set_state(v1::WINDOW_STATE_ANNOUNCED);
  window.set_kind(v1::WINDOW_KIND_AUTHORITY);
  window.mutable_ours()->set_name("Lan");
  const std::string line = WindowsText({window});
  EXPECT_THAT(line, HasSubstr("authority  2026-11-22T00:00:00+07:00  2026-11-22T03:45:00+07:00  Mon,Wed,Sun until"));
  EXPECT_THAT(line, HasSubstr("except 2026-11-25"));
  EXPECT_THAT(line, HasSubstr("announced"));
  EXPECT_THAT(line, Not(HasSubstr("Lan"))) << "people stand in `show` only";
  EXPECT_THAT(WindowText(window), HasSubstr("our contact     Lan; ; ; \n"));
}

}  // namespace
}  // namespace tvan::ctl
