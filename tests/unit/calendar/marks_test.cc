// The six marks of a night, hour by hour; and which night it is.
#include "gateway/calendar/marks.h"

#include <gtest/gtest.h>

namespace tvan {
namespace {

using std::chrono::minutes;

Time At(const char* local) { return *ParseTime(local); }

Window Night() {
  Window w;
  w.id = "night";
  w.start = At("2026-11-22T00:00:00");
  w.end = At("2026-11-22T03:45:00");
  w.verify_until = At("2026-11-22T05:00:00");
  w.created_at = At("2026-11-10T09:00:00");
  return w;
}

// P passed, N next, . to come, O overdue; in the order of the marks.
std::string Marks(const char* now, Phase phase, ContactState contact, const Window& w = Night()) {
  NightFacts facts;
  facts.now = At(now);
  facts.phase = phase;
  facts.contact = contact;
  facts.contact_due = ContactDue(w);
  facts.drain_before = minutes(30);
  std::string said;
  for (const NightMark& mark : MarksOf(w, facts)) said += "?PN.O"[static_cast<int>(mark.state)];
  return said;
}

TEST(Marks, GoByOneAfterAnotherThroughTheNight) {
  const ContactState sent = ContactState::kSent;
  EXPECT_EQ(Marks("2026-11-20T10:00:00", Phase::kOpen, ContactState::kReady), "PN....");
  EXPECT_EQ(Marks("2026-11-20T10:00:00", Phase::kOpen, sent), "PPN...");
  EXPECT_EQ(Marks("2026-11-21T23:29:59", Phase::kOpen, sent), "PPN...");
  EXPECT_EQ(Marks("2026-11-21T23:30:00", Phase::kDraining, sent), "PPPN..");
  EXPECT_EQ(Marks("2026-11-22T00:00:00", Phase::kClosed, sent), "PPPPN.");
  EXPECT_EQ(Marks("2026-11-22T03:44:59", Phase::kClosed, sent), "PPPPN.");
  EXPECT_EQ(Marks("2026-11-22T03:45:00", Phase::kVerifying, sent), "PPPPPN");
  EXPECT_EQ(Marks("2026-11-22T04:00:00", Phase::kRamping, sent), "PPPPPN");
  EXPECT_EQ(Marks("2026-11-22T04:00:00", Phase::kOpen, sent), "PPPPPP");
}

TEST(Marks, SayThatTheSheetIsOverdueUntilItIsSent) {
  EXPECT_EQ(Marks("2026-11-21T16:59:59", Phase::kOpen, ContactState::kMissing), "PN....");
  EXPECT_EQ(Marks("2026-11-21T17:00:00", Phase::kOpen, ContactState::kOverdue), "PON...");
  EXPECT_EQ(Marks("2026-11-21T17:00:00", Phase::kOpen, ContactState::kSent), "PPN...");
  EXPECT_EQ(Marks("2026-11-21T17:00:00", Phase::kOpen, ContactState::kNotNeeded), "PPN...");
}

TEST(Marks, SayThatTheLineIsOverdueWhenItIsNotOpenAtTheEndOfTheCheck) {
  const ContactState sent = ContactState::kSent;
  EXPECT_EQ(Marks("2026-11-22T04:59:59", Phase::kVerifying, sent), "PPPPPN");
  EXPECT_EQ(Marks("2026-11-22T05:00:00", Phase::kVerifying, sent), "PPPPPO");
  EXPECT_EQ(Marks("2026-11-22T05:00:00", Phase::kDown, sent), "PPPPPO");
  EXPECT_EQ(Marks("2026-11-22T05:00:00", Phase::kOpen, sent), "PPPPPP");
  Window no_check = Night();
  no_check.verify_until.reset();
  EXPECT_EQ(Marks("2026-11-22T09:00:00", Phase::kVerifying, sent, no_check), "PPPPPN");
}

TEST(Marks, MoveWithAnExtensionAndWithAnEarlyEnd) {
  Window w = Night();
  w.first_end = w.end;
  w.end = At("2026-11-22T04:45:00");
  EXPECT_EQ(Marks("2026-11-22T04:00:00", Phase::kClosed, ContactState::kSent, w), "PPPPN.");
  w = Night();
  w.ended_at = At("2026-11-22T02:00:00");
  EXPECT_EQ(Marks("2026-11-22T02:00:00", Phase::kVerifying, ContactState::kSent, w), "PPPPPN");
}

TEST(Marks, TakeTheEarliestForNextAlsoWhenDrainingBeginsBeforeTheSheetIsDue) {
  NightFacts facts;
  const Window w = Night();
  facts.now = At("2026-11-21T09:00:00");
  facts.contact = ContactState::kReady;
  facts.contact_due = ContactDue(w);
  facts.drain_before = std::chrono::hours(12);
  const auto marks = MarksOf(w, facts);
  EXPECT_EQ(marks[1].state, MarkState::kToCome);
  EXPECT_EQ(marks[2].state, MarkState::kNext);
  EXPECT_EQ(marks[2].at, At("2026-11-21T12:00:00"));
}

std::string NightId(const std::vector<Window>& windows, const char* now, const std::string& unsettled = "") {
  const auto night = NightOf(windows, LineId::Trusted("main"), At(now), unsettled);
  return night ? night->id : "none";
}

TEST(NightOf, IsTheStopThatGoesOnOrIsCheckedElseTheNext) {
  Window next = Night();
  next.id = "next";
  next.start = At("2026-11-29T00:00:00");
  next.end = At("2026-11-29T01:00:00");
  next.verify_until.reset();
  const std::vector<Window> both = {next, Night()};
  EXPECT_EQ(NightId(both, "2026-11-21T12:00:00"), "night");
  EXPECT_EQ(NightId(both, "2026-11-22T00:00:00"), "night");
  EXPECT_EQ(NightId(both, "2026-11-22T04:59:59"), "night");
  EXPECT_EQ(NightId(both, "2026-11-22T05:59:59"), "night");  // an hour for the all-clear
  EXPECT_EQ(NightId(both, "2026-11-22T06:00:00"), "next");
  EXPECT_EQ(NightId(both, "2026-11-22T06:00:00", "night"), "night");  // not settled: the line is not open again
  EXPECT_EQ(NightId(both, "2026-11-29T02:00:00"), "none");
}

TEST(NightOf, LeavesTheAllClearForAStopThatIsNear) {
  Window soon = Night();
  soon.id = "soon";
  soon.start = At("2026-11-22T06:10:00");
  soon.end = At("2026-11-22T07:00:00");
  soon.verify_until.reset();
  EXPECT_EQ(NightId({Night(), soon}, "2026-11-22T04:59:59"), "night");
  EXPECT_EQ(NightId({Night(), soon}, "2026-11-22T05:10:00"), "night");
  EXPECT_EQ(NightId({Night(), soon}, "2026-11-22T05:10:01"), "soon");
}

TEST(NightOf, IsTheDayOfAWindowThatRecurs) {
  Window w = Night();
  w.recurrence.weekdays = 0x7f;
  w.verify_until.reset();
  EXPECT_EQ(NightId({w}, "2026-11-24T12:00:00"), "night/2026-11-25");
  EXPECT_EQ(NightId({w}, "2026-11-25T03:00:00"), "night/2026-11-25");
}

TEST(NightOf, LeavesOutWhatSwitchesNothingAndOtherLines) {
  Window w = Night();
  w.unverified = true;
  EXPECT_EQ(NightId({w}, "2026-11-21T12:00:00"), "none");
  w = Night();
  w.cancelled = true;
  EXPECT_EQ(NightId({w}, "2026-11-21T12:00:00"), "none");
  w = Night();
  w.line = LineId::Trusted("backup");
  EXPECT_EQ(NightId({w}, "2026-11-21T12:00:00"), "none");
  w.line = LineId::Trusted("main");
  EXPECT_EQ(NightId({w}, "2026-11-21T12:00:00"), "night");
}

TEST(NightOf, OfTwoThatGoOnIsTheOneThatEndsLast) {
  Window longer = Night();
  longer.id = "longer";
  longer.start = At("2026-11-22T02:00:00");
  longer.end = At("2026-11-22T04:30:00");
  EXPECT_EQ(NightId({Night(), longer}, "2026-11-22T01:00:00"), "night");
  EXPECT_EQ(NightId({Night(), longer}, "2026-11-22T03:00:00"), "longer");
}

}  // namespace
}  // namespace tvan
