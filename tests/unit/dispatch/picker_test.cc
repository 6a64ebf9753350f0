// Who goes next: fair however many wait, and never a child whose parent it has kept from leaving.
#include "gateway/dispatch/picker.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "gateway/core/log.h"
#include "tests/support/fake_authority.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_messages.h"

namespace tvan {
namespace {

constexpr size_t kManyWait = 5000;  // more than are looked at in one pick

class PickerTest : public testing::Test {
 protected:
  PickerTest()
      : clock(MakeTestClock()), metrics(Metrics::Make()), store(MakeMemoryStore({.manual_flush = true}, *clock)) {
    SetLogLevel(LogLevel::kError);
    fence = store->TakeOwnership();
    ask.may_send = [](MessageClass) { return true; };
    ask.messages = 12;
  }
  MessageId Put(const FakeMessage& spec) {
    const MessageId id = AcceptFake(*store, spec, digester, clock->Now());
    owner[id] = spec.provider;
    return id;
  }
  MessageId Put(const std::string& provider, const std::string& mst, MessageClass of = MessageClass::kCoded) {
    const int type = of == MessageClass::kRegistration ? 100 : of == MessageClass::kCashRegister ? 206 : 200;
    return Put({.provider = provider, .id = std::to_string(++number), .cls = of, .type = type, .mst = mst});
  }
  void PutMany(size_t count, const std::string& provider, const std::string& mst) {
    for (size_t i = 0; i < count; ++i) Put(provider, mst);
  }
  // Of a taxpayer whose registration is out, and not answered.
  MessageId Out(const std::string& mst) {
    const MessageId id = Put("z", mst, MessageClass::kRegistration);
    Record(id);
    return id;
  }
  void Record(const MessageId& id) {
    const AttemptIntent intent{
        .gateway_id = id, .at = clock->Now(), .not_after = kForever, .line = LineId::Trusted("main")};
    ASSERT_TRUE(store->RecordAttempts(fence, {intent}).value()[0].ok()) << id.value();
    ASSERT_TRUE(store->Settle(fence, {{id, 1, Settlement::Outcome::kSent, clock->Now(), "", ""}}).ok());
  }
  void Answer(const MessageId& id) {
    IncomingAnswer answer;
    answer.answer_id = "answer";
    answer.line = LineId::Trusted("main");
    answer.position = "1";
    answer.bytes = std::make_shared<const std::string>("x");
    answer.received_at = clock->Now();
    AnswerEffect effect;
    effect.gateway_id = id;
    effect.event = EventKind::kAnswer;
    effect.stage = Stage::kAnswered;
    answer.effects.push_back(effect);
    ASSERT_TRUE(store->ReceiveAnswers(fence, answer.line, {answer}, "").ok());
  }
  // One pick, recorded; as at a tick, all is looked at again before.
  std::vector<MessageId> PickOnce() {
    picker.Rewind();
    std::vector<MessageId> ids;
    for (const Picker::Picked& picked : picker.Pick({clock->Now(), clock->SteadyNow()}, ask)) {
      ids.push_back(picked.meta.gateway_id);
      Record(ids.back());
    }
    return ids;
  }
  std::map<std::string, int> Shares(int picks) {
    std::map<std::string, int> shares;
    for (int i = 0; i < picks; ++i)
      for (const MessageId& id : PickOnce()) ++shares[owner.at(id)];
    return shares;
  }
  // The number of picks until it goes; 0: not within so many.
  int PicksUntil(const MessageId& id, int most) {
    for (int i = 1; i <= most; ++i) {
      const std::vector<MessageId> ids = PickOnce();
      if (std::find(ids.begin(), ids.end(), id) != ids.end()) return i;
    }
    return 0;
  }

