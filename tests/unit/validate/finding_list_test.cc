#include "gateway/validate/finding_list.h"

#include <gmock/gmock.h>

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Reason kGrave = "field.missing"_reason;   // an error by the table
constexpr Reason kMild = "field.unknown"_reason;    // a warning
constexpr Reason kTold = "history.unknown"_reason;  // for information
constexpr Reason kBound = "findings.truncated"_reason;

std::vector<std::string> Said(std::vector<Finding> findings) {
  std::vector<std::string> out;
  for (const Finding& f : findings) out.push_back(std::string(f.rule.text()) + " " + std::string(ToString(f.severity)));
  return out;
}

TEST(FindingList, TakesTextsAndSeverityFromTheTable) {
  FindingList list;
  list.Say(kGrave, "/TDiep/DLieu", {"NLap"});
  ASSERT_TRUE(list.has_error());
  const std::vector<Finding> findings = list.Take();
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].path, "/TDiep/DLieu");
  EXPECT_EQ(findings[0].text_vi, "Thiếu trường bắt buộc NLap.");
  EXPECT_EQ(findings[0].text_en, "Required field NLap is missing or empty.");
  EXPECT_EQ(findings[0].authority_code, "1000");
}

TEST(FindingList, SaysARuleGraverOrMilderThanItsRow) {
  FindingList list;
  list.Say(kMild, Severity::kError, "", {"A", "B", "C"});
  list.Say(kGrave, Severity::kWarning, "", {"A"});
  EXPECT_TRUE(list.has_error());
  EXPECT_THAT(Said(list.Take()), ElementsAre("field.unknown error", "field.missing warning"));
}

TEST(FindingList, PutsValuesInOnceWhateverTheyHold) {
  FindingList list;
  list.Say("header.mngui_not_callers"_reason, "", {Quote("{0}{1}\n{")});
  EXPECT_EQ(list.Take()[0].text_en, "MNGui \"{0}{1}?{\" is no tax code of the connected provider.");
}

TEST(FindingList, PutsFaultsOfOtherRoomsIntoWordsCutAndPrintable) {
  FindingList list;
  list.Say({{"signature.method"_reason, "/a", {"x\n" + std::string(500, 'y')}}});
  const std::vector<Finding> findings = list.Take();
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].text_en, "The signature algorithm is not accepted: x?" + std::string(118, 'y') + ".");
  EXPECT_EQ(findings[0].severity, Severity::kError);
  EXPECT_EQ(findings[0].authority_code, "2011");
}

TEST(FindingList, InformationIsNoError) {
  FindingList list;
  list.Say(kTold, "", {"A", "B"});
  EXPECT_FALSE(list.has_error());
  EXPECT_THAT(Said(list.Take()), ElementsAre("history.unknown info"));
}

TEST(FindingList, ARuleThatIsOffAddsNothingAndIsNoError) {
  RuleSwitches switches;
  switches.TurnOff(kGrave.text());
  FindingList list(&switches);
  list.Say(kGrave, "", {"A"});
  list.Say(kGrave, Severity::kError, "", {"A"});
  list.Add(FindingOf(kGrave, {}, {"A"}));
  list.Say(std::vector<Fault>{{kGrave, {}, {"A"}}});
  list.LeaveOut(kGrave);
  list.LeaveOut(kGrave, Severity::kError);
  EXPECT_FALSE(list.has_error());
  EXPECT_THAT(Said(list.Take()), IsEmpty());
}

TEST(FindingList, ASwitchDecidesOverRowAndCaller) {
  RuleSwitches switches;
  switches.Set(kMild.text(), Severity::kError);
  switches.Set(kGrave.text(), Severity::kWarning);
  FindingList list(&switches);
  list.Say(kGrave, "", {"A"});
  list.Say(kGrave, Severity::kError, "", {"A"});
  EXPECT_FALSE(list.has_error());
  list.Say(kMild, "", {"A", "B", "C"});
  EXPECT_TRUE(list.has_error());
  EXPECT_THAT(Said(list.Take()), ElementsAre("field.missing warning", "field.missing warning", "field.unknown error"));
}

// What a full list counts: kLimit mild ones, then `more`.
std::vector<Finding> Full(const RuleSwitches& switches, Reason more) {
  FindingList list(&switches);
  for (size_t i = 0; i < FindingList::kLimit; ++i) list.Say("header.unknown_element"_reason, "", {"A"});
  EXPECT_TRUE(list.full());
  list.LeaveOut(more);
  list.Say(more, "", {"A", "B", "C"});
  EXPECT_EQ(list.has_error(), more == kGrave && switches.Of(kGrave, Severity::kError).has_value());
  return list.Take();
}

TEST(FindingList, ListsTwoHundredAndCountsTheOthers) {
  const RuleSwitches none;
  const std::vector<Finding> grave = Full(none, kGrave), mild = Full(none, kMild);
  ASSERT_EQ(grave.size(), FindingList::kLimit + 1);
  EXPECT_EQ(grave.back().rule, kBound);
  EXPECT_EQ(grave.back().severity, Severity::kError) << "one left out was an error";
  EXPECT_EQ(grave.back().text_en, "At least 2 more findings are not listed.");
  ASSERT_EQ(mild.size(), FindingList::kLimit + 1);
  EXPECT_EQ(mild.back().severity, Severity::kWarning);
}

TEST(FindingList, AnErrorTakesThePlaceOfAWarning) {
  FindingList list;
  for (size_t i = 0; i < FindingList::kLimit; ++i) list.Add(FindingOf(kMild, {}, {"A"}));
  EXPECT_TRUE(list.full());
  EXPECT_FALSE(list.full(Severity::kError));
  list.Add(FindingOf(kGrave, {}, {"A"}));
  const std::vector<Finding> all = list.Take();
  ASSERT_EQ(all.size(), FindingList::kLimit + 1);
  EXPECT_EQ(all[FindingList::kLimit - 2].rule, kMild);
  EXPECT_EQ(all[FindingList::kLimit - 1].rule, kGrave);
  EXPECT_EQ(all.back().severity, Severity::kWarning) << "no error was left out";
  EXPECT_EQ(all.back().text_en, "At least 1 more findings are not listed.");
}

TEST(FindingList, DoesNotCountARuleThatIsOff) {
  RuleSwitches switches;
  switches.TurnOff(kGrave.text());
  EXPECT_EQ(Full(switches, kGrave).size(), FindingList::kLimit);
}

}  // namespace
}  // namespace tvan
