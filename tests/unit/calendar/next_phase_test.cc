// The phases of a line, one class at a time: what may follow what, and on which evidence.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "gateway/calendar/phase.h"

namespace tvan {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const LineId kMain = LineId::Trusted("main");
constexpr MessageClass kCls = MessageClass::kCoded;

Time Clock(const std::string& text) { return ParseLocal("2026-11-" + text).value(); }

class NextPhaseTest : public testing::Test {
 protected:
  NextPhaseTest() {
    night_.id = "night";
    night_.start = Clock("22T00:00:00");
    night_.end = Clock("22T03:45:00");
    night_.verify_until = Clock("22T05:00:00");
    windows_ = {night_};
  }
  // One step at this time, with the facts as they stand.
  Phase Step(const std::string& text) {
    facts_.now = Clock(text);
    phase_ = NextPhase(phase_, StateAt(windows_, kMain, kCls, facts_.now, rules_), facts_, rules_);
    return phase_->phase;
  }
  void Probed(const std::string& text, bool green) { facts_.probed = ProbeRound{Clock(text), green, 2, "L1 L2"}; }
  void BreakGlassAt(const std::string& text) {
    facts_.break_glass = BreakGlass{Clock(text), "Lan", "the notice says so"};
  }

  Window night_;
  std::vector<Window> windows_;
  PhaseRules rules_;
  LineFacts facts_;
  std::optional<ClassPhase> phase_;
};

TEST_F(NextPhaseTest, ANightGoesThroughAllPhasesInOrder) {
  EXPECT_EQ(Step("21T22:00:00"), Phase::kOpen);
  EXPECT_EQ(Step("21T23:50:00"), Phase::kDraining);
  EXPECT_EQ(Step("22T00:00:00"), Phase::kClosed);
  EXPECT_EQ(phase_->window, "night");
  EXPECT_EQ(Step("22T03:44:59"), Phase::kClosed);
  EXPECT_EQ(Step("22T03:45:00"), Phase::kVerifying);
  Probed("22T03:45:10", true);
  facts_.ramped = false;
  EXPECT_EQ(Step("22T03:45:11"), Phase::kRamping);
  EXPECT_EQ(Step("22T03:50:00"), Phase::kRamping);
  facts_.ramped = true;
  EXPECT_EQ(Step("22T04:00:00"), Phase::kOpen);
  EXPECT_EQ(phase_->sending_since, Clock("22T03:45:11"));
}

TEST_F(NextPhaseTest, TheEndOfAWindowAloneOpensNothing) {
  Step("22T01:00:00");
  Probed("22T03:44:59", true);
  EXPECT_EQ(Step("22T03:45:00"), Phase::kVerifying) << "a probe from before the end proves nothing";
  EXPECT_EQ(Step("22T09:00:00"), Phase::kVerifying) << "without green it never opens";
  Probed("22T09:00:01", false);
  EXPECT_EQ(Step("22T09:00:02"), Phase::kVerifying);
  Probed("22T09:00:03", true);
  EXPECT_EQ(Step("22T09:00:04"), Phase::kOpen);
}

TEST_F(NextPhaseTest, GreenOpensNotBeforeTheCheckIsOverWhereThePolicySaysSo) {
  rules_.open_policy = OpenPolicy::kNotBeforeVerifyUntil;
  Step("22T01:00:00");
  Step("22T03:45:00");
  Probed("22T04:00:00", true);
  EXPECT_EQ(Step("22T04:59:59"), Phase::kVerifying);
  EXPECT_EQ(Step("22T05:00:00"), Phase::kOpen);
}

TEST_F(NextPhaseTest, AStopThatCameAndWentUnseenIsVerifiedAfter) {
  for (const char* before : {"21T22:00:00", "21T23:55:00"}) {
    phase_.reset();
    Step(before);
    EXPECT_EQ(Step("22T04:30:00"), Phase::kVerifying) << before;
  }
  phase_.reset();
  EXPECT_EQ(Step("22T04:30:00"), Phase::kVerifying) << "a line that was never written about, behind a stop";
  phase_.reset();
  EXPECT_EQ(Step("21T12:00:00"), Phase::kOpen) << "and one before its first stop";
}

TEST_F(NextPhaseTest, AStopEnteredAfterItsStartClosesAtOnceAndOneThatIsOverNever) {
  windows_.clear();
  EXPECT_EQ(Step("22T01:00:00"), Phase::kOpen);
  night_.created_at = Clock("22T01:30:00");
  windows_ = {night_};
  EXPECT_EQ(Step("22T01:30:00"), Phase::kClosed);
  phase_.reset();
  windows_.clear();
  Step("22T01:00:00");
  night_.created_at = night_.end;
  windows_ = {night_};
  EXPECT_EQ(Step("22T04:00:00"), Phase::kOpen) << "entered when it was over: a note";
}

TEST_F(NextPhaseTest, AnUnverifiedNoticeSwitchesNothing) {
  windows_.front().unverified = true;
  EXPECT_EQ(Step("22T01:00:00"), Phase::kOpen);
  windows_.front().unverified = false;
  EXPECT_EQ(Step("22T01:00:01"), Phase::kClosed);
}

TEST_F(NextPhaseTest, AWindowEndedWhileDrainingOpensWithoutVerifyingAndOneEndedWhileClosedDoesNot) {
  Step("21T23:55:00");
  windows_.front().cancelled = true;
  EXPECT_EQ(Step("21T23:56:00"), Phase::kOpen) << "nothing was closed";
  windows_.front().cancelled = false;
  Step("22T00:00:00");
  windows_.front().ended_at = Clock("22T02:00:00");
  EXPECT_EQ(Step("22T02:00:00"), Phase::kVerifying);
}

TEST_F(NextPhaseTest, AnExtensionClosesWhatIsBeingVerified) {
  Step("22T00:00:00");
  EXPECT_EQ(Step("22T03:45:00"), Phase::kVerifying);
  windows_.front().end = Clock("22T04:45:00");
  EXPECT_EQ(Step("22T03:50:00"), Phase::kClosed);
  EXPECT_EQ(Step("22T04:45:00"), Phase::kVerifying);
}

TEST_F(NextPhaseTest, AnOutageGoesDownAndComesBackByAProbe) {
  windows_.clear();
  Step("21T10:00:00");
  facts_.down = "line.connect: refused";
  EXPECT_EQ(Step("21T10:01:00"), Phase::kDown);
  EXPECT_EQ(phase_->evidence, "line.connect: refused");
  EXPECT_EQ(Step("21T10:30:00"), Phase::kDown);
  facts_.down.reset();
  Probed("21T10:31:00", false);
  EXPECT_EQ(Step("21T10:31:01"), Phase::kVerifying) << "L2 answers, L3 does not";
  Probed("21T10:32:00", true);
  facts_.ramped = false;
  EXPECT_EQ(Step("21T10:32:01"), Phase::kRamping);
  phase_->window = "night";
  facts_.down = "again";
  EXPECT_EQ(Step("21T10:32:30"), Phase::kDown) << "ramping falls back when errors rise";
  EXPECT_EQ(phase_->window, "") << "it is no matter of a window";
  facts_.down.reset();
  Probed("21T10:33:00", true);
  EXPECT_EQ(Step("21T10:33:01"), Phase::kRamping) << "the probe that ended the outage counts as green";
}

TEST_F(NextPhaseTest, WhatWasDownBeforeARestartStaysDownUntilAProbeBegunSinceAnswers) {
  windows_.clear();
  Step("21T10:00:00");
  facts_.down = "line.connect: refused";
  Step("21T10:01:00");
  facts_ = {};  // a new process knows nothing
  EXPECT_EQ(Step("21T10:02:00"), Phase::kDown);
  Probed("21T10:00:30", true);
  EXPECT_EQ(Step("21T10:02:30"), Phase::kDown) << "from before it went down";
  facts_.probed = ProbeRound{Clock("21T10:03:00"), false, 1, "L1 green, L2 failed"};
  EXPECT_EQ(Step("21T10:03:01"), Phase::kDown);
  EXPECT_EQ(phase_->evidence, "line.connect: refused");
  Probed("21T10:04:00", false);
  EXPECT_EQ(Step("21T10:04:01"), Phase::kVerifying);
  EXPECT_EQ(phase_->evidence, "it answers again: L1 L2");
  EXPECT_EQ(phase_->since, Clock("21T10:04:00"));
}

TEST_F(NextPhaseTest, WhatOurClockClosedBeforeARestartIsVerifiedAndNoStopIsSaidToBeOver) {
  windows_.clear();
  Step("21T10:00:00");
  facts_.clock_off = "our clock is 45 s ahead";
  Step("21T10:00:01");
  facts_ = {};
  EXPECT_EQ(Step("21T10:01:00"), Phase::kVerifying);
  EXPECT_EQ(phase_->evidence, "it was closed by our clock, which is compared anew since a restart");
  EXPECT_EQ(Step("21T10:02:00"), Phase::kVerifying) << "and opened by nothing but green";
  windows_ = {night_};
  Step("22T01:00:00");
  Step("22T03:45:00");
  EXPECT_EQ(phase_->evidence, "the stop is over");
}

TEST_F(NextPhaseTest, BreakGlassOpensWhatIsVerifiedOrDownAndNothingElseAndOnce) {
  Step("22T00:00:00");
  BreakGlassAt("22T01:00:00");
  EXPECT_EQ(Step("22T01:00:01"), Phase::kClosed) << "inside a window it opens nothing";
  EXPECT_EQ(Step("22T03:45:00"), Phase::kVerifying) << "an order from before it was verified does not count";
  BreakGlassAt("22T03:50:00");
  facts_.ramped = false;
  EXPECT_EQ(Step("22T03:50:01"), Phase::kRamping);
  EXPECT_NE(phase_->evidence.find("Lan"), std::string::npos);
  facts_.down = "line.cut";
  EXPECT_EQ(Step("22T03:51:00"), Phase::kDown);
  EXPECT_EQ(Step("22T03:52:00"), Phase::kDown) << "the same order does not open twice";
  BreakGlassAt("22T03:53:00");
  EXPECT_EQ(Step("22T03:53:01"), Phase::kRamping)
      << "down, and opened all the same, for the step in which it is forgiven";
  EXPECT_EQ(Step("22T03:53:02"), Phase::kDown) << "who sends did not forgive it";
}

TEST_F(NextPhaseTest, AClockThatCannotBeTrustedClosesUntilItCan) {
  windows_.clear();
  Step("21T10:00:00");
  facts_.clock_off = "our clock is 45 s ahead";
  EXPECT_EQ(Step("21T10:00:01"), Phase::kClosed);
  EXPECT_EQ(phase_->window, "");
  Probed("21T10:01:00", true);
  EXPECT_EQ(Step("21T10:01:00"), Phase::kClosed);
  facts_.clock_off.reset();
  Probed("21T10:02:00", false);
  EXPECT_EQ(Step("21T10:02:01"), Phase::kVerifying);
  EXPECT_EQ(phase_->evidence, "our clock can be trusted again: L1 L2");
  Probed("21T10:02:02", true);
  EXPECT_EQ(Step("21T10:02:03"), Phase::kOpen);
}

// --- random nights against what must hold, told without the machine.

struct Script {
  std::vector<Window> windows;
  std::mt19937 random;
};

Window RandomWindow(std::mt19937& random, int i) {
  Window w;
  w.id = "w" + std::to_string(i);
  w.start = Time{} + hours(1000) + seconds(random() % 40'000);
  w.end = w.start + seconds(1 + random() % 5'000);
  w.unverified = random() % 6 == 0;
  return w;
}

bool Inside(const std::vector<Window>& windows, Time t) {
  return std::any_of(windows.begin(), windows.end(),
                     [t](const Window& w) { return !w.cancelled && !w.unverified && w.start <= t && t < EndOf(w); });
}

TEST(NextPhaseProperty, NothingOpensWithoutGreenOrAnOrderAfterIt) {
  int opened = 0, closed = 0, down = 0;
  for (uint32_t seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    std::vector<Window> windows;
    for (int i = 0; i < 5; ++i) windows.push_back(RandomWindow(random, i));
    PhaseRules rules;
    LineFacts facts;
    std::optional<ClassPhase> phase;
    Time shut{};  // when it last did not send
    for (Time now = Time{} + hours(1000); now < Time{} + hours(1013); now = now + seconds(1 + random() % 300)) {
      facts.now = now;
      facts.ramped = random() % 3 != 0;
      if (random() % 5 == 0) facts.probed = ProbeRound{now - seconds(random() % 60), random() % 2 == 0, 2, "L1 L2"};
      if (random() % 9 == 0) facts.down = facts.down ? std::nullopt : std::optional<std::string>("line.cut");
      if (random() % 40 == 0) facts.break_glass = BreakGlass{now, "Lan", "ordered"};
      if (random() % 50 == 0) windows[random() % 5].cancelled = true;
      const std::optional<ClassPhase> before = phase;
      phase = NextPhase(before, StateAt(windows, kMain, kCls, now, rules), facts, rules);
      ASSERT_EQ(Inside(windows, now), phase->phase == Phase::kClosed) << "seed " << seed;
      closed += phase->phase == Phase::kClosed;
      down += phase->phase == Phase::kDown;
      if (before && !IsSending(before->phase)) shut = before->since;
      if (!before || !IsSending(phase->phase) || IsSending(before->phase)) continue;
      ++opened;
      const bool green = facts.probed && facts.probed->green && facts.probed->at >= shut && !facts.down;
      const bool ordered = facts.break_glass && facts.break_glass->at >= shut;
      ASSERT_TRUE(green || ordered) << "seed " << seed << ": " << phase->evidence;
      ASSERT_EQ(phase->sending_since, now);
    }
  }
  EXPECT_GT(opened, 300);
  EXPECT_GT(closed, 300);
  EXPECT_GT(down, 300);
}

}  // namespace
}  // namespace tvan
