// The files that a plain web server hands out.
#include "gateway/calendar/published.h"

#include <gmock/gmock.h>

#include "gateway/core/utf8.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"

namespace tvan {
namespace {

using testing::HasSubstr;

Published Sample() {
  Published p;
  p.made_at = *ParseTime("2026-11-21T10:00:00+07:00");
  p.gateway = "0309478306";
  p.line = LineId::Trusted("main");
  Window w;
  w.id = "night";
  w.start = *ParseTime("2026-11-22T00:00:00+07:00");
  w.end = *ParseTime("2026-11-22T03:45:00+07:00");
  p.stops.push_back({w, WindowState::kAnnounced, 3, p.made_at});
  return p;
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find("\r\n", at);
    EXPECT_NE(end, std::string::npos) << "every line ends in CRLF";
    if (end == std::string::npos) break;
    lines.push_back(text.substr(at, end - at));
    at = end + 2;
  }
  return lines;
}

// What a reader sees: folded lines joined.
std::string Unfolded(const std::string& text) {
  std::string out;
  for (const std::string& line : LinesOf(text)) {
    if (!line.empty() && line[0] == ' ')
      out += line.substr(1);
    else
      out += (out.empty() ? "" : "\n") + line;
  }
  return out + "\n";
}

TEST(CalendarIcs, IsThisForOneStop) {
  Published p = Sample();
  const NoticeTexts texts = TextsOf(NoticeKind::kAnnounced, p.stops[0].window);
  const std::string text = Unfolded(CalendarIcs(p));
  const size_t words = text.find("DESCRIPTION:"), end = text.find("\nEND:VEVENT");
  ASSERT_NE(words, std::string::npos);
  EXPECT_EQ(text.substr(0, words),
            "BEGIN:VCALENDAR\n"
            "VERSION:2.0\n"
            "PRODID:-//tvan//gateway 0309478306//VI\n"
            "CALSCALE:GREGORIAN\n"
            "METHOD:PUBLISH\n"
            "REFRESH-INTERVAL;VALUE=DURATION:PT5M\n"
            "BEGIN:VEVENT\n"
            "UID:night@0309478306.tvan\n"
            "DTSTAMP:20261121T030000Z\n"
            "LAST-MODIFIED:20261121T030000Z\n"
            "SEQUENCE:3\n"
            "DTSTART:20261121T170000Z\n"
            "DTEND:20261121T204500Z\n"
            "STATUS:CONFIRMED\n"
            "TRANSP:TRANSPARENT\n"
            "SUMMARY;LANGUAGE=vi:Thông báo: cơ quan thuế tạm dừng hệ thống hóa đơn điện tử từ 00:00 đến 03:45 ngày "
            "22/11/2026 (Chủ nhật)\n");
  EXPECT_EQ(text.substr(end), "\nEND:VEVENT\nEND:VCALENDAR\n");
  EXPECT_THAT(text, HasSubstr("Kính gửi Quý khách hàng\\,\\n"));
  EXPECT_THAT(text, HasSubstr("Dear customer\\,\\n"));
}

TEST(CalendarIcs, FoldsAt75OctetsBetweenCharacters) {
  for (const std::string& line : LinesOf(CalendarIcs(Sample()))) {
    EXPECT_LE(line.size(), 75U) << line;
    EXPECT_EQ(CutUtf8(line, line.size()).size(), line.size()) << "a character is cut in two: " << line;
  }
}

TEST(CalendarIcs, EscapesWhatATextMustNotHold) {
  Published p = Sample();
  p.stops[0].window.classes = {MessageClass::kCoded};
  p.stops[0].window.id = "a;b,c\\d\ne\x01";
  EXPECT_THAT(Unfolded(CalendarIcs(p)), HasSubstr("UID:a\\;b\\,c\\\\d\\ne@0309478306.tvan\n"));
}

TEST(CalendarIcs, ACancelledStopIsSaidToBe) {
  Published p = Sample();
  p.stops[0].window.cancelled = true;
  EXPECT_THAT(Unfolded(CalendarIcs(p)), HasSubstr("\nSTATUS:CANCELLED\n"));
  EXPECT_THAT(Unfolded(CalendarIcs(p)), HasSubstr("Thông báo hủy"));
}

TEST(CalendarJson, SaysPhaseStopsAndNoticesInBothLanguages) {
  Published p = Sample();
  ClassNow one;
  one.cls = MessageClass::kCoded;
  one.state.phase = Phase::kClosed;
  one.state.since = p.made_at;
  one.advice = AdviceFor(one.cls, one.state.phase);
  one.expected_return = p.stops[0].window.end;
  p.now = {Phase::kClosed, {one}, std::chrono::seconds(30)};
  auto notice = std::make_shared<Notice>();
  notice->number = 1;
  notice->window = p.stops[0].window;
  notice->texts = TextsOf(NoticeKind::kAnnounced, notice->window);
  notice->jws = "a.b.c";
  p.notices.push_back(notice);
  const std::string json = CalendarJson(p);
  EXPECT_THAT(json, HasSubstr(R"("phase":"closed","version":1,"windows":[{)"));
  EXPECT_THAT(json, HasSubstr(R"("made_at":"2026-11-21T10:00:00.000000+07:00")"));
  EXPECT_THAT(json,
              HasSubstr(R"("expected_return":"2026-11-22T03:45:00.000000+07:00","mode":"hold","phase":"closed")"));
  EXPECT_THAT(json, HasSubstr(R"("jws":"a.b.c","kind":"window_announced")"));
  EXPECT_THAT(json, HasSubstr(R"("vi":"Thông báo: cơ quan thuế tạm dừng)"));
  EXPECT_THAT(json, HasSubstr(R"("en":"Notice: the tax authority's e-invoice system stops)"));
}

class PublicStopsTest : public testing::Test {
 protected:
  PublicStopsTest() : clock_(MakeTestClock()) {}
  Window Night(const std::string& id, Span in) const {
    Window w;
    w.id = id;
    w.start = clock_->Now() + in;
    w.end = w.start + std::chrono::hours(2);
    return w;
  }
  std::vector<std::string> Ids(std::vector<Window> windows, size_t most = 100,
                               Rehearsals rehearsals = Rehearsals::kTell) const {
    std::vector<VersionedWindow> versioned;
    for (Window& w : windows) versioned.push_back({std::move(w), 1, clock_->Now(), "op", "why"});
    const Time now = clock_->Now();
    std::vector<std::string> ids;
    for (const PublicStop& stop : PublicStops(versioned, now, now + std::chrono::hours(24 * 3), rehearsals, now, most))
      ids.push_back(stop.window.id + " " + ToString(stop.state));
    return ids;
  }
  std::unique_ptr<TestClock> clock_;
};

TEST_F(PublicStopsTest, AreThoseInForceAndThoseCancelledButNotTheUnverified) {
  Window heard = Night("heard", std::chrono::hours(1)), off = Night("off", std::chrono::hours(2));
  heard.unverified = true;
  off.cancelled = true;
  EXPECT_THAT(Ids({Night("later", std::chrono::hours(5)), heard, off, Night("far", std::chrono::hours(24 * 9))}),
              testing::ElementsAre("off cancelled", "later announced"));
}

TEST_F(PublicStopsTest, ARecurringOneIsShownDayByDay) {
  Window daily = Night("daily", std::chrono::hours(14));  // midnight
  daily.recurrence.weekdays = 0x7f;
  EXPECT_THAT(Ids({daily}), testing::ElementsAre("daily/2026-11-22 announced", "daily/2026-11-23 announced",
                                                 "daily/2026-11-24 announced"));
  EXPECT_EQ(Ids({daily, Night("once", std::chrono::hours(1))}, 1).size(), 2U) << "one more says that there are more";
}

TEST_F(PublicStopsTest, ARehearsalIsShownWhereItClosesTheLineOnly) {
  Window played = Night("played", std::chrono::hours(1));
  played.kind = WindowKind::kRehearsal;
  EXPECT_EQ(Ids({played}).size(), 1U);
  EXPECT_TRUE(Ids({played}, 100, Rehearsals::kKeepQuiet).empty());
}

}  // namespace
}  // namespace tvan
