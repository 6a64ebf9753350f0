#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "gateway/calendar/calendar.h"
#include "gateway/calendar/line_now.h"

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
  EXPECT_EQ(At({Night()}, "22T03:45:00").phase, Phase::kOpen) << "by the windows alone";
  EXPECT_EQ(At({Night()}, "21T23:59:59").phase, Phase::kDraining);
}

TEST(Phase, DrainsBeforeAndIsOpenElse) {
  EXPECT_EQ(At({Night()}, "21T23:49:59").phase, Phase::kOpen);
  EXPECT_EQ(At({Night()}, "21T23:50:00").phase, Phase::kDraining);
  EXPECT_EQ(At({Night()}, "22T04:00:00").phase, Phase::kOpen);
}

Window Daily() {
  Window w = Night("daily");
  w.recurrence.weekdays = 0x7f;
  return w;
}

TEST(Phase, ARecurringWindowClosesEachOfItsDays) {
  EXPECT_EQ(At({Daily()}, "22T01:00:00").window, "daily/2026-11-22");
  EXPECT_EQ(At({Daily()}, "25T03:44:59").phase, Phase::kClosed);
  EXPECT_EQ(At({Daily()}, "25T03:45:00").phase, Phase::kOpen);
  EXPECT_EQ(At({Daily()}, "25T12:00:00").next_stop, Clock("26T00:00:00"));
  EXPECT_EQ(At({Daily()}, "25T12:00:00").open_since, Clock("25T03:45:00"));
  EXPECT_EQ(At({Daily()}, "21T12:00:00").open_since, Time{0}) << "before its first day";
}

TEST(Phase, ARecurringWindowKeepsItsWeekdaysExceptionsAndEnd) {
  Window w = Daily();
  w.recurrence.weekdays = 1 << 6;  // 2026-11-22 is a Sunday
  EXPECT_EQ(At({w}, "22T01:00:00").phase, Phase::kClosed);
  EXPECT_EQ(At({w}, "23T01:00:00").phase, Phase::kOpen);
  EXPECT_EQ(At({w}, "29T01:00:00").phase, Phase::kClosed);
  w.recurrence.exceptions = {ParseDate("2026-11-29").value()};
  EXPECT_EQ(At({w}, "29T01:00:00").phase, Phase::kOpen);
  w = Daily();
  w.recurrence.until = Clock("25T00:00:00");
  EXPECT_EQ(At({w}, "24T01:00:00").phase, Phase::kClosed);
  EXPECT_EQ(At({w}, "25T01:00:00").phase, Phase::kOpen);
}

TEST(Phase, ARehearsalClosesOnlyWhereRehearsalsDo) {
  Window w = Night();
  w.kind = WindowKind::kRehearsal;
  PhaseRules rules;
  EXPECT_EQ(StateAt({w}, kMain, kCls, Clock("22T01:00:00"), rules).phase, Phase::kClosed);
  rules.rehearsals = false;
  EXPECT_EQ(StateAt({w}, kMain, kCls, Clock("22T01:00:00"), rules).phase, Phase::kOpen);
}

TEST(Phase, TheDaysOfARecurringWindowAreWindowsOfTheirOwn) {
  const std::vector<Window> days = ClosingWindows({Daily()}, Clock("23T03:00:00"), Clock("25T00:00:01"));
  ASSERT_EQ(days.size(), 3U) << "one runs at the beginning, one begins at the end";
  EXPECT_EQ(days.front().id, "daily/2026-11-23");
  EXPECT_EQ(days.front().end, Clock("23T03:45:00"));
  EXPECT_EQ(days.back().id, "daily/2026-11-25");
  EXPECT_FALSE(days.back().recurrence.recurs());
  Window late = Daily();
  late.start = Clock("21T23:00:00");
  EXPECT_EQ(ClosingWindows({late}, Clock("24T02:00:00"), Clock("24T02:00:01")).front().id, "daily/2026-11-23");
}

TEST(Phase, ClosedTimeOfARecurringWindowIsThatOfItsDays) {
  EXPECT_EQ(ClosedWithin({Daily()}, kMain, kCls, Clock("22T01:00:00"), Clock("24T12:00:00")),
            Span(hours(2) + minutes(45) + 2 * (hours(3) + minutes(45))));
}

TEST(Phase, APhaseThatSendsMoreIsMoreOpen) {
  const std::vector<Phase> order = {Phase::kClosed,  Phase::kDown,     Phase::kVerifying,
                                    Phase::kRamping, Phase::kDraining, Phase::kOpen};
  for (size_t i = 1; i < order.size(); ++i) EXPECT_GT(Openness(order[i]), Openness(order[i - 1])) << ToString(order[i]);
}

