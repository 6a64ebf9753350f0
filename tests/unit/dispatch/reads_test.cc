// Dispatch on a store that cannot be read: nothing is sent before recovery, one damaged record or queue keeps no other
// back.
#include "gateway/dispatch/unreadables.h"
#include "store/keys.h"
#include "tests/unit/dispatch/world.h"

namespace tvan {
namespace {

class Reads : public DispatchWorld {
 protected:
  // One more message, of which the last life recorded an attempt and nothing else.
  MessageId BeingSent(const std::string& name = "sending") {
    const Fence fence = store->TakeOwnership();
    const MessageId id = Accept({.id = name});
    AttemptIntent intent;
    intent.gateway_id = id;
    intent.line = options.line;
    intent.at = clock->Now();
    EXPECT_TRUE(store->RecordAttempts(fence, {intent})->front().ok());
    return id;
  }
};

TEST_F(Reads, NothingIsSentBeforeEveryAttemptOfTheLastLifeIsKnown) {
  const MessageId sending = BeingSent();
  const MessageId next = Accept({.id = "next"});
  store->SetReads(MemoryStore::Reads::kFail);
  Start();
  clock->AdvanceBy(minutes(5));
  EXPECT_TRUE(authority.sent().empty());
  store->SetReads(MemoryStore::Reads::kGood);
  EXPECT_EQ(At(sending), Stage::kSending);
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(SentCount(next), 1U);
  EXPECT_EQ(Log(sending).substr(0, 25), "accepted attempt in_doubt") << "it was tried again";
}

TEST_F(Reads, AnAttemptThatCannotBeReadIsListedAndStopsNobodyElse) {
  const MessageId damaged = BeingSent("damaged"), sending = BeingSent("sending");
  const MessageId next = Accept({.id = "next"});
  ASSERT_TRUE(store->Damage(Family::kMeta, damaged.value()));
  Start();
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(SentCount(next), 1U);
  EXPECT_EQ(Log(sending).substr(0, 25), "accepted attempt in_doubt") << "the one behind it was recovered";
  EXPECT_EQ(SentCount(damaged), 0U);
  const auto census = dispatcher->view().census;
  ASSERT_EQ(census->unreadable.size(), 1U);
  EXPECT_EQ(census->unreadable[0].place, "sending");
  EXPECT_EQ(census->unreadable[0].acceptance, 1U);
  EXPECT_EQ(census->unreadable[0].gateway_id, damaged);
  EXPECT_NE(metrics->Render().find("\ntvan_dispatch_unreadable_total 1\n"), std::string::npos) << "told once";
  EXPECT_NE(metrics->Render().find("\ntvan_dispatch_unreadable_messages 1\n"), std::string::npos);
}

TEST_F(Reads, MoreDamageThanCanBeListedStopsTheSending) {
  std::vector<MessageId> damaged;
  for (size_t i = 0; i <= Unreadables::kMost; ++i) damaged.push_back(BeingSent(std::to_string(i)));
  const MessageId next = Accept({.id = "next"});
  for (const MessageId& id : damaged) ASSERT_TRUE(store->Damage(Family::kMeta, id.value()));
  Start();
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(SentCount(next), 0U) << "it is the store that is ill";
  EXPECT_NE(metrics->Render().find("\ntvan_dispatch_unreadable_total 64\n"), std::string::npos);
}

TEST_F(Reads, AQueueStepsOverItsDamageInOrder) {
  options.batch = 1;
  options.sends_in_flight = 1;
  const MessageId first = Accept({.id = "1"});
  const MessageId damaged = Accept({.id = "2"});
  const MessageId behind = Accept({.id = "3"});
  const MessageId last = Accept({.id = "4"});
  ASSERT_TRUE(store->Damage(Family::kMeta, damaged.value()));
  Start();
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(Order(), (std::vector<std::string>{first.value(), behind.value(), last.value()}));
  const auto census = dispatcher->view().census;
  ASSERT_EQ(census->unreadable.size(), 1U);
  EXPECT_EQ(census->unreadable[0].place, "acme/coded");
  EXPECT_EQ(store->Measure()->queues[0].messages, 1U) << "it stays where it is";
}

TEST_F(Reads, WhatDependsOnADamagedMessageWaitsForIt) {
  const MessageId damaged = Accept({.id = "1", .claims = {"7"}});
  const MessageId child = Accept({.id = "2", .cls = MessageClass::kErrorNotice, .type = 300, .refers = {"7"}});
  const MessageId twin = Accept({.id = "3", .cls = MessageClass::kErrorNotice, .type = 300, .refers = {"8"}});
  ASSERT_TRUE(store->Damage(Family::kMeta, damaged.value()));
  Start();
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(SentCount(child), 0U);
  EXPECT_EQ(SentCount(twin), 1U);
}

TEST_F(Reads, AStageIsWatchedBeyondItsDamage) {
  Start();
  const MessageId first = Accept({.id = "1"});
  const MessageId damaged = Accept({.id = "2"});
  const MessageId behind = Accept({.id = "3"});
  ASSERT_EQ(At(damaged), Stage::kSent);
  ASSERT_TRUE(store->Damage(Family::kMeta, damaged.value()));
  clock->AdvanceBy(hours(30));
  EXPECT_NE(Log(first), "accepted attempt sent") << "its silence was seen";
  EXPECT_NE(Log(behind), "accepted attempt sent");
}

}  // namespace
}  // namespace tvan
