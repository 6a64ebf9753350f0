// The receiver on a store that cannot be read: nothing is parked, nothing is moved on, all is read again.
#include <gtest/gtest.h>

#include "tests/unit/feedback/receive_world.h"

namespace tvan {
namespace {

TEST_F(Receive, AnAnswerOfADamagedMessageIsNotParked) {
  const MessageId id = Sent({.id = "1"});
  ASSERT_TRUE(store->Damage(Family::kMeta, id.value()));
  Put(Answer(202, id));
  Start();
  EXPECT_GT(authority.reads(), 0U);
  EXPECT_EQ(Parked(), "") << "it is known whose it is, only not read";
  EXPECT_EQ(store->LinePosition(authority.line()).value(), "") << "and read again";
}

TEST_F(Receive, AReadThatFailsParksNothingAndIsMadeAgain) {
  const MessageId id = Sent({.id = "1"});
  Put(Answer(202, id));
  authority.on_receive = [this] {  // the position was read; what follows cannot be
    store->SetReads(MemoryStore::Reads::kFail);
    return Status();
  };
  Start();
  clock->AdvanceBy(minutes(1));
  EXPECT_GT(authority.reads(), 0U);
  store->SetReads(MemoryStore::Reads::kGood);
  EXPECT_EQ(Parked(), "");
  EXPECT_EQ(store->LinePosition(authority.line()).value(), "");
  EXPECT_EQ(StageOf(*store, id), Stage::kSent);
  authority.on_receive = nullptr;
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(Mailbox("acme").size(), 1U);
  EXPECT_EQ(StageOf(*store, id), Stage::kAnswered);
}

TEST_F(Receive, AReadOrASearchThatWaitsSoLongThatAStopComesBeginsNoMore) {
  const MessageId id = Sent({.id = "1"});
  Put(Answer(202, id));
  authority.waits_us = Span(seconds(2)).count();
  last_read = clock->SteadyNow() + seconds(2);
  Start();
  EXPECT_EQ(receiver->Search(authority.line(), "", id).status().reason().text(), "line.not_after");
  EXPECT_EQ(authority.reads(), 0U);
  last_read = clock->SteadyNow() + minutes(1);
  clock->AdvanceBy(seconds(10));
  EXPECT_GT(authority.reads(), 0U);
  EXPECT_EQ(Mailbox("acme").size(), 1U);
}

}  // namespace
}  // namespace tvan
