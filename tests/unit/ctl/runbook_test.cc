// Which step of the runbook comes next, and that the runbooks have each of them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "ops/ctl/runbook_steps.h"
#include "tests/unit/ctl/nights.h"

namespace tvan::ctl {
namespace {

namespace admin = tvan::admin::v1;

std::string StepAfter(admin::Night night, void (*change)(admin::Night&)) {
  change(night);
  return NextStep(night).number;
}

TEST(NextStep, GoesThroughTheNight) {
  EXPECT_EQ(NextStep(QuietNight()).number, "1.2");
  EXPECT_EQ(NextStep(DrainingNight()).number, "3.3");
  EXPECT_EQ(NextStep(ClosedNight()).number, "4.2");
  EXPECT_EQ(NextStep(VerifyingRedNight()).number, "6.2");
  EXPECT_EQ(NextStep(RampingNight()).number, "7.1");
  EXPECT_EQ(NextStep(UnknownNight()).number, "9.2");
}

TEST(NextStep, BeforeTheStopIsWhatIsNotDoneYetInTheOrderOfTheRunbook) {
  admin::Night night = QuietNight();
  night.clear_unverified();
  EXPECT_EQ(NextStep(night).number, "1.3");
  night.mutable_unread()->set_unread(0);
  EXPECT_EQ(NextStep(night).number, "2.2");
  night.mutable_contact()->set_state(admin::CONTACT_STATE_MISSING);
  EXPECT_EQ(NextStep(night).number, "2.1");
  night.mutable_contact()->set_state(admin::CONTACT_STATE_SENT);
  night.mutable_on_call()->add_gaps();
  EXPECT_EQ(NextStep(night).number, "2.4");
  night.mutable_on_call()->clear_gaps();
  night.mutable_endings()->add_rows();
  EXPECT_EQ(NextStep(night).number, "3.1");
  night.mutable_endings()->clear_rows();
  EXPECT_EQ(NextStep(night).number, "3.2");
}

TEST(NextStep, OfAnOverdueSheetComesBeforeAllElse) {
  EXPECT_EQ(
      StepAfter(DrainingNight(), [](admin::Night& n) { n.mutable_contact()->set_state(admin::CONTACT_STATE_OVERDUE); }),
      "2.2");
}

TEST(NextStep, WhileClosedIsTheSnapshotThenWaitingThenTheQuestionOfTheEnd) {
  const auto at = [](const char* local) {
    admin::Night night = ClosedNight();
    SetTime(local, night.mutable_now());
    return NextStep(night).number;
  };
  EXPECT_EQ(at("2026-11-22T00:14:59"), "4.1");
  EXPECT_EQ(at("2026-11-22T00:15:00"), "4.2");
  EXPECT_EQ(at("2026-11-22T04:14:59"), "4.2");
  EXPECT_EQ(at("2026-11-22T04:15:00"), "5.1");
}

TEST(NextStep, AfterTheStopIsWhatTheNightLeftBehind) {
  admin::Night night = RampingNight();
  night.set_phase(v1::LINE_PHASE_OPEN);
  night.mutable_marks(5)->set_state(admin::MARK_STATE_PASSED);
  EXPECT_EQ(NextStep(night).number, "8.4");
  night.add_incidents()->set_id("INC-2026-11-22-1");
  EXPECT_EQ(NextStep(night).number, "8.3");
  EXPECT_EQ(NextStep(night).command, "tvanctl incident close INC-2026-11-22-1 --text \"…\"");
  night.add_refusing(v1::MESSAGE_CLASS_SUMMARY);
  EXPECT_EQ(NextStep(night).number, "8.2");
  night.mutable_counts()->set_silent(1);
  EXPECT_EQ(NextStep(night).number, "8.1");
}

TEST(NextStep, NamesTheStopInItsCommand) {
  EXPECT_EQ(ExtendCommand(DrainingNight()), "tvanctl window extend upgrade --by 1h --preview");
  EXPECT_EQ(ExtendCommand(UnknownNight()), "");
  EXPECT_EQ(NextStep(QuietNight()).command.find('{'), std::string::npos);
}

std::string Runbook(const char* name) {
  std::ifstream in(std::string(std::getenv("TVAN_SOURCE_DIR")) + "/ops/runbooks/" + name);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// "**3.2**", and the command up to what the night fills in.
TEST(Runbooks, HaveEveryStepAndItsCommandInBothLanguages) {
  for (const char* name : {"maintenance-night.md", "maintenance-night.vi.md"}) {
    const std::string text = Runbook(name);
    for (const RunbookStep& step : RunbookSteps()) {
      EXPECT_NE(text.find("**" + step.number + "** "), std::string::npos) << name << " lacks step " << step.number;
      const std::string command = step.command.substr(0, step.command.find_first_of("{\"…"));
      EXPECT_NE(text.find(command), std::string::npos) << name << " lacks: " << command;
    }
  }
}

}  // namespace
}  // namespace tvan::ctl