  std::unique_ptr<TestClock> clock;
  std::unique_ptr<Metrics> metrics;
  std::unique_ptr<MemoryStore> store;
  FakeDigester digester;
  Fence fence;
  Unreadables unreadables{*store, *metrics};
  Picker picker{*store, Picker::Options(), unreadables};
  Picker::Ask ask;
  std::map<MessageId, std::string> owner;
  int number = 0;
};

TEST_F(PickerTest, ThousandsThatWaitTakeNoOthersTurn) {
  Out("0100000001");
  PutMany(kManyWait, "a", "0100000001");
  for (const char* provider : {"a", "b", "c"}) PutMany(100, provider, "0200000002");
  EXPECT_EQ(Shares(1).count("a"), 0U) << "it has not looked past them yet";
  const auto shares = Shares(12);
  for (const char* provider : {"a", "b", "c"}) EXPECT_NEAR(shares.at(provider), 48, 4) << provider;
  EXPECT_EQ(picker.waiting(), kManyWait);
}

TEST_F(PickerTest, ThousandsThatWaitOfAllProvidersTakeNobodysTurn) {
  Out("0100000001");
  const std::vector<std::string> providers = {"a", "b", "c", "d", "e", "f"};
  for (const std::string& provider : providers) PutMany(kManyWait / 4, provider, "0100000001");
  for (const std::string& provider : providers) PutMany(100, provider, "0200000002");
  Shares(2);  // by then it has looked past them all
  const auto shares = Shares(20);
  for (const std::string& provider : providers) EXPECT_NEAR(shares.at(provider), 40, 2) << provider;
}

TEST_F(PickerTest, WhoeverHasThousandsIsLookedThroughAfterTheOthers) {
  Out("0100000001");
  PutMany(2 * kManyWait, "a", "0100000001");
  for (const char* provider : {"b", "c"}) {
    Put(provider, "0100000001");
    PutMany(100, provider, "0200000002");
  }
  EXPECT_TRUE(PickOnce().empty());
  const auto shares = Shares(1);
  for (const char* provider : {"b", "c"}) EXPECT_NEAR(shares.at(provider), 6, 1) << provider;
}

TEST_F(PickerTest, WhatNeedNotWaitAnyMoreIsFoundBehindThousandsThatDo) {
  Out("0100000001");
  const MessageId registration = Out("0300000003");
  PutMany(kManyWait, "a", "0100000001");
  const MessageId freed = Put("a", "0300000003");
  for (const char* provider : {"a", "b"}) PutMany(200, provider, "0200000002");
  Shares(3);
  Answer(registration);
  EXPECT_GT(PicksUntil(freed, 4), 0) << "though all is looked at again before each pick";
  Shares(3);
  EXPECT_EQ(picker.waiting(), kManyWait);
}

TEST_F(PickerTest, WhatCameBackGoesBeforeWhatWasNotLookedAt) {
  std::vector<MessageId> ids;
  for (int i = 0; i < 30; ++i) ids.push_back(Put("a", "0200000002"));
  picker.Pick({clock->Now(), clock->SteadyNow()}, ask);  // and none is recorded
  EXPECT_EQ(PickOnce(), std::vector<MessageId>(ids.begin(), ids.begin() + 12));
  EXPECT_EQ(PickOnce(), std::vector<MessageId>(ids.begin() + 12, ids.begin() + 24));
}

// Cash-register data is due the day before a registration, and there is always more of it.
TEST_F(PickerTest, ARegistrationGoesInThePlaceOfTheFirstThatWaitsForIt) {
  for (const bool is_waited_for : {true, false}) {
    const std::string mst = is_waited_for ? "0400000004" : "0500000005";
    const MessageId registration = Put("a", mst, MessageClass::kRegistration);
    const MessageId child = Put("a", is_waited_for ? mst : "0600000006", MessageClass::kCashRegister);
    for (int i = 0; i < 100; ++i) Put("b", "0200000002", MessageClass::kCashRegister);
    EXPECT_EQ(PicksUntil(registration, 3), is_waited_for ? 1 : 0);
    EXPECT_EQ(StageOf(*store, child), is_waited_for ? Stage::kQueued : Stage::kSent);
  }
}

TEST_F(PickerTest, AParentOfManyGoesOnceAndItsOwnParentBeforeIt) {
  const MessageId first = Put("a", "0400000004", MessageClass::kRegistration);
  const MessageId second = Put("a", "0400000004", MessageClass::kRegistration);
  for (int i = 0; i < 50; ++i) Put("a", "0400000004", MessageClass::kCashRegister);
  EXPECT_EQ(PickOnce(), std::vector<MessageId>{first});
  EXPECT_EQ(PickOnce(), std::vector<MessageId>()) << "the second waits for the answer to the first";
  Answer(first);
  EXPECT_EQ(PickOnce(), std::vector<MessageId>{second});
}

TEST_F(PickerTest, AParentWhoseClassMayNotLeaveStays) {
  const MessageId registration = Put("a", "0400000004", MessageClass::kRegistration);
  Put("a", "0400000004", MessageClass::kCashRegister);
  ask.may_send = [](MessageClass of) { return of != MessageClass::kRegistration; };
  EXPECT_TRUE(PickOnce().empty());
  ask.may_send = [](MessageClass) { return true; };
  EXPECT_EQ(PickOnce(), std::vector<MessageId>{registration});
}

// Each of a's registrations is waited for, none of b's: a has its turns earlier, not more of them.
TEST_F(PickerTest, WhatWentBeforeItsTurnCountsAmongItsTurns) {
  ask.messages = 10;
  for (int i = 0; i < 30; ++i) {
    const std::string mst = "07000000" + std::to_string(10 + i);
    Put("a", mst, MessageClass::kRegistration);
    if (i < 10) Put("a", mst, MessageClass::kCashRegister);
    Put("b", "08000000" + std::to_string(10 + i), MessageClass::kRegistration);
  }
  EXPECT_EQ(Shares(1), (std::map<std::string, int>{{"a", 10}})) << "in the place of its cash-register data";
  EXPECT_NEAR(Shares(3).at("b"), 20, 2);
}

TEST_F(PickerTest, TurnsThatWereHadBeforeTheirTimeAreNotForgottenWhileTheRestWaits) {
  const MessageId out = Out("0900000009");
  Put("a", "0900000009", MessageClass::kRegistration);
  for (int i = 0; i < 10; ++i)
    for (const auto of : {MessageClass::kRegistration, MessageClass::kCashRegister})
      Put("a", "07000000" + std::to_string(10 + i), of);
  EXPECT_EQ(Shares(1).at("a"), 10);
  Answer(out);
  for (const char* provider : {"a", "b"})
    for (int i = 0; i < 30; ++i)
      Put(provider, "08000000" + std::to_string(10 + i + (*provider - 'a') * 40), MessageClass::kRegistration);
  ask.messages = 10;
  EXPECT_NEAR(Shares(1).at("b"), 10, 1);
}

TEST_F(PickerTest, OneThatGoesAloneEndsThePickBeforeItAndTakesNobodysTurn) {
  ask.messages = 3;
  std::map<std::string, MessageId> alone;
  for (const char* provider : {"a", "b", "c", "d"}) {
    alone[provider] = Put(provider, "0200000002");
    PutMany(60, provider, "0200000002");
  }
  ask.stand = [&](const MessageId& id) {
    return id == alone.at("c")   ? Picker::Stand::kAlone
           : id == alone.at("d") ? Picker::Stand::kBack
                                 : Picker::Stand::kWithOthers;
  };
  bool went = false;
  std::map<std::string, int> shares;
  for (int i = 0; i < 41; ++i) {
    const std::vector<MessageId> ids = PickOnce();
    for (const MessageId& id : ids) ++shares[owner.at(id)];
    const bool is_in = std::find(ids.begin(), ids.end(), alone.at("c")) != ids.end();
    EXPECT_TRUE(!is_in || ids.size() == 1);
    went = went || is_in;
  }
  EXPECT_TRUE(went);
  EXPECT_EQ(StageOf(*store, alone.at("d")), Stage::kQueued);
  for (const char* provider : {"a", "b", "c", "d"}) EXPECT_NEAR(shares.at(provider), 30, 2) << provider;
}

}  // namespace
}  // namespace tvan
