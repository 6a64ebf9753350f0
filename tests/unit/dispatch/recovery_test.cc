// After a restore: what may have been sent is searched for first, and nothing at all is sent before the answers were
// read again.
#include "store/keys.h"
#include "tests/unit/dispatch/world.h"

namespace tvan {
namespace {

const std::string kNext(32, 'b');

class Restored : public DispatchWorld {
 protected:
  // Accepts with nobody sending, copies, and goes on with the copy; the messages `sent` were sent in the lost life.
  void LoseAndRestore() {
    store = store->Restore(store->MakeCopy(), kNext);
    calendar = Calendar::Load(*store, rules).value();
  }
  bool Recovering() const { return store->recovery().value()->active(); }
  // Taken out of its queue in the life that is copied, and refused by the book since.
  MessageId Held(const FakeMessage& spec) {
    contracts.Set({.refuse = [](auto&, auto&, int type, Time) { return type == 200 ? Stopped() : Faults(); }});
    const MessageId id = Accept(spec);
    StageChange hold{.gateway_id = id, .event = EventKind::kHeld};
    hold.to = Stage::kHeld;
    hold.at = clock->Now();
    hold.reason = "dispatch.held_mandate";
    EXPECT_TRUE(store->Change(store->TakeOwnership(), {hold}).value()[0].ok());
    return id;
  }
  using Faults = std::vector<Fault>;
  static Faults Stopped() { return {{.rule = "contract.mandate_expired"_reason}}; }
  static FakeMessage Child(const std::string& id, const std::string& parent) {
    return {.id = id, .cls = MessageClass::kErrorNotice, .type = 300, .refers = {parent}};
  }
  void Finish() {
    for (int i = 0; i < 300 && Recovering(); ++i) clock->AdvanceBy(seconds(1));
    ASSERT_FALSE(Recovering());
  }
};

TEST_F(Restored, AStoreThatIsNoCopySendsAtOnce) {
  const MessageId id = Accept({});
  Start();
  EXPECT_EQ(SentCount(id), 1u);
  EXPECT_TRUE(search.read_through().empty());
}

TEST_F(Restored, WhatWasQueuedGoesToInDoubtAndIsSentOnlyAfterTheAnswersWereRead) {
  const MessageId id = Accept({});
  LoseAndRestore();
  Start();
  EXPECT_EQ(At(id), Stage::kInDoubt);
  const Time began = clock->Now();
  clock->AdvanceBy(options.in_doubt_settle - seconds(2));
  EXPECT_TRUE(search.read_through().empty()) << "the line may have been ill: its settle time first";
  Finish();
  EXPECT_EQ(search.read_through().size(), 1u);
  EXPECT_GE(clock->Now() - began, 2 * options.in_doubt_settle);
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(SentCount(id), 1u);
  EXPECT_EQ(Log(id), "accepted in_doubt searched attempt sent");
  EXPECT_TRUE(search.calls().empty()) << "the one reading was the search of all";
}

TEST_F(Restored, WhatTheReadingFindsAnsweredIsNotSent) {
  const MessageId id = Accept({});
  LoseAndRestore();
  search.on_read_through = [&](const std::string&) {
    Answer(id, Stage::kAnswered);
    return Status();
  };
  Start();
  Finish();
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(At(id), Stage::kAnswered);
  EXPECT_EQ(SentCount(id), 0u);
}

TEST_F(Restored, WhatIsAcceptedMeanwhileIsSentAfterTheEndAndNotBefore) {
  LoseAndRestore();
  Start();
  const MessageId id = Accept({.id = "new"});
  clock->AdvanceBy(options.in_doubt_settle);
  EXPECT_TRUE(Recovering());
  EXPECT_EQ(SentCount(id), 0u);
  EXPECT_EQ(At(id), Stage::kQueued);
  Finish();
  clock->AdvanceBy(seconds(5));
  EXPECT_EQ(Log(id), "accepted attempt sent");
}

TEST_F(Restored, AReadingThatFailsIsTriedAgainAndNothingIsSentMeanwhile) {
  const MessageId id = Accept({});
  LoseAndRestore();
  int failures = 3;
  search.on_read_through = [&](const std::string&) { return failures-- > 0 ? NoConnection() : Status(); };
  Start();
  clock->AdvanceBy(options.in_doubt_settle + seconds(1));
  EXPECT_EQ(SentCount(id), 0u);
  Finish();
  EXPECT_EQ(search.read_through().size(), 4u);
}

TEST_F(Restored, AClosedLineIsWaitedFor) {
  Close(Span(0), hours(2));
  const MessageId id = Accept({});
  LoseAndRestore();
  Start();
  clock->AdvanceBy(minutes(110));
  EXPECT_TRUE(search.read_through().empty());
  EXPECT_TRUE(Recovering());
  clock->AdvanceBy(minutes(11));
  EXPECT_FALSE(Recovering());
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(SentCount(id), 1u);
}

TEST_F(Restored, KilledInTheMiddleItBeginsAgainAndStillReadsFirst) {
  const MessageId id = Accept({});
  LoseAndRestore();
  Start();
  clock->AdvanceBy(options.in_doubt_settle + seconds(3));
  EXPECT_EQ(search.read_through().size(), 1u);
  Restart();
  EXPECT_TRUE(Recovering());
  EXPECT_EQ(SentCount(id), 0u);
  Finish();
  EXPECT_EQ(search.read_through().size(), 2u);
  Restart();
  EXPECT_FALSE(Recovering()) << "the end is durable";
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(search.read_through().size(), 2u);
  EXPECT_EQ(SentCount(id), 1u);
}

TEST_F(Restored, AMessageStillWaitsForTheEarlierOneThatItNames) {
  const MessageId parent = Held({.id = "1", .claims = {"7"}});
  const MessageId child = Accept(Child("2", "7")), twin = Accept(Child("3", "8"));
  LoseAndRestore();
  Start();
  Finish();
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(At(twin), Stage::kSent);
  EXPECT_EQ(At(parent), Stage::kHeld);
  EXPECT_EQ(At(child), Stage::kInDoubt);
  contracts.Set({});
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(At(parent), Stage::kSent);
  EXPECT_EQ(SentCount(child), 0u) << "its parent went through in doubt and is open";
  Answer(parent, Stage::kAnswered);
  clock->AdvanceBy(seconds(5));
  EXPECT_EQ(Log(child), "accepted in_doubt searched attempt sent");
}

TEST_F(Restored, TheWaitForTheEarlierOneEndsAfterItsTime) {
  options.max_parent_wait = hours(2);
  Held({.id = "1", .claims = {"7"}});
  const MessageId child = Accept(Child("2", "7"));
  LoseAndRestore();
  Start();
  clock->AdvanceBy(minutes(119));
  EXPECT_EQ(SentCount(child), 0u);
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(Log(child), "accepted in_doubt searched released attempt sent");
}

TEST_F(Restored, ManyThatWaitKeepNoOtherBack) {
  Held({.id = "parent", .claims = {"7"}});
  for (int i = 0; i < 300; ++i) Accept(Child(std::to_string(i), "7"));
  const MessageId other = Accept(Child("other", "8"));
  LoseAndRestore();
  Start();
  Finish();
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(Order(), (std::vector<std::string>{other.value()}));
}

TEST_F(Restored, AMandateThatDidNotHoldHoldsWhatWasQueued) {
  const MessageId stopped = Accept({.id = "1", .mst = "0201234567"});
  const MessageId twin = Accept({.id = "2"});
  contracts.Set({.refuse = [](auto&, const TaxCode& mst, int, Time) {
    return mst.value() == "0201234567" ? Stopped() : Faults();
  }});
  LoseAndRestore();
  Start();
  Finish();
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(At(twin), Stage::kSent);
  EXPECT_EQ(At(stopped), Stage::kHeld);
  EXPECT_EQ(ViewOf(*store, stopped).meta.reason, "dispatch.held_mandate");
  ASSERT_TRUE(dispatcher->Resolve(stopped, "release", "an").ok());
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(Log(stopped), "accepted in_doubt searched held resolved searched attempt sent");
}

TEST_F(Restored, AQueueEntryThatCannotBeReadIsListedAndKeepsNoOtherBack) {
  const MessageId damaged = Accept({.id = "1"}), behind = Accept({.id = "2"});
  const MessageId other = Accept({.provider = "other", .id = "3"});
  LoseAndRestore();
  const QueueKey queue{ViewOf(*store, damaged).meta.provider(), MessageClass::kCoded};
  ASSERT_TRUE(store->Damage(Family::kQueue, keys::QueueEntry(queue, 1)));
  Start();
  Finish();
  clock->AdvanceBy(minutes(5));
  EXPECT_EQ(SentCount(damaged), 0u);
  EXPECT_EQ(Log(behind), "accepted in_doubt searched attempt sent");
  EXPECT_EQ(Log(other), "accepted in_doubt searched attempt sent");
  EXPECT_EQ(dispatcher->view().census->unreadable.size(), 1u);
}

}  // namespace
}  // namespace tvan
