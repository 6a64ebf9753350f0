// Incidents and the log of a stop: what was said stays said. And who is on call.
#include "gateway/calendar/incident.h"

#include <thread>

#include <gtest/gtest.h>

#include "gateway/calendar/on_call.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"

namespace tvan {
namespace {

using std::chrono::hours;

class IncidentTest : public testing::Test {
 protected:
  IncidentEntry Say(const std::string& text, EntryKind kind = EntryKind::kNote) {
    return {clock_->Now(), "lan", kind, text};
  }
  std::string Open(const std::string& title = "line cut") {
    Incident said;
    said.title = title;
    said.fault_class = "line";
    const auto opened = OpenIncident(*store_, said, Say("no answer since 09:58"));
    return opened.ok() ? opened->id : std::string(opened.status().reason().text());
  }
  std::string Add(const std::string& id, const IncidentEntry& entry, LogOf of = LogOf::kIncident) {
    const auto added = AddToIncident(*store_, id, of, entry);
    return std::string(added.status().reason().text());
  }
  std::unique_ptr<TestClock> clock_ = MakeTestClock();  // 2026-11-21T10:00
  std::unique_ptr<MemoryStore> store_ = MakeMemoryStore({.manual_flush = true}, *clock_);
};

TEST_F(IncidentTest, GrowsByOneEntryAndKeepsTheOthersAsTheyWere) {
  const std::string id = Open();
  EXPECT_EQ(id, "INC-2026-11-21-1");
  EXPECT_EQ(Open(), "INC-2026-11-21-2");
  clock_->AdvanceBy(hours(1));
  EXPECT_EQ(Add(id, Say("called the authority", EntryKind::kContact)), "");
  EXPECT_EQ(Add(id, Say("Minh takes over", EntryKind::kHandover)), "");
  const auto log = ReadIncident(*store_, id);
  ASSERT_TRUE(log.ok());
  ASSERT_EQ(log->entries.size(), 3U);
  EXPECT_EQ(log->entries[0].text, "no answer since 09:58");
  EXPECT_EQ(log->entries[0].at, clock_->Now() - hours(1));
  EXPECT_EQ(log->entries[1].kind, EntryKind::kContact);
  EXPECT_EQ(log->entries[2].author, "lan");
  EXPECT_EQ(log->incident.fault_class, "line");
  EXPECT_EQ(log->incident.entries, 3U);
}

TEST_F(IncidentTest, TakesNothingMoreWhenItIsClosed) {
  const std::string id = Open();
  ASSERT_TRUE(CloseIncident(*store_, id, Say("all clear"), "authority").ok());
  EXPECT_EQ(Add(id, Say("one more")), "calendar.incident_closed");
  EXPECT_EQ(CloseIncident(*store_, id, Say("again")).status().reason().text(), "calendar.incident_closed");
  const auto log = ReadIncident(*store_, id);
  EXPECT_EQ(log->entries.size(), 2U);
  EXPECT_EQ(log->incident.closed_at, clock_->Now());
  EXPECT_EQ(log->incident.fault_class, "authority");
}

TEST_F(IncidentTest, OfAStopBeginsWithItsFirstEntryAndOfNothingKnownNever) {
  EXPECT_EQ(Add("night/2026-11-22", Say("Lan hands over to Minh", EntryKind::kHandover)), "calendar.no_incident");
  EXPECT_EQ(Add("night/2026-11-22", Say("Lan hands over to Minh", EntryKind::kHandover), LogOf::kStop), "");
  const auto log = ReadIncident(*store_, "night/2026-11-22");
  ASSERT_TRUE(log.ok());
  EXPECT_EQ(log->incident.window, "night/2026-11-22");
  EXPECT_EQ(CloseIncident(*store_, "INC-2026-11-21-9", Say("x")).status().reason().text(), "calendar.no_incident");
}

TEST_F(IncidentTest, RefusesWhatIsTooLongEmptyOrMovesACursorAndTakesTheTwins) {
  const std::string id = Open();
  EXPECT_EQ(Add(id, Say(std::string(1000, 'x'))), "");
  EXPECT_EQ(Add(id, Say(std::string(1001, 'x'))), "calendar.invalid");
  EXPECT_EQ(Add(id, Say("x")), "");
  EXPECT_EQ(Add(id, Say("")), "calendar.invalid");
  EXPECT_EQ(Add(id, Say("two\nlines")), "");
  EXPECT_EQ(Add(id, Say("clear\033[2J")), "calendar.invalid");
  EXPECT_EQ(Add(id, Say("broken \xc3(")), "calendar.invalid");
  EXPECT_EQ(Add(id, Say("kind", static_cast<EntryKind>(9))), "calendar.invalid");
  EXPECT_EQ(AddToIncident(*store_, id, LogOf::kIncident, Say("x"), "moon").status().reason().text(),
            "calendar.invalid");
  EXPECT_TRUE(AddToIncident(*store_, id, LogOf::kIncident, Say("x"), "one_provider").ok());
  EXPECT_EQ(Open(""), "calendar.invalid");
  EXPECT_EQ(Open(std::string(201, 't')), "calendar.invalid");
  EXPECT_EQ(ReadIncident(*store_, id)->entries.size(), 5U);
}

TEST_F(IncidentTest, LosesNoEntryOfTwoWhoWriteAtOnce) {
  const auto store = MakeMemoryStore({}, *clock_);
  const auto opened = OpenIncident(*store, {.title = "both"}, Say("first"));
  ASSERT_TRUE(opened.ok());
  const auto write = [&](const char* who) {
    for (int i = 0; i < 20; ++i)
      EXPECT_TRUE(AddToIncident(*store, opened->id, LogOf::kIncident, {Time{1}, who, EntryKind::kNote, "x"}).ok());
  };
  std::thread lan(write, "lan"), minh(write, "minh");
  lan.join();
  minh.join();
  EXPECT_EQ(ReadIncident(*store, opened->id)->entries.size(), 41U);
}

TEST_F(IncidentTest, AreListedNewestFirst) {
  Open("old");
  clock_->AdvanceBy(hours(30));
  Open("new");
  const auto all = ListIncidents(*store_);
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ((*all)[0].title, "new");
  EXPECT_EQ((*all)[1].id, "INC-2026-11-21-1");
}

std::string Gaps(const std::vector<Shift>& shifts) {
  std::string said;
  for (const auto& [from, to] : GapsIn(shifts, Time{0}, Time{100}))
    said += std::to_string(from.us) + "-" + std::to_string(to.us) + " ";
  return said;
}

TEST(OnCallGaps, AreTheHoursThatNobodyHas) {
  const auto shift = [](int64_t from, int64_t to) { return Shift{"Lan", "", Time{from}, Time{to}}; };
  EXPECT_EQ(Gaps({}), "0-100 ");
  EXPECT_EQ(Gaps({shift(0, 100)}), "");
  EXPECT_EQ(Gaps({shift(60, 120), shift(-5, 40)}), "40-60 ");
  EXPECT_EQ(Gaps({shift(10, 50), shift(20, 30), shift(50, 90)}), "0-10 90-100 ");
}

TEST_F(IncidentTest, OnCallIsKeptInOrderAndRefusesAShiftThatEndsBeforeItBegins) {
  const auto put = [&](const Shift& shift) { return PutOnCall(*store_, {"night", {shift}, 0}, "lan", clock_->Now()); };
  EXPECT_EQ(put({"Lan", "", Time{5}, Time{5}}).status().reason().text(), "calendar.invalid");
  EXPECT_TRUE(put({"Lan", "", Time{5}, Time{6}}).ok());
  EXPECT_EQ(put({"", "", Time{5}, Time{6}}).status().reason().text(), "calendar.invalid");
  OnCall two{"night", {{"Minh", "0912345678", Time{50}, Time{90}}, {"Lan", "", Time{5}, Time{60}}}, 0};
  ASSERT_TRUE(PutOnCall(*store_, two, "lan", clock_->Now()).ok());
  const auto found = FindOnCall(*store_, "night");
  ASSERT_EQ(found->shifts.size(), 2U);
  EXPECT_EQ(found->shifts[0].name, "Lan");
  EXPECT_EQ(found->shifts[1].mobile, "0912345678");
  EXPECT_EQ(found->version, 2U);
  EXPECT_EQ(FindOnCall(*store_, "other")->version, 0U);
}

}  // namespace
}  // namespace tvan
