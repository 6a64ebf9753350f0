// Answers that were read before their message came: joined without a person, once it is there.
#include "store/keys.h"
#include "tests/unit/feedback/receive_world.h"

namespace tvan {
namespace {

class Join : public Receive {
 protected:
  MessageId Later(const std::string& id) const {
    return MakeFakeMessage({.id = id}, digester, clock->Now()).gateway_id;
  }
};

TEST_F(Join, AnAnswerWaitsForItsMessageAndIsDeliveredWithIt) {
  Put(Answer(202, Later("late")));
  Put(Answer(202, Later("never")));
  Start();
  EXPECT_EQ(store->Parked(10)->size(), 2u);
  const MessageId id = AcceptFake(*store, {.id = "late"}, digester, clock->Now());
  EXPECT_EQ(StageOf(*store, id), Stage::kInDoubt);
  clock->AdvanceBy(2 * options.poll);
  EXPECT_EQ(StageOf(*store, id), Stage::kAnswered);
  EXPECT_EQ(Mailbox("acme").size(), 1u);
  EXPECT_EQ(store->Parked(10)->size(), 1u) << "nobody's stays";
  clock->AdvanceBy(minutes(2));
  EXPECT_EQ(Mailbox("acme").size(), 1u);
}

TEST_F(Join, AMessageNobodyAnsweredIsQueuedAsEver) {
  Put(Answer(202, Later("other")));
  Start();
  const MessageId id = AcceptFake(*store, {.id = "one"}, digester, clock->Now());
  clock->AdvanceBy(2 * options.poll);
  EXPECT_EQ(StageOf(*store, id), Stage::kQueued);
}

TEST_F(Join, A999AndADuplicateCodeOfTheLostLifeAskNoPerson) {
  FakeAnswer duplicate = Answer(999, Later("late"), AnswerVerdict::kRefused);
  duplicate.codes = {"1002"};
  Put(duplicate);
  Start();
  const MessageId id = AcceptFake(*store, {.id = "late"}, digester, clock->Now());
  clock->AdvanceBy(2 * options.poll);
  EXPECT_EQ(StageOf(*store, id), Stage::kAcknowledged);
}

TEST_F(Join, ItIsDoneWhileTheLineIsClosed) {
  Put(Answer(202, Later("late")));
  Start();
  open = false;
  const MessageId id = AcceptFake(*store, {.id = "late"}, digester, clock->Now());
  clock->AdvanceBy(2 * options.poll);
  EXPECT_EQ(StageOf(*store, id), Stage::kAnswered);
}

TEST_F(Join, ADamagedMessageHoldsUpNeitherOtherJoinsNorTheLine) {
  Put(Answer(202, Later("damaged")));
  Put(Answer(202, Later("late")));
  Start();
  const MessageId damaged = AcceptFake(*store, {.id = "damaged"}, digester, clock->Now());
  const MessageId id = AcceptFake(*store, {.id = "late"}, digester, clock->Now());
  ASSERT_TRUE(store->Damage(Family::kEvent, keys::EventOf(ViewOf(*store, damaged).meta.acceptance, 1)));
  testing::internal::CaptureStderr();
  clock->AdvanceBy(2 * options.poll);
  EXPECT_EQ(StageOf(*store, id), Stage::kAnswered);
  EXPECT_EQ(Mailbox("acme").size(), 1u);
  const size_t reads = authority.reads();
  clock->AdvanceBy(minutes(2));
  EXPECT_GE(authority.reads(), reads + 100) << "the line is read at its own pace";
  const std::string log = testing::internal::GetCapturedStderr();
  const size_t told = log.find("feedback.join ");
  EXPECT_NE(told, std::string::npos) << log;
  EXPECT_EQ(log.find("feedback.join ", told + 1), std::string::npos) << "told once\n" << log;
  size_t tried = 0;
  for (size_t at = 0; (at = log.find("feedback.not_joined ", at)) != std::string::npos; ++at) ++tried;
  EXPECT_LE(tried, 5u) << "what did not join rests";
}

TEST_F(Join, ReadThroughStoresEverythingUpToTheEnd) {
  Start();
  clock->AdvanceBy(options.poll);
  for (int i = 0; i < 250; ++i) Put(Answer(202, Later(std::to_string(i))));
  open = false;
  EXPECT_EQ(receiver->ReadThrough(authority.line(), "").reason(), "feedback.closed"_reason);
  open = true;
  EXPECT_TRUE(receiver->ReadThrough(authority.line(), "").ok());
  EXPECT_EQ(store->Parked(1000)->size(), 250u);
  EXPECT_EQ(receiver->ReadThrough(LineId::Trusted("other"), "").reason(), "feedback.line"_reason);
}

}  // namespace
}  // namespace tvan
