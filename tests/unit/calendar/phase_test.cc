#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "gateway/calendar/calendar.h"

namespace tvan {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const LineId kMain = LineId::Trusted("main");
constexpr MessageClass kCls = MessageClass::kCoded;

Time Clock(const std::string& text) { return ParseLocal("2026-11-" + text).value(); }

Window Night(const std::string& id = "night") {
  Window w;
  w.id = id;
  w.start = Clock("22T00:00:00");
  w.end = Clock("22T03:45:00");
  return w;
}

LineState At(const std::vector<Window>& windows, const std::string& text) {
  return StateAt(windows, kMain, kCls, Clock(text), PhaseRules());
}

TEST(Phase, IsClosedFromTheStartToTheEndAndNotAtTheEnd) {
  EXPECT_EQ(At({Night()}, "22T00:00:00").phase, Phase::kClosed);
  EXPECT_EQ(At({Night()}, "22T03:44:59").phase, Phase::kClosed);
  EXPECT_EQ(At({Night()}, "22T03:45:00").phase, Phase::kRamping);
  EXPECT_EQ(At({Night()}, "21T23:59:59").phase, Phase::kDraining);
}

TEST(Phase, DrainsBeforeAndRampsAfterAndIsOpenElse) {
  EXPECT_EQ(At({Night()}, "21T23:49:59").phase, Phase::kOpen);
  EXPECT_EQ(At({Night()}, "21T23:50:00").phase, Phase::kDraining);
  EXPECT_EQ(At({Night()}, "22T03:59:59").phase, Phase::kRamping);
  EXPECT_EQ(At({Night()}, "22T04:00:00").phase, Phase::kOpen);
}

TEST(Phase, TellsTheLastInstantForAFirstByte) {
  EXPECT_EQ(At({Night()}, "21T20:00:00").not_after, Clock("21T23:59:58"));
  EXPECT_EQ(At({Night()}, "22T04:00:00").not_after, kForever);
  EXPECT_EQ(At({Night()}, "22T01:00:00").next_change, Clock("22T03:45:00"));
  EXPECT_EQ(At({Night()}, "22T04:00:00").open_since, Clock("22T03:45:00"));
}

TEST(Phase, WindowsThatOverlapOrTouchAreOneStop) {
  Window longer = Night("longer");
  longer.start = Clock("22T03:00:00");
  longer.end = Clock("22T05:00:00");
  Window touching = Night("touching");
  touching.start = longer.end;
  touching.end = Clock("22T06:00:00");
  const LineState state = At({touching, longer, Night()}, "22T04:00:00");
  EXPECT_EQ(state.phase, Phase::kClosed);
  EXPECT_EQ(state.since, Clock("22T00:00:00"));
  EXPECT_EQ(state.next_change, Clock("22T06:00:00"));
  EXPECT_EQ(state.window, "night");
}

TEST(Phase, AWindowIsForItsLineAndClassesOnly) {
  Window w = Night();
  w.line = LineId::Trusted("backup");
  EXPECT_EQ(At({w}, "22T01:00:00").phase, Phase::kOpen);
  w.line = kMain;
  EXPECT_EQ(At({w}, "22T01:00:00").phase, Phase::kClosed);
  w.classes = {MessageClass::kUncoded};
  EXPECT_EQ(At({w}, "22T01:00:00").phase, Phase::kOpen);
  w.classes.push_back(kCls);
  EXPECT_EQ(At({w}, "22T01:00:00").phase, Phase::kClosed);
}

TEST(Phase, ACancelledWindowSaysNothing) {
  Window w = Night();
  EXPECT_EQ(At({w}, "22T01:00:00").phase, Phase::kClosed);
  w.cancelled = true;
  EXPECT_EQ(At({w}, "22T01:00:00").phase, Phase::kOpen);
}

std::vector<Window> Random(std::mt19937& random) {
  std::vector<Window> windows(random() % 7);
  for (size_t i = 0; i < windows.size(); ++i) {
    windows[i].id = "w" + std::to_string(i);
    windows[i].start = Time{} + seconds(random() % 20'000);
    windows[i].end = windows[i].start + seconds(1 + random() % 4'000);
    windows[i].cancelled = random() % 8 == 0;
  }
  return windows;
}

bool Inside(const std::vector<Window>& windows, Time t) {
  return std::any_of(windows.begin(), windows.end(),
                     [t](const Window& w) { return !w.cancelled && w.start <= t && t < w.end; });
}

// Any windows at all: closed if and only if inside one; nothing changes before next_change; not_after keeps the margin.
TEST(PhaseProperty, HoldsForRandomWindows) {
  std::mt19937 random(7);
  const PhaseRules rules;
  for (int round = 0; round < 300; ++round) {
    const std::vector<Window> windows = Random(random);
    for (int probe = 0; probe < 60; ++probe) {
      const Time now = Time{} + seconds(random() % 26'000);
      const LineState state = StateAt(windows, kMain, kCls, now, rules);
      ASSERT_EQ(state.phase == Phase::kClosed, Inside(windows, now)) << now.us;
      ASSERT_GT(state.next_change, now);
      const Time later = std::min(state.next_change - Span(1), now + seconds(random() % 3'000));
      const LineState then = StateAt(windows, kMain, kCls, later, rules);
      ASSERT_EQ(then.phase, state.phase);
      ASSERT_EQ(then.not_after, state.not_after);
      ASSERT_EQ(then.window, state.window);
      if (state.phase == Phase::kClosed || state.not_after == kForever) continue;
      ASSERT_FALSE(Inside(windows, state.not_after + rules.stop_margin - Span(1)));
      ASSERT_TRUE(Inside(windows, state.not_after + rules.stop_margin));
      for (Time t = now; t < state.not_after; t = t + seconds(50)) ASSERT_FALSE(Inside(windows, t));
    }
  }
}

TEST(PhaseProperty, ClosedTimeIsCountedOnce) {
  std::mt19937 random(11);
  for (int round = 0; round < 100; ++round) {
    const std::vector<Window> windows = Random(random);
    const Time from = Time{} + seconds(random() % 10'000);
    const Time to = from + seconds(random() % 10'000);
    int64_t closed = 0;
    for (Time t = from; t < to; t = t + seconds(1)) closed += Inside(windows, t) ? 1 : 0;
    ASSERT_EQ(ClosedWithin(windows, kMain, kCls, from, to), Span(seconds(closed)));
  }
}

}  // namespace
}  // namespace tvan
