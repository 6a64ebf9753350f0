// Waiting behind a registration makes no message late: it ends before the legal deadline of what waits.
#include "tests/unit/dispatch/world.h"

namespace tvan {
namespace {

class Late : public DispatchWorld {
 protected:
  Late() {
    for (const MessageClass cls : {MessageClass::kRegistration, MessageClass::kCoded})
      options.classes[cls].t1_silent = hours(100);
  }
  // A registration that nobody answers.
  void StartBehindARegistration() {
    Start();
    Accept({.id = "1", .cls = MessageClass::kRegistration, .type = 100});
  }
};

TEST_F(Late, WaitingEndsHalfAnHourBeforeTheDeadlineOfWhatWaits) {
  options.deadlines = Deadlines({{MessageClass::kErrorNotice, 0}});
  clock->AdvanceBy(hours(12));  // 22:00
  StartBehindARegistration();
  const MessageId today = Accept({.id = "2", .cls = MessageClass::kCashRegister, .type = 206});
  const MessageId by_configuration = Accept({.id = "3", .cls = MessageClass::kErrorNotice, .type = 300});
  const MessageId later = Accept({.id = "4"});
  clock->AdvanceBy(minutes(89));
  EXPECT_EQ(At(today), Stage::kQueued);
  clock->AdvanceBy(minutes(2));
  ASSERT_EQ(Log(today), "accepted released attempt sent");
  EXPECT_EQ(ViewOf(*store, today).events[1].reason, "dispatch.parent_overdue");
  EXPECT_EQ(At(by_configuration), Stage::kSent);
  EXPECT_EQ(At(later), Stage::kQueued) << "it is due tomorrow";
}

TEST_F(Late, WhatIsAcceptedJustBeforeItsDeadlineDoesNotWait) {
  clock->AdvanceBy(hours(13) + minutes(40));  // 23:40
  StartBehindARegistration();
  EXPECT_EQ(At(Accept({.id = "2", .cls = MessageClass::kCashRegister, .type = 206})), Stage::kSent);
}

// The authority would refuse a notice of an invoice that it has not seen.
TEST_F(Late, AnInvoiceThatIsNamedIsWaitedForPastTheDeadline) {
  options.deadlines = Deadlines({{MessageClass::kErrorNotice, 0}});
  clock->AdvanceBy(hours(13));  // 23:00
  Start();
  Accept({.id = "1", .claims = {"7"}});
  const MessageId notice = Accept({.id = "2", .cls = MessageClass::kErrorNotice, .type = 300, .refers = {"7"}});
  clock->AdvanceBy(minutes(80));
  EXPECT_EQ(At(notice), Stage::kQueued) << Log(notice);
}

}  // namespace
}  // namespace tvan
