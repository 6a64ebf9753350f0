#include "gateway/calendar/calendar.h"

#include <gtest/gtest.h>

#include "gateway/calendar/window_record.h"
#include "gateway/core/tagged.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"

namespace tvan {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const LineId kMain = LineId::Trusted("main");

class CalendarTest : public testing::Test {
 protected:
  CalendarTest() : clock_(MakeTestClock()), store_(MakeMemoryStore({.manual_flush = true}, *clock_)) {}

  std::unique_ptr<Calendar> Load() {
    auto calendar = Calendar::Load(*store_, PhaseRules());
    EXPECT_TRUE(calendar.ok()) << calendar.status().ToString();
    return std::move(calendar).value();
  }
  Window Later(const std::string& id = "night") const {
    Window w;
    w.id = id;
    w.start = clock_->Now() + hours(1);
    w.end = w.start + hours(2);
    w.reason = "upgrade";
    w.source = "notice 12";
    w.classes = {MessageClass::kCoded, MessageClass::kUncoded};
    w.line = kMain;
    return w;
  }
  Phase PhaseIn(const Calendar& calendar, Span span) const {
    return calendar.At(kMain, MessageClass::kCoded, clock_->Now() + span).phase;
  }

  std::unique_ptr<TestClock> clock_;
  std::unique_ptr<MemoryStore> store_;
};

TEST_F(CalendarTest, AWindowIsInForceAtOnceAndAfterARestart) {
  auto calendar = Load();
  EXPECT_EQ(PhaseIn(*calendar, hours(2)), Phase::kOpen);
  const auto version = calendar->Put(Later(), "ops", "planned", clock_->Now());
  ASSERT_TRUE(version.ok()) << version.status().ToString();
  EXPECT_EQ(*version, 1U);
  EXPECT_EQ(PhaseIn(*calendar, hours(2)), Phase::kClosed);
  const auto again = Load();
  EXPECT_EQ(PhaseIn(*again, hours(2)), Phase::kClosed);
  ASSERT_EQ(again->Windows().size(), 1U);
  const Window read = again->Windows().front();
  EXPECT_EQ(read.reason, "upgrade");
  EXPECT_EQ(read.source, "notice 12");
  EXPECT_EQ(read.line, kMain);
  EXPECT_EQ(read.classes.size(), 2U);
}

TEST_F(CalendarTest, AChangeReplacesAndKeepsTheHistory) {
  auto calendar = Load();
  Window w = Later();
  ASSERT_TRUE(calendar->Put(w, "ops", "planned", clock_->Now()).ok());
  w.cancelled = true;
  EXPECT_EQ(calendar->Put(w, "ops", "called off", clock_->Now()).value(), 2U);
  EXPECT_EQ(PhaseIn(*calendar, hours(2)), Phase::kOpen);
  EXPECT_EQ(store_->RecordHistory(kWindowKind, "night")->size(), 2U);
}

TEST_F(CalendarTest, AChangeBySomebodyElseIsAConflict) {
  auto ours = Load();
  auto theirs = Load();
  ASSERT_TRUE(theirs->Put(Later(), "them", "", clock_->Now()).ok());
  const auto version = ours->Put(Later(), "us", "", clock_->Now());
  ASSERT_FALSE(version.ok());
  EXPECT_EQ(version.status().reason().text(), "store.conflict");
}

TEST_F(CalendarTest, RefusesWhatMakesNoSenseAndTakesItsTwin) {
  auto calendar = Load();
  const auto put = [&](const Window& w) {
    const auto version = calendar->Put(w, "ops", "", clock_->Now());
    return version.ok() ? std::string("ok") : std::string(version.status().reason().text());
  };
  Window w = Later();
  w.end = w.start;
  EXPECT_EQ(put(w), "calendar.invalid");
  w.end = w.start + Span(1);
  EXPECT_EQ(put(w), "ok");
  w.id = "Night";
  EXPECT_EQ(put(w), "calendar.invalid");
  w.id = "";
  EXPECT_EQ(put(w), "calendar.invalid");
  w.id = std::string(33, 'n');
  EXPECT_EQ(put(w), "calendar.invalid");
  w.id = std::string(32, 'n');
  EXPECT_EQ(put(w), "ok");
  w.classes = {static_cast<MessageClass>(99)};
  EXPECT_EQ(put(w), "calendar.invalid");
  EXPECT_EQ(calendar->Windows().size(), 2U);
}

TEST_F(CalendarTest, TellsItsListenerAfterTheChangeIsVisible) {
  auto calendar = Load();
  int told = 0;
  calendar->SetListener([&] { told += PhaseIn(*calendar, hours(2)) == Phase::kClosed ? 1 : 100; });
  ASSERT_TRUE(calendar->Put(Later(), "ops", "", clock_->Now()).ok());
  Window bad = Later();
  bad.id.clear();
  ASSERT_FALSE(calendar->Put(bad, "ops", "", clock_->Now()).ok());
  EXPECT_EQ(told, 1);
}

TEST_F(CalendarTest, ReadingEndsAMarginBeforeTheStopOfAllClasses) {
  auto calendar = Load();
  Window w = Later();
  ASSERT_TRUE(calendar->Put(w, "ops", "", clock_->Now()).ok());
  EXPECT_TRUE(calendar->MayReceive(kMain, w.start + minutes(1))) << "other classes go on";
  w.classes.clear();
  ASSERT_TRUE(calendar->Put(w, "ops", "", clock_->Now()).ok());
  EXPECT_FALSE(calendar->MayReceive(kMain, w.start + minutes(1)));
  const Span margin = PhaseRules().stop_margin;
  EXPECT_TRUE(calendar->MayReceive(kMain, w.start - margin - Span(1)));
  EXPECT_FALSE(calendar->MayReceive(kMain, w.start - margin));
  EXPECT_TRUE(calendar->MayReceive(kMain, w.end));
}

TEST_F(CalendarTest, ADamagedRecordRefusesToLoad) {
  OperatorRecord record{.kind = kWindowKind, .id = "night"};
  Window w = Later();
  record.body = EncodeWindow(w);
  ASSERT_TRUE(store_->PutRecord(record, 0).ok());
  EXPECT_TRUE(Calendar::Load(*store_, PhaseRules()).ok());
  record.body.pop_back();
  ASSERT_TRUE(store_->PutRecord(record, 1).ok());
  const auto calendar = Calendar::Load(*store_, PhaseRules());
  ASSERT_FALSE(calendar.ok());
  EXPECT_EQ(calendar.status().reason().text(), "calendar.damaged");
}

TEST_F(CalendarTest, WithoutAllOfItsWindowsThereIsNoCalendar) {
  ASSERT_TRUE(Load()->Put(Later(), "ops", "", clock_->Now()).ok());
  store_->SetReads(MemoryStore::Reads::kFail);
  const auto calendar = Calendar::Load(*store_, PhaseRules());
  ASSERT_FALSE(calendar.ok()) << "the line would be open inside a window";
  EXPECT_EQ(calendar.status().reason().text(), "calendar.damaged");
  EXPECT_NE(calendar.status().message().find("store.io"), std::string::npos);
  store_->SetReads(MemoryStore::Reads::kGood);
  EXPECT_EQ(PhaseIn(*Load(), hours(2)), Phase::kClosed);
}

TEST_F(CalendarTest, AChangeOfAnOlderVersionIsAConflictAndChangesNothing) {
  auto calendar = Load();
  Window w = Later();
  EXPECT_EQ(calendar->Put(w, "Lan", "", clock_->Now()).value(), 1U);
  EXPECT_EQ(calendar->Put(w, "Lan", "", clock_->Now(), 1).value(), 2U);
  w.cancelled = true;
  EXPECT_EQ(calendar->Put(w, "Minh", "", clock_->Now(), 1).status().reason().text(), "store.conflict");
  EXPECT_EQ(PhaseIn(*calendar, hours(2)), Phase::kClosed);
  EXPECT_EQ(calendar->Put(w, "Minh", "", clock_->Now(), 2).value(), 3U);
  EXPECT_EQ(PhaseIn(*calendar, hours(2)), Phase::kOpen);
}

TEST(WindowRecord, KeepsItsBytes) {
  Window w;
  w.id = "n";
  w.start = {1};
  w.end = {2};
  w.line = LineId::Trusted("m");
  w.classes = {MessageClass::kUncoded};
  EXPECT_EQ(EncodeWindow(w),
            std::string("\x01\x01\x02\x02\x01\x04\x03\x01m\x04\x01\x02\x05\x00\x06\x00\x07\x01\x00", 19));
}

}  // namespace
}  // namespace tvan
