// The switch of a class: hold, as it is by default, or refuse what is new while the line does not send.
#include <gmock/gmock.h>

#include "gateway/calendar/line_now.h"
#include "tests/unit/intake/intake_world.h"

namespace tvan {
namespace {

using Kind = SubmitOutcome::Kind;
using std::chrono::hours;
using std::chrono::minutes;

const LineId kMain = LineId::Trusted("main");

class RefuseNew : public testing::Test {
 protected:
  RefuseNew() {
    calendar_ = *Calendar::Load(*world_.store, PhaseRules());
    world_.refused_for = [this](MessageClass cls, Time now) {
      return RefusedFor(*calendar_, kMain, cls, now, std::chrono::seconds(1));
    };
  }
  void Switch(IntakeMode mode, MessageClass cls = MessageClass::kUncoded) {
    const Status set = calendar_->SetMode(cls, mode, "op", "the disk is nearly full", world_.clock->Now());
    ASSERT_TRUE(set.ok()) << set.ToString();
  }
  void CloseFor(Span span) {
    Window w;
    w.id = "night";
    w.start = world_.clock->Now() - minutes(1);
    w.end = world_.clock->Now() + span;
    w.created_at = w.start - hours(1);
    ASSERT_TRUE(calendar_->Put(w, "op", "", w.created_at).ok());
    ASSERT_EQ(calendar_->At(kMain, MessageClass::kUncoded, world_.clock->Now()).phase, Phase::kClosed);
  }
  IntakeWorld world_;
  std::unique_ptr<Calendar> calendar_;
};

TEST_F(RefuseNew, ANewMessageOfAClosedClassIsRefusedUntilTheExpectedReturn) {
  CloseFor(minutes(20));
  Switch(IntakeMode::kRefuseNew);
  const SubmitOutcome outcome = world_.Submit(world_.Signed(Spec203(1)));
  EXPECT_EQ(outcome.kind, Kind::kFailure);
  EXPECT_EQ(outcome.failure.reason(), "intake.refuse_new"_reason);
  EXPECT_TRUE(outcome.failure.is_transient());
  EXPECT_EQ(outcome.retry_after, minutes(20));
  EXPECT_EQ(world_.accepted_total(), 0U);
  EXPECT_TRUE(world_.rejections.empty()) << "nothing is wrong with the message";
}

TEST_F(RefuseNew, HoldTakesTheSameMessage) {
  CloseFor(minutes(20));
  EXPECT_EQ(world_.Submit(world_.Signed(Spec203(1))).kind, Kind::kReceipt);
}

TEST_F(RefuseNew, AnOpenLineTakesTheSameMessage) {
  Switch(IntakeMode::kRefuseNew);
  EXPECT_EQ(world_.Submit(world_.Signed(Spec203(1))).kind, Kind::kReceipt);
}

TEST_F(RefuseNew, AnotherClassIsTaken) {
  CloseFor(minutes(20));
  Switch(IntakeMode::kRefuseNew, MessageClass::kCoded);
  EXPECT_EQ(world_.Submit(world_.Signed(Spec203(1))).kind, Kind::kReceipt);
}

TEST_F(RefuseNew, WhatWasAcceptedBeforeGetsItsReceiptAgain) {
  const SubmitInput input = world_.Signed(Spec203(1));
  const SubmitOutcome first = world_.Submit(input);
  ASSERT_EQ(first.kind, Kind::kReceipt);
  CloseFor(minutes(20));
  Switch(IntakeMode::kRefuseNew);
  const SubmitOutcome again = world_.Submit(input);
  ASSERT_EQ(again.kind, Kind::kReceipt) << again.failure.ToString();
  EXPECT_TRUE(again.already_accepted);
  EXPECT_EQ(again.receipt.jws, first.receipt.jws);
}

TEST_F(RefuseNew, ACheckIsAnsweredAllTheSame) {
  CloseFor(minutes(20));
  Switch(IntakeMode::kRefuseNew);
  const CheckOutcome outcome = world_.Check(world_.Signed(Spec203(1)));
  EXPECT_TRUE(outcome.failure.ok()) << outcome.failure.ToString();
  EXPECT_TRUE(outcome.acceptable);
}

TEST_F(RefuseNew, TheTimeToComeAgainIsBoundedToAnHour) {
  CloseFor(hours(9));
  Switch(IntakeMode::kRefuseNew);
  EXPECT_EQ(world_.Submit(world_.Signed(Spec203(1))).retry_after, hours(1));
}

TEST_F(RefuseNew, ALineThatIsDownOrVerifiedRefusesTooAndKnowsNoReturn) {
  LineFacts down;
  down.now = world_.clock->Now();
  ASSERT_TRUE(calendar_->Advance(kMain, down).ok());
  down.down = "the service answers 503";
  ASSERT_TRUE(calendar_->Advance(kMain, down).ok());
  ASSERT_EQ(calendar_->At(kMain, MessageClass::kUncoded, down.now).phase, Phase::kDown);
  Switch(IntakeMode::kRefuseNew);
  EXPECT_EQ(world_.Submit(world_.Signed(Spec203(1))).retry_after, std::chrono::seconds(1));
  down.down.reset();
  down.probed = ProbeRound();
  down.probed->at = down.now;
  down.probed->level = 2;
  ASSERT_TRUE(calendar_->Advance(kMain, down).ok());
  ASSERT_EQ(calendar_->At(kMain, MessageClass::kUncoded, down.now).phase, Phase::kVerifying);
  EXPECT_EQ(world_.Submit(world_.Signed(Spec203(1))).failure.reason(), "intake.refuse_new"_reason);
}

}  // namespace
}  // namespace tvan
