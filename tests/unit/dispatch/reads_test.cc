// Dispatch on a store that cannot be read: nothing is sent before recovery, one queue keeps no other back.
#include "store/keys.h"
#include "tests/unit/dispatch/world.h"

namespace tvan {
namespace {

class Reads : public DispatchWorld {
 protected:
  // One more message, of which the last life recorded an attempt and nothing else.
  MessageId BeingSent() {
    const Fence fence = store->TakeOwnership();
    const MessageId id = Accept({.id = "sending"});
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

TEST_F(Reads, AnAttemptThatCannotBeReadStopsTheSending) {
  const MessageId sending = BeingSent();
  const MessageId next = Accept({.id = "next"});
  ASSERT_TRUE(store->Damage(Family::kMeta, sending.value()));
  Start();
  clock->AdvanceBy(minutes(5));
  EXPECT_TRUE(authority.sent().empty()) << "it may be this one's successor";
  EXPECT_EQ(At(next), Stage::kQueued);
}

TEST_F(Reads, AQueueGoesUpToItsDamageAndKeepsNoOtherBack) {
  const MessageId first = Accept({.id = "1"});
  const MessageId damaged = Accept({.id = "2"});
  const MessageId behind = Accept({.id = "3"});
  const MessageId other = Accept({.provider = "beta", .id = "4"});
  ASSERT_TRUE(store->Damage(Family::kMeta, damaged.value()));
  Start();
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(SentCount(first), 1U);
  EXPECT_EQ(SentCount(other), 1U);
  EXPECT_EQ(SentCount(behind), 0U) << "nothing overtakes in a queue";
}

TEST_F(Reads, AStageIsWatchedUpToItsDamage) {
  Start();
  const MessageId first = Accept({.id = "1"});
  const MessageId damaged = Accept({.id = "2"});
  ASSERT_EQ(At(damaged), Stage::kSent);
  ASSERT_TRUE(store->Damage(Family::kMeta, damaged.value()));
  clock->AdvanceBy(hours(30));
  EXPECT_NE(Log(first), "accepted attempt sent") << "its silence was seen";
}

}  // namespace
}  // namespace tvan