TEST(Window, SaysWhatStateItIsIn) {
  Window w = Night();
  w.first_end = w.end;
  const auto at = [&](const std::string& text) { return std::string(ToString(StateOf(w, Clock(text)))); };
  EXPECT_EQ(at("21T12:00:00"), "announced");
  EXPECT_EQ(at("22T00:00:00"), "running");
  EXPECT_EQ(at("22T03:45:00"), "closed");
  w.end = Clock("22T04:45:00");
  EXPECT_EQ(at("22T04:00:00"), "extended");
  w.first_end = {0};
  EXPECT_EQ(at("22T04:00:00"), "running") << "entered by an older program";
  w.ended_at = Clock("22T02:00:00");
  EXPECT_EQ(at("22T02:00:00"), "ended early");
  w.unverified = true;
  EXPECT_EQ(at("22T01:00:00"), "planned");
  w.cancelled = true;
  EXPECT_EQ(at("22T01:00:00"), "cancelled");
}

TEST(Window, IsCheckedFieldByField) {
  const auto check = [](const std::function<void(Window&)>& change) {
    Window w = Night();
    change(w);
    return CheckWindow(w).ok();
  };
  EXPECT_TRUE(check([](Window&) {}));
  EXPECT_FALSE(check([](Window& w) { w.end = w.start; })) << "zero length";
  EXPECT_TRUE(check([](Window& w) { w.end = w.start + hours(24 * 31); }));
  EXPECT_FALSE(check([](Window& w) { w.end = w.start + hours(24 * 31) + Span(1); }));
  EXPECT_TRUE(check([](Window& w) { w.verify_until = w.end; }));
  EXPECT_FALSE(check([](Window& w) { w.verify_until = w.end - Span(1); }));
  EXPECT_TRUE(check([](Window& w) { w.verify_until = w.end + hours(24); }));
  EXPECT_FALSE(check([](Window& w) { w.verify_until = w.end + hours(24) + Span(1); }));
  EXPECT_TRUE(check([](Window& w) { w.ended_at = w.end - Span(1); }));
  EXPECT_FALSE(check([](Window& w) { w.ended_at = w.end; }));
  EXPECT_FALSE(check([](Window& w) { w.ended_at = w.start; }));
  EXPECT_TRUE(check([](Window& w) { w.ours = {"Lan", "chief", "l@x", "1"}; }));
  EXPECT_FALSE(check([](Window& w) { w.ours = {"Lan", "chief", "l@x", ""}; }));
  EXPECT_FALSE(check([](Window& w) { w.theirs = {"Lan", std::string(101, 'x'), "l@x", "1"}; }));
  EXPECT_FALSE(check([](Window& w) { w.kind = static_cast<WindowKind>(9); }));
  EXPECT_FALSE(check([](Window& w) { w.support = std::string(501, 'x'); }));
  EXPECT_FALSE(check([](Window& w) { w.start = {-1}; }));
}

TEST(Window, OneThatRecursIsCheckedMore) {
  const auto check = [](const std::function<void(Window&)>& change) {
    Window w = Daily();
    change(w);
    return CheckWindow(w).ok();
  };
  EXPECT_TRUE(check([](Window&) {}));
  EXPECT_FALSE(check([](Window& w) { w.end = w.start + hours(24) + Span(1); }));
  EXPECT_FALSE(check([](Window& w) { w.ended_at = w.end - Span(1); }));
  EXPECT_FALSE(check([](Window& w) { w.recurrence.weekdays = 0x80; }));
  EXPECT_TRUE(check([](Window& w) { w.recurrence.exceptions = {Clock("23T00:00:00"), Clock("24T00:00:00")}; }));
  EXPECT_FALSE(check([](Window& w) { w.recurrence.exceptions = {Clock("24T00:00:00"), Clock("23T00:00:00")}; }));
  EXPECT_FALSE(check([](Window& w) { w.recurrence.exceptions = {Clock("23T01:00:00")}; }));
  EXPECT_FALSE(check([](Window& w) { w.recurrence.exceptions.assign(401, Clock("23T00:00:00")); }));
}

TEST(Phase, AnOccurrenceOverMidnightIsOfTheDayItStarts) {
  Window w = Daily();
  w.start = Clock("21T23:00:00");
  w.end = Clock("22T01:00:00");
  EXPECT_EQ(At({w}, "24T00:30:00").window, "daily/2026-11-23");
  EXPECT_EQ(At({w}, "24T01:00:00").phase, Phase::kOpen);
}

TEST(Phase, AOneOffWindowAndADayOfARecurringOneAreOneStop) {
  Window later = Night("later");
  later.start = Clock("23T03:00:00");
  later.end = Clock("23T05:00:00");
  const LineState state = At({Daily(), later}, "23T04:30:00");
  EXPECT_EQ(state.phase, Phase::kClosed);
  EXPECT_EQ(state.next_change, Clock("23T05:00:00"));
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
