#include "gateway/calendar/window_review.h"

#include <gmock/gmock.h>

#include "gateway/calendar/maintenance_budget.h"
#include "gateway/calendar/window_changes.h"

namespace tvan {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const Time kNow = *ParseLocal("2026-11-21T10:00:00");

// The stop of 22 November 2026, a Sunday, 00:00 to 03:45.
Window Stop(const std::string& id = "upgrade-1") {
  Window window;
  window.id = id;
  window.start = *ParseLocal("2026-11-22T00:00:00");
  window.end = window.first_end = *ParseLocal("2026-11-22T03:45:00");
  window.created_at = kNow - hours(1);
  return window;
}

Window Own(const std::string& start, Span length) {
  Window window = Stop("own-1");
  window.kind = WindowKind::kOwn;
  window.start = *ParseLocal(start);
  window.end = window.first_end = window.start + length;
  return window;
}

Window Daily(Window window) {
  window.recurrence.weekdays = 0x7f;
  return window;
}

// In English; that it is said in Vietnamese too, and is another text, holds for all.
std::vector<std::string> En(const std::vector<Words>& said) {
  std::vector<std::string> en;
  for (const Words& words : said) {
    EXPECT_FALSE(words.vi.empty()) << words.en;
    EXPECT_NE(words.vi, words.en);
    en.push_back(words.en);
  }
  return en;
}

struct Said {
  explicit Said(const WindowReview& review)
      : changes(En(review.changes)),
        warnings(En(review.warnings)),
        errors(En(review.errors)),
        to_accept(En(review.to_accept)),
        overlaps(review.overlaps) {}
  std::vector<std::string> changes, warnings, errors, to_accept, overlaps;
};

Said ReviewNew(const Window& after, const std::vector<Window>& others = {}, const std::string& weekday = "") {
  return Said(ReviewWindow({std::nullopt, after, weekday}, others, kNow));
}

Said ReviewChange(const Window& before, const Window& after, std::vector<Window> others = {}) {
  others.push_back(before);
  return Said(ReviewWindow({before, after}, others, kNow));
}

TEST(WindowReview, SaysNothingAgainstAnOrdinaryNewStop) {
  const Said review = ReviewNew(Stop());
  EXPECT_THAT(review.changes, ElementsAre("start: 2026-11-22T00:00", "end: 2026-11-22T03:45"));
  EXPECT_THAT(review.warnings, IsEmpty());
  EXPECT_THAT(review.errors, IsEmpty());
  EXPECT_THAT(review.to_accept, IsEmpty());
}

TEST(WindowReview, NamesEveryFieldThatChangesAndNoOther) {
  Window after = Stop();
  after.end = after.end + hours(1);
  after.reason = "the authority asked for another hour";
  EXPECT_THAT(ReviewChange(Stop(), after).changes, ElementsAre("end: 2026-11-22T03:45 -> 2026-11-22T04:45",
                                                               "reason: none -> the authority asked for another hour"));
  EXPECT_THAT(ReviewChange(Stop(), Stop()).changes, IsEmpty());
}

TEST(WindowReview, HoldsTheWeekdayOfTheNoticeAgainstTheDate) {
  for (const char* right : {"Chủ Nhật", "CHỦ NHẬT", "CN", "Sunday", "sun"})
    EXPECT_THAT(ReviewNew(Stop(), {}, right).warnings, IsEmpty()) << right;
  EXPECT_THAT(ReviewNew(Stop(), {}, "Thứ Hai").warnings,
              ElementsAre(HasSubstr("2026-11-22 is a Sunday, the notice says Thứ Hai")));
  EXPECT_THAT(ReviewNew(Stop(), {}, "someday").errors, ElementsAre("\"someday\" is no day of the week"));
}

TEST(WindowReview, TheNoticeOf2023NamedTheRightDay) {
  Window window = Stop();
  window.start = *ParseLocal("2023-03-09T00:00:00");
  window.end = *ParseLocal("2023-03-09T03:45:00");
  const Time before = *ParseLocal("2023-03-08T09:00:00");
  window.created_at = before;
  EXPECT_THAT(Said(ReviewWindow({std::nullopt, window, "Thứ Năm"}, {}, before)).warnings, IsEmpty());
  EXPECT_THAT(Said(ReviewWindow({std::nullopt, window, "Thứ Tư"}, {}, before)).warnings,
              ElementsAre(HasSubstr("Thursday")));
}

TEST(WindowReview, NamesTheWindowsThatCloseTheSameLineAndClassAtTheSameTime) {
  Window later = Stop("later"), touching = Stop("touching"), coded = Stop("coded"), backup = Stop("backup");
  later.start = later.start + hours(3);
  later.end = later.end + hours(3);
  touching.start = Stop().end;
  touching.end = Stop().end + hours(1);
  coded.classes = {MessageClass::kCoded};
  backup.line = LineId::Trusted("backup");
  Window uncoded = Stop();
  uncoded.classes = {MessageClass::kUncoded};
  uncoded.line = LineId::Trusted("main");
  EXPECT_THAT(ReviewNew(Stop(), {later, touching, coded}).overlaps, ElementsAre("later", "coded"));
  EXPECT_THAT(ReviewNew(uncoded, {later, coded, backup}).overlaps, ElementsAre("later"));
  later.cancelled = true;
  EXPECT_THAT(ReviewNew(Stop(), {later}).overlaps, IsEmpty());
}

TEST(WindowReview, FindsAnOverlapHoweverFarAhead) {
  Window one = Stop("one"), other = Stop("other");
  for (Window* window : {&one, &other}) {
    window->start = *ParseLocal("2099-03-01T00:00:00");
    window->end = window->start + hours(2);
  }
  EXPECT_THAT(ReviewNew(one, {other}).overlaps, ElementsAre("other"));
  EXPECT_THAT(ReviewNew(one, {Daily(Stop("daily"))}).overlaps, ElementsAre("daily"));
  other.start = one.end;
  other.end = one.end + hours(1);
  EXPECT_THAT(ReviewNew(one, {other}).overlaps, IsEmpty());
}

TEST(WindowReview, FindsAnOverlapWithADayOfAStopThatRepeats) {
  Window daily = Daily(Stop("daily"));
  Window once = Stop("once");
  once.start = *ParseLocal("2027-02-01T03:00:00");
  once.end = once.start + hours(2);
  EXPECT_THAT(ReviewNew(once, {daily}).overlaps, ElementsAre("daily"));
  EXPECT_THAT(ReviewNew(daily, {once}).overlaps, ElementsAre("once"));
  daily.recurrence.exceptions = {*ParseDate("2027-02-01")};
  EXPECT_THAT(ReviewNew(once, {daily}).overlaps, IsEmpty());
}

TEST(WindowReview, SaysWhatAStartInThePastDoes) {
  Window running = Stop();
  running.start = kNow - hours(2);
  running.created_at = kNow;
  EXPECT_THAT(ReviewNew(running).warnings, ElementsAre(HasSubstr("it started 2 h ago: it closes the line at once")));
  running.end = kNow - hours(1);
  EXPECT_THAT(ReviewNew(running).warnings, ElementsAre(HasSubstr("a note that closes nothing")));
}

TEST(WindowReview, RefusesWhatIsLongOverAndWhatIsNoWindow) {
  Window over = Stop();
  over.start = kNow - hours(30);
  over.end = kNow - hours(24);
  over.created_at = kNow - hours(40);
  Window after = over;
  after.reason = "later";
  EXPECT_THAT(ReviewChange(over, after).errors, ElementsAre(HasSubstr("ended more than a day ago")));
  EXPECT_THAT(ReviewChange(over, over).errors, IsEmpty()) << "a file may still hold it, as it is";
  over.end = after.end = kNow - hours(23);
  EXPECT_THAT(ReviewChange(over, after).errors, IsEmpty());
  Window backwards = Stop();
  backwards.end = backwards.start;
  EXPECT_THAT(ReviewNew(backwards).errors, ElementsAre("a window must end after it starts"));
}

TEST(WindowReview, SaysThatAnUnverifiedOneSwitchesNothing) {
  Window heard = Stop();
  heard.unverified = true;
  EXPECT_THAT(ReviewNew(heard).warnings, ElementsAre(HasSubstr("not verified")));
  EXPECT_THAT(ReviewChange(heard, Stop()).changes, ElementsAre("verified: no -> yes"));
}

TEST(WindowReview, SaysThatARehearsalClosesNoLineOfProduction) {
  Window rehearsal = Stop();
  rehearsal.kind = WindowKind::kRehearsal;
  EXPECT_THAT(ReviewNew(rehearsal).warnings, ElementsAre("a rehearsal closes the line of a sandbox only"));
}

TEST(WindowReview, SaysThatItIsExtendedForTheSecondTime) {
  Window once = Stop();
  once.end = once.end + hours(1);
  Window twice = once;
  twice.end = twice.end + hours(1);
  EXPECT_THAT(ReviewChange(Stop(), once).warnings, IsEmpty());
  EXPECT_THAT(ReviewChange(once, twice).warnings,
              ElementsAre("it was extended before: its first end was 2026-11-22T03:45"));
}

TEST(WindowReview, WondersAboutAnOutageOfMoreThanADay) {
  Window outage = Stop();
  outage.kind = WindowKind::kOutage;
  outage.end = outage.start + hours(24);
  EXPECT_THAT(ReviewNew(outage).warnings, IsEmpty());
  outage.end = outage.end + minutes(1);
  EXPECT_THAT(ReviewNew(outage).warnings, ElementsAre(HasSubstr("more than a day (1 d 1 min)")));
}

TEST(WindowReview, SaysWhenTheFirstDayIsNoneOfTheDays) {
  Window mondays = Stop();
  mondays.recurrence.weekdays = 1;
  EXPECT_THAT(ReviewNew(mondays).warnings, ElementsAre(HasSubstr("no stop on 2026-11-22, the first is on 2026-11-23")));
  mondays.recurrence.until = *ParseDate("2026-11-23");
  EXPECT_THAT(ReviewNew(mondays).errors, ElementsAre("it repeats on no day at all"));
}

TEST(WindowReview, WarnsOfAChangeOfStopsThatAreOver) {
  Window daily = Daily(Stop());
  daily.start = daily.start - hours(24 * 7);
  daily.end = daily.first_end = daily.end - hours(24 * 7);
  daily.created_at = daily.start - hours(1);
  Window next = daily;
  next.recurrence.exceptions = {*ParseDate("2026-11-23")};
  EXPECT_THAT(ReviewChange(daily, next).warnings, IsEmpty());
  next.recurrence.exceptions = {*ParseDate("2026-11-20")};
  EXPECT_THAT(ReviewChange(daily, next).warnings, ElementsAre(HasSubstr("stops that are over")));
}

TEST(OwnMaintenance, WantsThirtyDaysNotice) {
  EXPECT_THAT(ReviewNew(Own("2026-12-21T09:59:00", hours(2))).to_accept,
              ElementsAre(HasSubstr("on 2026-12-21 is announced 29 d 23 h 59 min before, 30 days are due")));
  EXPECT_THAT(ReviewNew(Own("2026-12-21T10:00:00", hours(2))).to_accept, IsEmpty());
  Window theirs = Own("2026-11-22T00:00:00", hours(2));
  theirs.kind = WindowKind::kAuthority;
  EXPECT_THAT(ReviewNew(theirs).to_accept, IsEmpty()) << "the authority need not ask";
  Window heard = Own("2026-11-22T00:00:00", hours(2));
  heard.unverified = true;
  EXPECT_THAT(ReviewNew(heard).to_accept, IsEmpty()) << "it switches nothing yet";
}

TEST(OwnMaintenance, ThatIsShortenedOrCancelledWantsNoNotice) {
  const Window own = Own("2026-11-25T00:00:00", hours(4));
  Window after = own;
  after.end = own.end - hours(1);
  after.reason = "quicker";
  EXPECT_THAT(ReviewChange(own, after).to_accept, IsEmpty());
  after = own;
  after.cancelled = true;
  EXPECT_THAT(ReviewChange(own, after).to_accept, IsEmpty());
  after = own;
  after.end = own.end + minutes(1);
  EXPECT_THAT(ReviewChange(own, after).to_accept, ElementsAre(HasSubstr("30 days are due")));
}

TEST(OwnMaintenance, TwoPercentOfTheYearMayBeUsedAndNoMinuteMore) {
  const Window first = Own("2026-03-01T00:00:00", hours(31 * 24 - 600));  // 144 h, over
  Window second = Own("2026-12-25T00:00:00", hours(31) + minutes(12));
  second.id = "own-2";
  EXPECT_THAT(ReviewNew(second, {first}).to_accept, IsEmpty()) << "175.2 h in all";
  second.end = second.end + minutes(1);
  EXPECT_THAT(ReviewNew(second, {first}).to_accept,
              ElementsAre(HasSubstr("of 2026 is then 7 d 7 h 13 min, 1 min over the 7 d 7 h 12 min allowed")));
}

TEST(OwnMaintenance, OverTheBudgetMayStillBecomeLess) {
  const Window big = Own("2026-12-22T00:00:00", hours(200));
  Window less = big;
  less.end = big.end - hours(1);
  EXPECT_THAT(ReviewNew(big).to_accept, Not(IsEmpty()));
  EXPECT_THAT(ReviewChange(big, less).to_accept, IsEmpty());
}

TEST(MaintenanceBudget, IsTwoPercentOfTheHoursOfTheYear) {
  EXPECT_EQ(BudgetOf({}, 2026, kNow).allowed, hours(175) + minutes(12));
  EXPECT_EQ(BudgetOf({}, 2028, kNow).allowed, Span(hours(8784)) / 50) << "a leap year";
  EXPECT_EQ(BudgetOf({}, 2026, kNow).left(), hours(175) + minutes(12));
}

TEST(MaintenanceBudget, CountsOwnStopsOnlyAndOverlapsOnce) {
  const Window one = Own("2026-12-25T00:00:00", hours(4));
  Window two = Own("2026-12-25T02:00:00", hours(4)), cancelled = Own("2026-12-26T00:00:00", hours(4)), theirs = one;
  two.line = LineId::Trusted("main");
  two.classes = {MessageClass::kSummary};
  cancelled.cancelled = true;
  theirs.kind = WindowKind::kAuthority;
  theirs.start = theirs.start - hours(4);
  const MaintenanceBudget budget = BudgetOf({one, two, cancelled, theirs}, 2026, kNow);
  EXPECT_EQ(budget.planned, hours(6));
  EXPECT_EQ(budget.used, Span(0));
}

TEST(MaintenanceBudget, CutsAStopAtNowAndAtTheBordersOfTheYear) {
  const Window running = Own("2026-11-21T09:00:00", hours(3));
  EXPECT_EQ(BudgetOf({running}, 2026, kNow).used, hours(1));
  EXPECT_EQ(BudgetOf({running}, 2026, kNow).planned, hours(2));
  const Window new_year = Own("2026-12-31T23:00:00", hours(4));
  EXPECT_EQ(BudgetOf({new_year}, 2026, kNow).planned, hours(1));
  EXPECT_EQ(BudgetOf({new_year}, 2027, kNow).planned, hours(3));
  EXPECT_EQ(BudgetOf({new_year}, 2025, kNow).used + BudgetOf({new_year}, 2025, kNow).planned, Span(0));
}

TEST(MaintenanceBudget, CountsWhatWasEnteredWhenItWasOverAndOnlyToItsEarlyEnd) {
  Window late = Own("2026-11-20T00:00:00", hours(3));
  late.created_at = kNow;
  EXPECT_EQ(BudgetOf({late}, 2026, kNow).used, hours(3));
  late.ended_at = late.start + hours(1);
  EXPECT_EQ(BudgetOf({late}, 2026, kNow).used, hours(1));
}

TEST(MaintenanceBudget, CountsEachDayOfOneThatRepeats) {
  Window daily = Daily(Own("2026-12-01T23:30:00", hours(1)));
  EXPECT_EQ(BudgetOf({daily}, 2026, kNow).planned, hours(30) + minutes(30)) << "31 days, the last one by half";
  daily.recurrence.exceptions = {*ParseDate("2026-12-10"), *ParseDate("2026-12-11")};
  EXPECT_EQ(BudgetOf({daily}, 2026, kNow).planned, hours(28) + minutes(30));
}

TEST(WindowChanges, ReadsTheDaysOfTheWeekInBothLanguages) {
  const char* names[7][4] = {{"Thứ Hai", "thu 2", "T2", "Monday"},    {"Thứ Ba", "THỨ 3", "T3", "tue"},
                             {"Thứ Tư", "THỨ TƯ", "thu tu", "Wed"},   {"Thứ Năm", "thứ năm", "T5", "Thursday"},
                             {"Thứ Sáu", "thu sau", "T6", "friday"},  {"Thứ Bảy", "thu bay", "T7", "SAT"},
                             {"Chủ Nhật", "chu nhat", "CN", "Sunday"}};
  for (int day = 0; day < 7; ++day)
    for (const char* name : names[day]) EXPECT_EQ(ParseWeekday(name), day) << name;
  for (const char* name : {"", "T1", "T8", "day", "Thứ"}) EXPECT_EQ(ParseWeekday(name), std::nullopt) << name;
}

TEST(WindowReview, IsReadInVietnameseToo) {
  const auto in_vietnamese = [](const WindowReview& review) {
    std::vector<std::string> vi;
    for (const auto* said : {&review.changes, &review.warnings, &review.errors, &review.to_accept})
      for (const Words& words : *said) vi.push_back(words.vi);
    return vi;
  };
  Window longer = Daily(Stop());
  longer.recurrence.weekdays = 0x41;
  longer.line = LineId::Trusted("main");
  longer.unverified = true;
  EXPECT_THAT(in_vietnamese(ReviewWindow({Stop(), longer, "Thứ Hai"}, {Stop()}, kNow)),
              ElementsAre("lặp lại: không có -> thứ Hai, Chủ nhật", "đường truyền: mọi đường truyền -> main",
                          "đã xác nhận: có -> không",
                          "2026-11-22 là Chủ nhật, thông báo lại ghi Thứ Hai: hỏi lại xem bên nào đúng",
                          "chưa xác nhận: không có tác dụng gì cho đến khi người vận hành xác nhận"));
  EXPECT_THAT(in_vietnamese(ReviewWindow({std::nullopt, Own("2026-11-22T10:00:00", hours(2)), ""}, {}, kNow)),
              Contains("lần bảo trì của ta ngày 2026-11-22 được báo trước 1 ngày, phải báo khách hàng và cơ quan thuế "
                       "trước 30 ngày"));
  Window backwards = Stop();
  backwards.end = backwards.start;
  EXPECT_THAT(in_vietnamese(ReviewWindow({std::nullopt, backwards, ""}, {}, kNow)),
              Contains("lần dừng phải kết thúc sau khi bắt đầu"));
}

TEST(Words, SayLengthsAsPeopleDo) {
  EXPECT_EQ(SayLength(hours(3) + minutes(45)), (Words{"3 giờ 45 phút", "3 h 45 min"}));
  EXPECT_EQ(SayLength(hours(26)), (Words{"1 ngày 2 giờ", "1 d 2 h"}));
  EXPECT_EQ(SayLength(Span(0)), (Words{"0 phút", "0 min"}));
  EXPECT_EQ(SayLength(-minutes(5)), (Words{"-5 phút", "-5 min"}));
  EXPECT_EQ(SayLength(std::chrono::seconds(5)), (Words{"5 giây", "5 s"}));
}

}  // namespace
}  // namespace tvan
