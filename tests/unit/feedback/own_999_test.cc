// Our own 999s while they may not leave.
#include "tests/unit/feedback/receive_world.h"

namespace tvan {
namespace {

TEST_F(Receive, AnOwn999ThatIsHeldIsNobodysFailureAndGoesAsSoonAsItMay) {
  last_instant = Steady{};  // the technical class does not send: closed, verified or down
  Put(Answer(202, Sent({.id = "1"})));
  Start();
  clock->AdvanceBy(minutes(60));
  EXPECT_EQ(authority.sent().size(), 0U);
  EXPECT_NE(metrics->Render().find("tvan_feedback_own_999_failures_total 0\n"), std::string::npos);
  last_instant = kSteadyForever;
  clock->AdvanceBy(seconds(5));
  EXPECT_EQ(authority.sent().size(), 1U);
}

}  // namespace
}  // namespace tvan
