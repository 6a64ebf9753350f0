#include "gateway/calendar/calendar.h"

#include <gtest/gtest.h>

#include "gateway/calendar/phase_record.h"
#include "gateway/calendar/window_record.h"
#include "gateway/core/tagged.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"

namespace tvan {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

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
  EXPECT_EQ(store_->RecordHistory(kWindowKind, "night", {})->size(), 2U);
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

TEST_F(CalendarTest, AWindowEnteredByAnOlderProgramReadsAsVerified) {
  OperatorRecord record{.kind = kWindowKind, .id = "old"};
  const Time start = clock_->Now() + hours(1);
  TaggedWriter body;  // the fields of format 1
  body.Signed(1, start.us).Signed(2, (start + hours(2)).us).Bytes(3, "").Bytes(5, "").Bytes(6, "").Unsigned(7, 0);
  record.body = body.Take();
  ASSERT_TRUE(store_->PutRecord(record, 0).ok());
  EXPECT_EQ(PhaseIn(*Load(), hours(2)), Phase::kClosed);
}

LineFacts FactsAt(Time now) {
  LineFacts facts;
  facts.now = now;
  return facts;
}

TEST_F(CalendarTest, AfterAStopTheLineIsOpenByRecordOnly) {
  auto calendar = Load();
  Window w = Later();
  w.classes.clear();
  ASSERT_TRUE(calendar->Put(w, "ops", "", clock_->Now()).ok());
  EXPECT_TRUE(calendar->Advance(kMain, FactsAt(clock_->Now())).value());
  EXPECT_FALSE(calendar->Advance(kMain, FactsAt(clock_->Now())).value()) << "nothing new";
  const auto phase = [&](Time t) { return calendar->At(kMain, MessageClass::kCoded, t).phase; };
  EXPECT_EQ(phase(w.start), Phase::kClosed) << "without a record: at once";
  EXPECT_EQ(phase(w.end), Phase::kVerifying) << "the clock alone opens nothing";
  ASSERT_TRUE(calendar->Advance(kMain, FactsAt(w.start)).ok());
  EXPECT_EQ(phase(w.end), Phase::kVerifying);
  EXPECT_TRUE(calendar->MayReceive(kMain, w.end)) << "answers are read again";
  ASSERT_TRUE(calendar->Advance(kMain, FactsAt(w.end)).ok());
  EXPECT_EQ(phase(w.end), Phase::kVerifying);
  LineFacts green = FactsAt(w.end + minutes(1));
  green.probed = ProbeRound{w.end + Span(1), true, 2, "L1 L2"};
  ASSERT_TRUE(calendar->Advance(kMain, green).ok());
  EXPECT_EQ(phase(green.now), Phase::kOpen);
  EXPECT_EQ(calendar->At(kMain, MessageClass::kCoded, green.now).open_since, green.now);
  EXPECT_EQ(Load()->At(kMain, MessageClass::kCoded, green.now).phase, Phase::kOpen) << "it is written";
  EXPECT_EQ(calendar->PhaseHistory(kMain)->size(), 4U);
}

TEST_F(CalendarTest, WhatCannotBeWrittenOpensNothing) {
  auto calendar = Load();
  Window w = Later();
  ASSERT_TRUE(calendar->Put(w, "ops", "", clock_->Now()).ok());
  ASSERT_TRUE(calendar->Advance(kMain, FactsAt(w.start)).ok());
  ASSERT_TRUE(calendar->Advance(kMain, FactsAt(w.end)).ok());
  auto other = Load();  // somebody else owns the line by now
  LineFacts down = FactsAt(w.end);
  down.clock_off = "45 s";
  ASSERT_TRUE(other->Advance(kMain, down).ok());
  LineFacts green = FactsAt(w.end + minutes(1));
  green.probed = ProbeRound{w.end, true, 2, "L1 L2"};
  EXPECT_EQ(calendar->Advance(kMain, green).status().reason().text(), "store.conflict");
  EXPECT_EQ(calendar->At(kMain, MessageClass::kCoded, green.now).phase, Phase::kVerifying);
}

TEST_F(CalendarTest, BreakGlassWantsAReasonAndALineThatIsVerified) {
  auto calendar = Load();
  Window w = Later();
  w.classes.clear();
  ASSERT_TRUE(calendar->Put(w, "ops", "", clock_->Now()).ok());
  ASSERT_TRUE(calendar->Advance(kMain, FactsAt(clock_->Now())).ok());
  const auto order = [&](Time at, const std::string& reason) {
    const auto in_force = calendar->Order(kMain, {at, "Lan", reason});
    return in_force.ok() ? std::string(*in_force ? "in force" : "waits")
                         : std::string(in_force.status().reason().text());
  };
  const std::string why = "the authority told us by telephone";
  EXPECT_EQ(order(clock_->Now(), why), "calendar.not_verifying");
  EXPECT_EQ(order(w.start, why), "calendar.not_verifying");
  EXPECT_EQ(order(w.end, "because"), "calendar.reason_missing");
  EXPECT_EQ(order(w.end, why), "calendar.not_verifying") << "not before it is written";
  ASSERT_TRUE(calendar->Advance(kMain, FactsAt(w.start)).ok());
  ASSERT_TRUE(calendar->Advance(kMain, FactsAt(w.end)).ok());
  EXPECT_EQ(order(w.end - minutes(5), why), "in force") << "also by a clock that was set back";
  ASSERT_TRUE(calendar->Advance(kMain, FactsAt(w.end)).ok());
  const ClassPhase phase = calendar->Phases(kMain).classes.at(MessageClass::kCoded);
  EXPECT_TRUE(IsSending(phase.phase)) << phase.evidence;
}

TEST_F(CalendarTest, WhereTwoPersonsAreWantedOneAloneOpensNothing) {
  PhaseRules rules;
  rules.break_glass_persons = 2;
  auto calendar = Calendar::Load(*store_, rules).value();
  Window w = Later();
  w.classes.clear();
  ASSERT_TRUE(calendar->Put(w, "ops", "", clock_->Now()).ok());
  ASSERT_TRUE(calendar->Advance(kMain, FactsAt(w.start)).ok());
  ASSERT_TRUE(calendar->Advance(kMain, FactsAt(w.end)).ok());
  const std::string why = "the authority told us by telephone";
  const auto order = [&](Span after, const std::string& who) {
    return calendar->Order(kMain, {w.end + after, who, why}).value();
  };
  EXPECT_FALSE(order(minutes(1), "Lan"));
  EXPECT_FALSE(order(minutes(2), "Lan")) << "the same person twice";
  ASSERT_TRUE(calendar->Advance(kMain, FactsAt(w.end + minutes(3))).ok());
  EXPECT_EQ(calendar->At(kMain, MessageClass::kCoded, w.end + minutes(3)).phase, Phase::kVerifying);
  EXPECT_FALSE(order(minutes(18), "Minh")) << "too late";
  EXPECT_TRUE(order(minutes(20), "Lan"));
  ASSERT_TRUE(calendar->Advance(kMain, FactsAt(w.end + minutes(21))).ok());
  EXPECT_TRUE(IsSending(calendar->At(kMain, MessageClass::kCoded, w.end + minutes(21)).phase));
}

TEST_F(CalendarTest, AModeOfIntakeIsKeptWithItsAuthor) {
  auto calendar = Load();
  EXPECT_EQ(calendar->ModeOf(MessageClass::kSummary), IntakeMode::kHold);
  ASSERT_TRUE(calendar->SetMode(MessageClass::kSummary, IntakeMode::kRefuseNew, "Lan", "too many", clock_->Now()).ok());
  const auto again = Load();
  EXPECT_EQ(again->ModeOf(MessageClass::kSummary), IntakeMode::kRefuseNew);
  EXPECT_EQ(again->ModeOf(MessageClass::kCoded), IntakeMode::kHold);
  EXPECT_EQ(store_->RecordHistory(kIntakeModeKind, "summary", {})->front().author, "Lan");
}

TEST_F(CalendarTest, TheLastCallEndsSendingEarlierButNotReading) {
  auto calendar = Load();
  Window w = Later();
  w.classes.clear();
  ASSERT_TRUE(calendar->Put(w, "ops", "", clock_->Now()).ok());
  calendar->SetLastCall(MessageClass::kCoded, minutes(3));
  EXPECT_EQ(calendar->At(kMain, MessageClass::kCoded, clock_->Now()).not_after, w.start - minutes(3));
  EXPECT_EQ(calendar->At(kMain, MessageClass::kUncoded, clock_->Now()).not_after, w.start - seconds(2));
  calendar->SetLastCall(MessageClass::kCoded, hours(3));
  EXPECT_EQ(calendar->At(kMain, MessageClass::kCoded, clock_->Now()).not_after, w.start - minutes(10));
  EXPECT_TRUE(calendar->MayReceive(kMain, w.start - seconds(3)));
  EXPECT_FALSE(calendar->MayReceive(kMain, w.start - seconds(2)));
}

TEST_F(CalendarTest, AStopThatIsLongOverIsNotChangedAnyMore) {
  auto calendar = Load();
  Window w = Later();
  ASSERT_TRUE(calendar->Put(w, "ops", "", clock_->Now()).ok());
  w.end = w.end + hours(1);
  EXPECT_TRUE(calendar->Put(w, "ops", "", w.end).ok()) << "said to last longer just when it ended";
  EXPECT_EQ(calendar->Windows().front().first_end, w.end - hours(1));
  Window moved = Later("moved");
  ASSERT_TRUE(calendar->Put(moved, "ops", "", clock_->Now()).ok());
  moved.start = moved.start + hours(24);
  moved.end = moved.end + hours(24);
  ASSERT_TRUE(calendar->Put(moved, "ops", "", clock_->Now()).ok());
  EXPECT_EQ(calendar->Windows().back().first_end, moved.end) << "put off, not extended";
  EXPECT_EQ(calendar->Put(w, "ops", "", w.end + hours(24)).status().reason().text(), "calendar.over");
}

TEST_F(CalendarTest, ARecurringWindowIsChangedAlsoAfterItsFirstDay) {
  auto calendar = Load();
  Window w = Later();
  w.recurrence.weekdays = 0x7f;
  ASSERT_TRUE(calendar->Put(w, "ops", "", clock_->Now()).ok());
  EXPECT_TRUE(calendar->Put(w, "ops", "", w.end + hours(24 * 30)).ok());
}

Window Whole() {
  Window w;
  w.id = "n";
  w.start = {1};
  w.end = {20};
  w.line = LineId::Trusted("m");
  w.classes = {MessageClass::kUncoded};
  w.kind = WindowKind::kOwn;
  w.unverified = true;
  w.verify_until = Time{30};
  w.first_end = {15};
  w.created_at = {1};
  w.recurrence = {0x7f, {40}, {ParseDate("2026-11-22").value()}};
  w.theirs = {"Lan", "chief", "lan@gdt.example", "+84 1"};
  w.ours = {"Minh", "on call", "minh@tvan.example", "+84 2"};
  w.support = "1900 0000";
  return w;
}

TEST(WindowRecord, ReadsBackWhatItWrote) {
  OperatorRecord record{.kind = kWindowKind, .id = "n"};
  record.body = EncodeWindow(Whole());
  const Window read = DecodeWindow(record).value();
  EXPECT_EQ(EncodeWindow(read), record.body);
  EXPECT_EQ(read.theirs, Whole().theirs);
  EXPECT_EQ(read.ours, Whole().ours);
  EXPECT_EQ(read.recurrence, Whole().recurrence);
  EXPECT_EQ(read.kind, WindowKind::kOwn);
  EXPECT_TRUE(read.unverified);
}

TEST(WindowRecord, KeepsItsBytes) {
  Window w;
  w.id = "n";
  w.start = {1};
  w.end = {2};
  w.line = LineId::Trusted("m");
  w.classes = {MessageClass::kUncoded};
  EXPECT_EQ(EncodeWindow(w), std::string("\x01\x01\x02\x02\x01\x04\x03\x01m\x04\x01\x02\x05\x00\x06\x00\x07\x01\x00"
                                         "\x08\x01\x00\x09\x01\x00\x0c\x01\x00\x0d\x01\x00",
                                         31));
}

}  // namespace
}  // namespace tvan
