// An answer that is stored is not read again, by whoever meets it again: its signature was verified once.
#include "tests/unit/feedback/receive_world.h"

namespace tvan {
namespace {

class Known : public Receive {
 protected:
  // What a search meets of `id`, read again from the beginning.
  bool Found(const MessageId& id) { return receiver->Search(authority.line(), "", id).value(); }
};

TEST_F(Known, AnAnswerIsReadOnceHoweverOftenItIsSearched) {
  const MessageId id = Sent({.id = "1"});
  Put(Answer(202, id));
  Start();
  EXPECT_EQ(reader.reads, 1);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(Found(id));
  EXPECT_EQ(reader.reads, 1);
  EXPECT_EQ(Mailbox("acme").size(), 1U);
  EXPECT_EQ(store->Own999(10)->size(), 0U) << "nor is it acknowledged again";
}

TEST_F(Known, OneThatComesAgainIsNotedWithoutBeingRead) {
  const MessageId id = Sent({.id = "1"});
  const FakeAnswer answer = Answer(202, id);
  Put(answer);
  Start();
  Put(answer);
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(LogOf(*store, id), "accepted attempt sent answer answer_repeated");
  EXPECT_EQ(reader.reads, 1);
}

TEST_F(Known, AParkedOneIsReadAgainAndJoins) {
  const FakeMessage late{.id = "late"};
  const MessageId id = MakeFakeMessage(late, digester, clock->Now()).gateway_id;
  Put(Answer(202, id));
  Start();
  EXPECT_FALSE(Found(id));
  EXPECT_EQ(reader.reads, 2) << "its next reading may be the one that counts";
  AcceptFake(*store, late, digester, clock->Now());
  EXPECT_TRUE(Found(id)) << "a search joins it as well";
  EXPECT_EQ(reader.reads, 3);
  EXPECT_EQ(StageOf(*store, id), Stage::kAnswered);
  EXPECT_EQ(Parked(), "");
  EXPECT_EQ(Mailbox("acme").size(), 1U);
  EXPECT_TRUE(Found(id));
  EXPECT_EQ(reader.reads, 3) << "joined: known from now on";
}

// HSGoc, which says whose a -1 without an id is, is in the bytes alone.
TEST_F(Known, AnUnreadableMessageThatComesBackTwiceIsFoundTwice) {
  const MessageId id = Sent({.id = "1"});
  const MessageMeta meta = ViewOf(*store, id).meta;
  FakeAnswer answer = Answer(-1, {}, AnswerVerdict::kRefused);
  answer.original = RenderWrapped(meta.plan, *store->LoadPayload(id).value(),
                                  {std::string("V") + kFakeOurMst, "TCT", id.value(), ""});
  Put(answer);
  Start();
  EXPECT_EQ(LogOf(*store, id), "accepted attempt sent answer");
  Put(answer);
  clock->AdvanceBy(minutes(1));
  EXPECT_EQ(LogOf(*store, id), "accepted attempt sent answer answer_repeated");
  EXPECT_EQ(Mailbox("acme").size(), 1U);
}

TEST_F(Known, ACodeInNoListIsSaidWithTheAnswer) {
  const MessageId id = Sent({.id = "1"});
  FakeAnswer answer = Answer(999, id, AnswerVerdict::kRefused);
  answer.codes = {"2011"};
  Put(answer);
  Start();
  EXPECT_EQ(StageOf(*store, id), Stage::kWorkItem);
  const auto stored = store->LoadAnswer(Mailbox("acme").at(0).answer_id).value();
  EXPECT_EQ(DecodeParsedAnswer(stored.answer.parsed).value().deviations,
            std::vector<std::string>{"answer.unknown_code: MLoi 2011 is in no list."});
}

class Ranges : public Receive {
 protected:
  static FakeMessage Registration() { return {.id = "1", .cls = MessageClass::kRegistration, .type = 100}; }
  FakeAnswer Gives(const MessageId& id) {
    FakeAnswer answer = Answer(103, id);
    answer.mst = "0101234567";
    answer.register_range = "A1B2C";
    return answer;
  }
  // What is kept of it, whoever got it.
  std::string Kept(const FakeAnswer& answer) const {
    const auto stored = store->LoadAnswer(digester.Sha256Of(answer.Bytes()).Hex()).value();
    const auto& range = stored.answer.register_range;
    return range ? range->mst.value() + " " + range->range : "";
  }
};

TEST_F(Ranges, TheCharactersThatA103GivesAreKeptForItsTaxpayer) {
  const MessageId id = Sent(Registration());
  const FakeAnswer answer = Gives(id);
  FakeAnswer without = Gives(id);
  without.register_range = "";
  Put(answer);
  Put(without);
  Start();
  EXPECT_EQ(Kept(answer), "0101234567 A1B2C");
  EXPECT_EQ(Kept(without), "");
}

TEST_F(Ranges, OnlyAVerifiedAnswerToARegistrationOfThatTaxpayerGivesThem) {
  const MessageId id = Sent(Registration());
  FakeAnswer unverified = Gives(id), others = Gives(id);
  unverified.annotation = "UNVERIFIED(signature.untrusted)";
  others.mst = "0201234567";
  const FakeAnswer foreign = Gives(Sent({.id = "2"})), parked = Gives(MessageId::Trusted("V0309478306FFFF"));
  for (const FakeAnswer& answer : {unverified, others, foreign, parked}) Put(answer);
  Start();
  for (const FakeAnswer& answer : {unverified, others, foreign, parked}) EXPECT_EQ(Kept(answer), "");
}

TEST_F(Ranges, AParkedOneGivesThemWhenItIsJoined) {
  const FakeMessage late = Registration();
  const FakeAnswer answer = Gives(MakeFakeMessage(late, digester, clock->Now()).gateway_id);
  Put(answer);
  Start();
  EXPECT_EQ(Kept(answer), "");
  AcceptFake(*store, late, digester, clock->Now());
  clock->AdvanceBy(2 * options.poll);
  EXPECT_EQ(Kept(answer), "0101234567 A1B2C");
}

}  // namespace
}  // namespace tvan
