// Several gateways write to one Redis: one after another, nothing lost, nothing twice, nobody left waiting.
#include <atomic>
#include <thread>

#include "tests/unit/redis/gateways.h"

namespace tvan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class RedisTurns : public Gateways {};

TEST_F(RedisTurns, NothingIsLostNorDoubledWhenThreeGatewaysCount) {
  constexpr int kActs = 60;
  std::vector<Backend> gateways;
  for (const char* name : {"g1", "g2", "g3"}) gateways.push_back(Gateway(name));
  std::vector<std::thread> threads;
  for (const Backend& gateway : gateways)
    threads.emplace_back([&gateway] {
      for (int i = 0; i < kActs; ++i) {
        const Status done = Do(*gateway, [](WriteSet& w) { Enlist(w, "x"); });
        EXPECT_TRUE(done.ok()) << done.ToString();
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(List(*gateways[0]), SizeIs(3 * kActs)) << "a number given twice is one place";
  EXPECT_EQ(server.Ask({"HGET", "tvan:{t}:control", "count"}).text, U64(3 * kActs));
}

// The holder sits in its decision, as a process that was stopped, until its turn is over and another one has written.
TEST_F(RedisTurns, WhatAStalledHolderDecidedIsNotWrittenAndIsDecidedAgain) {
  RedisBackendOptions options = Options("slow");
  options.turn_limit = Span{300'000};
  const Backend slow = Gateway(options), quick = Gateway("quick");
  int decisions = 0;
  const Status done = Do(*slow, [&](WriteSet& w) {
    const bool holds = w.Number(Family::kControl, "count") == 0 && ++decisions == 2;  // the first one saw nothing
    if (holds) {
      EXPECT_TRUE(Do(*quick, [](WriteSet& writes) { Enlist(writes, "quick"); }).ok());
    }
    Enlist(w, "slow");
  });
  EXPECT_TRUE(done.ok()) << done.ToString();
  EXPECT_THAT(List(*quick), ElementsAre("quick", "slow"));
}

TEST_F(RedisTurns, WhoLosesItsTurnWhileItStillReadsReadsAndDecidesAgain) {
  RedisBackendOptions options = Options("slow");
  options.turn_limit = Span{300'000};
  const Backend slow = Gateway(options), quick = Gateway("quick");
  int decisions = 0;
  const Status done = Do(*slow, [&](WriteSet& w) {
    const bool holds = w.Number(Family::kControl, "count") == 0 && ++decisions == 2;
    if (holds) {
      EXPECT_TRUE(Do(*quick, [](WriteSet& writes) { Enlist(writes, "quick"); }).ok());
    }
    if (decisions >= 2) (void)w.Get(Family::kMeta, "what was not asked for before");
    Enlist(w, "slow");
  });
  EXPECT_TRUE(done.ok()) << done.ToString();
  EXPECT_THAT(List(*quick), ElementsAre("quick", "slow"));
}

TEST_F(RedisTurns, ATurnThatIsIdleIsTakenAtOnceAndItsLastHolderSeesWhatWasWritten) {
  const Backend one = Gateway("one"), two = Gateway("two");
  for (const auto& [gateway, name] : {std::pair(&one, "1"), {&one, "2"}, {&two, "3"}, {&one, "4"}, {&two, "5"}})
    EXPECT_TRUE(Do(**gateway, [&, name = name](WriteSet& w) { Enlist(w, name); }).ok());
  EXPECT_THAT(List(*one), ElementsAre("1", "2", "3", "4", "5"));
  EXPECT_EQ(Waiting(), 0);
}

TEST_F(RedisTurns, WhoWaitsLongerIsNext) {
  const Backend holder = Gateway("holder"), first = Gateway("first"), second = Gateway("second");
  const auto write = [](const Backend& gateway, const std::string& name) {
    return std::async(std::launch::async,
                      [&gateway, name] { return Do(*gateway, [&name](WriteSet& w) { Enlist(w, name); }); });
  };
  const auto number = [&] { return std::stoi(server.Ask({"HGET", "tvan:{t}:turn", "number"}).text); };
  const int before = number();
  std::future<Status> one, two;
  int decisions = 0;
  const Status done = Do(*holder, [&](WriteSet& w) {
    Enlist(w, "holder");
    if (++decisions != 2) return;                                        // the turn is its own by now
    server.Ask({"HSET", "tvan:{t}:turn", "until", "9999999999999999"});  // as one that is not idle
    one = write(first, "first");
    WaitFor("the first to wait", [&] { return Waiting() == 1; });
    two = write(second, "second");
    WaitFor("the second to wait", [&] { return Waiting() == 2; });
  });
  EXPECT_TRUE(done.ok()) << done.ToString();
  EXPECT_TRUE(one.get().ok());
  EXPECT_TRUE(two.get().ok());
  EXPECT_THAT(List(*holder), ElementsAre("holder", "first", "second"));
  EXPECT_EQ(Waiting(), 0);
  EXPECT_LT(number(), before + 5) << "who is woken takes no turn of its own: three, and one for a wake that crossed";
}

TEST_F(RedisTurns, WhoDiedInItsTurnOrWaitingForOneHoldsNobodyUpForLong) {
  RedisBackendOptions options = Options("living");
  options.turn_limit = Span{300'000};
  const Backend living = Gateway(options);
  const std::string turn = "tvan:{t}:turn", now = server.Ask({"TIME"}).list[0].text + "000000";
  server.Ask({"HSET", turn, "holder", "dead", "until", now});   // over already
  server.Ask({"HSET", "tvan:{t}:waiting", "dead too", "1:1"});  // has not asked since 1970
  server.Ask({"HSET", "tvan:{t}:waiting", "died just now", "1:" + now});
  const auto number = [&] { return std::stoi(server.Ask({"HGET", turn, "number"}).text); };
  const int before = number();
  EXPECT_TRUE(Do(*living, [](WriteSet& w) { Enlist(w, "living"); }).ok());
  EXPECT_THAT(List(*living), ElementsAre("living"));
  EXPECT_EQ(Waiting(), 0);
  EXPECT_EQ(number(), before + 2) << "one turn for who died just now, none for who died long ago";
  EXPECT_EQ(server.Ask({"HGET", turn, "until"}).text, "0") << "and that one came before";
}

TEST_F(RedisTurns, AnActThatWritesNothingGivesItsTurnBack) {
  const Backend one = Gateway("one"), two = Gateway("two");
  for (const Backend* gateway : {&one, &two, &one})
    EXPECT_TRUE(Do(**gateway, [](WriteSet& w) { (void)w.Number(Family::kControl, "count"); }).ok());
  EXPECT_EQ(server.Ask({"HGET", "tvan:{t}:turn", "until"}).text, "0");
  EXPECT_THAT(List(*one), IsEmpty());
}

TEST_F(RedisTurns, ADecisionOverWhatCannotBeReadIsNotWritten) {
  const Backend one = Gateway("one");
  EXPECT_TRUE(Do(*one, [](WriteSet& w) { w.Put(Family::kControl, "count", "no number"); }).ok());
  EXPECT_TRUE(Do(*one, [](WriteSet& w) { Enlist(w, "x"); }).ok());  // the committer asks the WriteSet
  EXPECT_THAT(List(*one), IsEmpty());
}

// The functions themselves, as writers that do what no gateway of ours does.
class RedisTurnFunctions : public Gateways {
 protected:
  uint64_t Take(const std::string& writer) {
    FetchView nothing;
    const auto turn = calls.Turn(*link, writer, 0, nothing);
    EXPECT_TRUE(turn.ok()) << turn.status().ToString();
    return turn.ok() ? turn->number : 0;
  }
  const Backend gateway = Gateway("g1");  // brings the functions
  const RedisCalls calls{"t", "g1", Span{60'000'000}};
  const std::unique_ptr<RedisLink> link = *RedisLink::Connect({.server = server.address()}, *clock, nullptr);
};

TEST_F(RedisTurnFunctions, WhatWasSentUnderATurnThatIsEndedIsNeverApplied) {
  const std::string writer = "w", id = "w:1";
  FetchView nothing;
  WriteSet writes(nothing);
  writes.Put(Family::kMeta, "late", "x");
  const uint64_t ended = Take(writer);
  ASSERT_TRUE(calls.Finish(*link, writer, ended).ok());
  const auto late = calls.Apply(*link, {writer, ended, id}, writes);
  ASSERT_TRUE(late.ok()) << late.status().ToString();
  EXPECT_TRUE(late->stale);
  const auto taken_again = calls.Apply(*link, {writer, Take(writer), id}, writes);
  EXPECT_FALSE(taken_again->stale);
}

TEST_F(RedisTurnFunctions, WhoAsksAgainKeepsItsPlace) {
  const uint64_t held = Take("holder");
  for (const char* waiting : {"first", "second", "first"}) EXPECT_EQ(Take(waiting), 0u);
  ASSERT_TRUE(calls.Finish(*link, "holder", held).ok());
  EXPECT_EQ(*calls.Wait(*link, "second"), 0u);
  EXPECT_GT(*calls.Wait(*link, "first"), held);
}

}  // namespace
}  // namespace tvan
