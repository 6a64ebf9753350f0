// After a restore: what may have been sent is searched for first, and nothing at all is sent before the answers were
// read again.
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

}  // namespace
}  // namespace tvan
