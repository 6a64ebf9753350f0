// Gateways that share a store: each one's calendar follows what the others wrote.
#include <gtest/gtest.h>

#include "gateway/calendar/calendar.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"

namespace tvan {
namespace {

using std::chrono::hours;

const LineId kMain = LineId::Trusted("main");

class CalendarFollow : public testing::Test {
 protected:
  std::unique_ptr<Calendar> Load() { return *Calendar::Load(*store_, PhaseRules()); }
  Window Later() const {
    Window w;
    w.id = "night";
    w.start = clock_->Now() + hours(1);
    w.end = w.start + hours(2);
    w.reason = "upgrade";
    w.source = "notice 12";
    w.classes = {MessageClass::kCoded};
    w.line = kMain;
    return w;
  }
  Phase PhaseIn(const Calendar& calendar, Span span) const {
    return calendar.At(kMain, MessageClass::kCoded, clock_->Now() + span).phase;
  }
  std::unique_ptr<TestClock> clock_ = MakeTestClock();
  std::unique_ptr<MemoryStore> store_ = MakeMemoryStore({.manual_flush = true}, *clock_);
};

TEST_F(CalendarFollow, FollowsWhatAnotherGatewayWrote) {
  const auto ours = Load(), theirs = Load();
  int changes = 0;
  std::vector<uint64_t> epochs;
  ours->SetListener([&] { ++changes; });
  ours->SetPhaseListener([&](const PhaseRecord& phases) { epochs.push_back(phases.epoch); });
  ASSERT_TRUE(theirs->Put(Later(), "ops", "planned", clock_->Now()).ok());
  EXPECT_EQ(PhaseIn(*ours, hours(2)), Phase::kOpen) << "not yet";
  ASSERT_TRUE(ours->Follow().ok());
  EXPECT_EQ(PhaseIn(*ours, hours(2)), Phase::kClosed);
  EXPECT_EQ(changes, 1);
  LineFacts facts;
  facts.now = clock_->Now();
  ASSERT_TRUE(theirs->Advance(kMain, facts).value());
  ASSERT_TRUE(ours->Follow().ok());
  EXPECT_EQ(ours->Phases(kMain).epoch, 1U);
  EXPECT_EQ(epochs, std::vector<uint64_t>{1});
  ASSERT_TRUE(theirs->SetMode(MessageClass::kCoded, IntakeMode::kRefuseNew, "ops", "full", clock_->Now()).ok());
  ASSERT_TRUE(ours->Follow().ok());
  EXPECT_EQ(ours->ModeOf(MessageClass::kCoded), IntakeMode::kRefuseNew);
  EXPECT_EQ(changes, 2);
  ASSERT_TRUE(ours->Follow().ok());
  EXPECT_EQ(changes, 2) << "nothing moved";
  EXPECT_EQ(epochs.size(), 1U);
  // And what it changes then is a change of what the other one wrote.
  Window later = Later();
  later.end = later.end + hours(1);
  EXPECT_EQ(ours->Put(later, "ops", "longer", clock_->Now()).value(), 2U);
}

TEST_F(CalendarFollow, WhatCannotBeReadIsNotFollowedAndForgetsNothing) {
  const auto calendar = Load();
  ASSERT_TRUE(calendar->Put(Later(), "ops", "planned", clock_->Now()).ok());
  store_->SetReads(MemoryStore::Reads::kFail);
  EXPECT_FALSE(calendar->Follow().ok());
  EXPECT_EQ(PhaseIn(*calendar, hours(2)), Phase::kClosed);
}

}  // namespace
}  // namespace tvan
