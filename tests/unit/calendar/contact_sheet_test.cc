// The contact sheet: when it is due, what is one, and what a record of having sent it is worth.
#include "gateway/calendar/contact_sheet.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"

namespace tvan {
namespace {

Window NightOfTheUpgrade() {
  Window w;
  w.id = "upgrade";
  w.start = *ParseTime("2023-03-09T00:00:00");
  w.end = *ParseTime("2023-03-09T03:45:00");
  w.verify_until = *ParseTime("2023-03-09T05:00:00");
  w.source = "1234/TB-TCT";
  return w;
}

ContactSheet Sheet() {
  ContactSheet sheet;
  sheet.window = "upgrade";
  sheet.contact = {"Nguyễn Văn Ân", "Trưởng ca", "an@tvan.example", "+84 912 345 678"};
  return sheet;
}

const Time kDayBefore = *ParseTime("2023-03-08T12:00:00");

TEST(ContactDue, IsFiveInTheAfternoonOfTheDayBefore) {
  Window w = NightOfTheUpgrade();
  EXPECT_EQ(FormatLocal(ContactDue(w)), "2023-03-08T17:00:00");
  w.start = *ParseTime("2023-03-09T22:30:00");  // the day before the day of the start, however late that is
  EXPECT_EQ(FormatLocal(ContactDue(w)), "2023-03-08T17:00:00");
  w.start = *ParseTime("2023-03-08T23:59:59");
  EXPECT_EQ(FormatLocal(ContactDue(w)), "2023-03-07T17:00:00");
  EXPECT_EQ(FormatLocal(ContactDue(w, std::chrono::hours(12))), "2023-03-07T12:00:00");
}

TEST(ContactState, IsOverdueFromTheInstantOnUnlessItWasSent) {
  const Window w = NightOfTheUpgrade();
  const Time due = ContactDue(w);
  EXPECT_EQ(StateOf(w, ContactSheet(), due - Span(1)), ContactState::kMissing);
  EXPECT_EQ(StateOf(w, Sheet(), due - Span(1)), ContactState::kReady);
  EXPECT_EQ(StateOf(w, Sheet(), due), ContactState::kOverdue);
  ContactSheet sent = Sheet();
  sent.sent_at = due + Span(1);
  EXPECT_EQ(StateOf(w, sent, due), ContactState::kSent);
}

TEST(ContactState, IsAskedForStopsOfTheAuthorityOnly) {
  Window w = NightOfTheUpgrade();
  for (const WindowKind kind : {WindowKind::kOwn, WindowKind::kOutage, WindowKind::kRehearsal}) {
    w.kind = kind;
    EXPECT_EQ(StateOf(w, ContactSheet(), w.start), ContactState::kNotNeeded);
  }
}

std::string Judge(const ContactSheet& sheet) {
  return std::string(CheckContactSheet(sheet, kDayBefore).reason().text());
}

template <class Change>
std::string With(Change change) {
  ContactSheet sheet = Sheet();
  change(sheet);
  return Judge(sheet);
}

TEST(CheckContactSheet, WantsAllFourFieldsAndTakesTheTwinThatHasThem) {
  EXPECT_EQ(Judge(Sheet()), "");
  EXPECT_EQ(With([](ContactSheet& s) { s.contact.name = ""; }), "calendar.invalid");
  EXPECT_EQ(With([](ContactSheet& s) { s.contact.title = ""; }), "calendar.invalid");
  EXPECT_EQ(With([](ContactSheet& s) { s.contact.email = ""; }), "calendar.invalid");
  EXPECT_EQ(With([](ContactSheet& s) { s.contact.mobile = ""; }), "calendar.invalid");
  EXPECT_EQ(With([](ContactSheet& s) { s.contact.name = std::string(100, 'n'); }), "");
  EXPECT_EQ(With([](ContactSheet& s) { s.contact.name = std::string(101, 'n'); }), "calendar.invalid");
  EXPECT_EQ(With([](ContactSheet& s) { s.contact.title = "a\033[2J"; }), "calendar.invalid");
  EXPECT_EQ(With([](ContactSheet& s) { s.contact.title = "a [2J"; }), "");
}

TEST(CheckContactSheet, KnowsAnAddressAndANumberByTheirTwins) {
  const auto email = [](const char* text) { return With([text](ContactSheet& s) { s.contact.email = text; }); };
  EXPECT_EQ(email("a@b"), "");
  for (const char* bad : {"ab", "@b", "a@", "a@@b", "a b@c"}) EXPECT_EQ(email(bad), "calendar.invalid") << bad;
  const auto mobile = [](const char* text) { return With([text](ContactSheet& s) { s.contact.mobile = text; }); };
  for (const char* good : {"091234567", "+84 912.345-678", "123456789012345"}) EXPECT_EQ(mobile(good), "") << good;
  for (const char* bad : {"09123456", "1234567890123456", "0912345678a", "09+12345678"})
    EXPECT_EQ(mobile(bad), "calendar.invalid") << bad;
}

TEST(CheckContactSheet, BelievesThatItWasSentWhenSomebodySaysHowAndNotAheadOfTime) {
  const auto sent = [](Span late, const char* how) {
    return With([=](ContactSheet& s) {
      s.sent_at = kDayBefore + late;
      s.sent_how = how;
    });
  };
  EXPECT_EQ(sent(Span(0), "e-mail"), "");
  EXPECT_EQ(sent(Span(1), "e-mail"), "calendar.invalid");
  EXPECT_EQ(sent(Span(0), ""), "calendar.invalid");
}

class ContactRecord : public testing::Test {
 protected:
  ContactSheet Put(ContactSheet sheet, const std::string& author) {
    const auto stored = PutContactSheet(*store_, std::move(sheet), author, kDayBefore);
    EXPECT_TRUE(stored.ok()) << stored.status().ToString();
    return stored.ok() ? *stored : ContactSheet();
  }
  ContactSheet Find(const Window& w) { return FindContactSheet(*store_, w).value(); }
  std::unique_ptr<TestClock> clock_ = MakeTestClock();
  std::unique_ptr<MemoryStore> store_ = MakeMemoryStore({.manual_flush = true}, *clock_);
};

TEST_F(ContactRecord, ComesBackAsItWasPutWithWhoSaidThatItWasSent) {
  ContactSheet sheet = Sheet();
  sheet.sent_at = kDayBefore;
  sheet.sent_how = "e-mail";
  Put(sheet, "lan");
  const ContactSheet found = Find(NightOfTheUpgrade());
  EXPECT_EQ(found.contact, sheet.contact);
  EXPECT_EQ(found.sent_at, kDayBefore);
  EXPECT_EQ(found.sent_how, "e-mail");
  EXPECT_EQ(found.sent_by, "lan");
  EXPECT_EQ(found.version, 1U);
}

TEST_F(ContactRecord, IsNotSentAnyMoreWhenAnotherPersonIsNamed) {
  ContactSheet sheet = Sheet();
  sheet.sent_at = kDayBefore;
  sheet.sent_how = "e-mail";
  ContactSheet stored = Put(sheet, "lan");
  stored = Put(stored, "minh");  // the same again
  EXPECT_TRUE(stored.sent_at);
  EXPECT_EQ(stored.sent_by, "lan");
  stored.contact.mobile = "0987 654 321";
  stored = Put(stored, "minh");
  EXPECT_FALSE(stored.sent_at);
  EXPECT_EQ(stored.sent_by, "");
  EXPECT_FALSE(Find(NightOfTheUpgrade()).sent_at);
}

TEST_F(ContactRecord, OfOneDayComesBeforeThatOfTheWindowAndThatBeforeTheWindowsOwnContact) {
  Window day = NightOfTheUpgrade();
  day.id = "upgrade/2023-03-09";
  day.ours.name = "of the window";
  EXPECT_EQ(Find(day).contact.name, "of the window");
  EXPECT_EQ(Find(day).version, 0U);
  ContactSheet sheet = Sheet();
  sheet.contact.name = "of all days";
  Put(sheet, "lan");
  EXPECT_EQ(Find(day).contact.name, "of all days");
  sheet.window = day.id;
  sheet.contact.name = "of this day";
  Put(sheet, "lan");
  EXPECT_EQ(Find(day).contact.name, "of this day");
}

TEST_F(ContactRecord, OfTwoWhoChangeItAtOnceOneHears) {
  Put(Sheet(), "lan");
  ASSERT_TRUE(PutContactSheet(*store_, Sheet(), "lan", kDayBefore, 1).ok());
  const auto late = PutContactSheet(*store_, Sheet(), "minh", kDayBefore, 1);
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.status().reason().text(), "store.conflict");
}

TEST(ContactLetter, SaysAllFourFieldsAndTheHoursInBothLanguages) {
  const Words letter = ContactLetter(NightOfTheUpgrade(), Sheet().contact, "0101234567");
  for (const std::string& text : {letter.vi, letter.en})
    for (const char* part : {"Nguyễn Văn Ân", "Trưởng ca", "an@tvan.example", "+84 912 345 678", "1234/TB-TCT", "00:00",
                             "03:45", "05:00", "0101234567"})
      EXPECT_NE(text.find(part), std::string::npos) << part << " is missing in\n" << text;
  EXPECT_EQ(letter.vi.rfind("Tiêu đề: ", 0), 0U);
  EXPECT_EQ(letter.en.rfind("Subject: ", 0), 0U);
  EXPECT_EQ(ContactLetter(NightOfTheUpgrade(), Contact(), "0101234567"), Words());
}

}  // namespace
}  // namespace tvan
