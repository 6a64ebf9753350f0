// Several gateways of one store, at a real redis-server.
#include <gmock/gmock.h>

#include <cstdlib>

#include "tests/support/redis_server.h"
#include "tests/unit/redis/shared_gateway.h"

namespace tvan {
namespace {

using testing::HasSubstr;

constexpr Span kShort{3'000'000};  // for who waits for its end
constexpr Span kLong{30'000'000};  // however slow this machine is just now

class RedisMembersTest : public testing::Test {
 protected:
  std::unique_ptr<SharedGateway> Make(const std::string& name) {
    return std::make_unique<SharedGateway>(name, link, lease, line);
  }
  std::unique_ptr<SharedGateway> Started(const std::string& name) {
    auto gateway = Make(name);
    const Status opened = gateway->Open();
    EXPECT_TRUE(opened.ok()) << opened.ToString();
    gateway->Follow();
    return gateway;
  }
  // The first one has the line.
  std::unique_ptr<SharedGateway> StartedOwner(const std::string& name) {
    auto gateway = Started(name);
    ExpectWorker(name);
    return gateway;
  }
  void ExpectWorker(const std::string& name) {
    WaitFor("the line with '" + name + "'", [&] { return line.worker() == name; });
  }
  static void ExpectHears(const SharedGateway& gateway, size_t count) {
    WaitFor("news", [&] { return gateway.heard().size() >= count; });
    EXPECT_EQ(gateway.heard().size(), count);
  }
  void Beat(const std::string& gateway, const std::string& process) {
    EXPECT_EQ(server.Ask({"FCALL", "tvan1_beat", "1", "tvan:{tvan}:turn", gateway, process, "3000000"}).list.size(),
              2U);
  }

  RedisServer server;
  RedisLinkOptions link{.server = server.address()};
  Span lease = kLong;
  Line line;
};

TEST_F(RedisMembersTest, HearOfEachActOfTheOthersAndNotOfTheirOwn) {
  const auto a = Started("a"), b = Started("b"), c = Started("c");
  a->PutRecord();
  for (const SharedGateway* other : {b.get(), c.get()}) {
    ExpectHears(*other, 1);
    EXPECT_TRUE(other->heard()[0].records);
    EXPECT_FALSE(other->heard()[0].queue);
  }
  b->Accept("1");
  ExpectHears(*a, 1);  // and nothing of its own, which was told before
  EXPECT_TRUE(a->heard()[0].queue);
  EXPECT_FALSE(a->heard()[0].records);
  ExpectHears(*c, 2);
  c->Deliver({"acme", "beta"});
  ExpectHears(*b, 2);
  ASSERT_EQ(b->heard()[1].mailboxes.size(), 2U);
  EXPECT_EQ(b->heard()[1].mailboxes[0].value(), "acme");
}

TEST_F(RedisMembersTest, ArePassedOverByWhatIsNoNews) {
  const auto a = Started("a"), b = Started("b");
  const std::string channel = "tvan:{tvan}:news";
  for (const char* foreign : {"", "x", "b", "c rq", "c q NO", "c q  acme"})
    ASSERT_EQ(server.Ask({"PUBLISH", channel, foreign}).number, 2);
  ASSERT_EQ(server.Ask({"PUBLISH", channel, "c qr acme"}).number, 2);
  ExpectHears(*a, 1);
  EXPECT_EQ(a->heard()[0].mailboxes.size(), 1U);
  EXPECT_EQ(a->Metric("tvan_redis_foreign_news_total"), "6");
}

TEST_F(RedisMembersTest, HaveOneThatWorksTheLineAndTheNextAtOnceWhenItLeaves) {
  auto a = StartedOwner("a");
  const auto b = Started("b"), c = Started("c");
  EXPECT_EQ(line.worker(), "a");
  a->Close();
  WaitFor("another one at the line", [&] { return !line.worker().empty(); });
  EXPECT_NE(line.worker(), "a");
  const auto members = b->Members();
  ASSERT_EQ(members.size(), 2U) << "who left is none";
  EXPECT_EQ(members[0].gateway, "b");
  EXPECT_EQ(members[1].gateway, "c");
  EXPECT_EQ(members[0].owner, line.worker() == "b");
  EXPECT_EQ(members[1].owner, line.worker() == "c");
  line.ExpectOneAtATime();
}

TEST_F(RedisMembersTest, TakeTheLineFromOneThatStoppedAndItKnowsBefore) {
  lease = kShort;
  const auto a = StartedOwner("a"), b = Started("b");
  a->Hold();
  b->PutRecord();
  WaitFor("a gateway that stands still", [&] { return a->is_held(); });
  ExpectWorker("b");
  line.ExpectOneAtATime();
  const auto members = b->Members();
  ASSERT_EQ(members.size(), 2U);
  EXPECT_FALSE(members[0].owner);
  EXPECT_GE(members[0].silent_for, kShort);
  EXPECT_TRUE(members[1].owner);
  b->PutRecord();
  b->Accept("1");
  a->Let();
  ExpectHears(*a, 3);
  EXPECT_EQ(line.worker(), "b") << "who comes back waits for its turn";
  line.ExpectOneAtATime();
}

TEST_F(RedisMembersTest, GiveTheLineUpWhenRedisStandsStillAndTakeItAgain) {
  lease = kShort;
  const auto a = StartedOwner("a"), b = Started("b");
  server.Pause();
  ExpectWorker("");
  server.Resume();
  WaitFor("one at the line", [&] { return !line.worker().empty(); });
  line.ExpectOneAtATime();
  EXPECT_TRUE(a->over().empty() && b->over().empty()) << "it is the same life";
}

TEST_F(RedisMembersTest, AreToldThatTheyMayHaveMissedSomethingOnceALinkWasCut) {
  const auto a = StartedOwner("a"), b = Started("b");
  server.Tell("CLIENT KILL TYPE pubsub");
  for (const SharedGateway* gateway : {a.get(), b.get()})
    WaitFor("a new subscription", [&] { return gateway->missed() >= 2; });
  server.Tell("CLIENT KILL TYPE normal");
  for (const SharedGateway* gateway : {a.get(), b.get()})
    WaitFor("a new subscription", [&] { return gateway->missed() >= 3; });
  a->PutRecord();
  ExpectHears(*b, 1);
  line.ExpectOneAtATime();
}

TEST_F(RedisMembersTest, SayOnceThatTheStoreLivesAnotherLife) {
  lease = kShort;
  const auto a = StartedOwner("a"), b = Started("b");
  server.Kill();
  ExpectWorker("");
  server.Start();
  for (const SharedGateway* gateway : {a.get(), b.get()}) {
    WaitFor("the end of this life", [&] { return !gateway->over().empty(); });
    EXPECT_THAT(gateway->over()[0].message(), HasSubstr("opened anew"));
  }
  a->Close();
  const Status opened = a->Open();
  ASSERT_TRUE(opened.ok()) << opened.ToString();
  a->Follow();
  ExpectWorker("a");
  EXPECT_EQ(a->over().size(), 1U);
  EXPECT_EQ(b->over().size(), 1U);
  line.ExpectOneAtATime();
}

TEST_F(RedisMembersTest, SeeAnotherIncarnationByTheNextBeat) {
  const auto a = StartedOwner("a");
  server.Ask({"HSET", "tvan:{tvan}:control", ".incarnation", std::string(32, 'f')});
  WaitFor("the end of this life", [&] { return !a->over().empty(); });
  EXPECT_EQ(line.worker(), "") << "it was told before";
}

TEST_F(RedisMembersTest, AreRefusedUnderANameThatLives) {
  auto a = StartedOwner("a");
  auto second = Make("a");
  const Status refused = second->Open();
  EXPECT_EQ(refused.reason(), "store.in_use"_reason);
  EXPECT_EQ(refused.disposition(), Disposition::kPermanent);
  EXPECT_THAT(refused.message(), HasSubstr("'a'"));
  a->PutRecord();
  EXPECT_TRUE(a->over().empty());
  a->Close();
  const Status opened = second->Open();
  EXPECT_TRUE(opened.ok()) << opened.ToString();
}

TEST_F(RedisMembersTest, TakeTheNameOfAKilledProcessOnceItWasSilentLongEnough) {
  lease = kShort;
  ASSERT_TRUE(Make("a")->Open().ok());
  Beat("a", "killed");
  const auto next = Make("a");
  const Status opened = next->Open();
  EXPECT_TRUE(opened.ok()) << opened.ToString();
  const auto members = next->Members();
  ASSERT_EQ(members.size(), 1U);
  EXPECT_GE(members[0].silent_for, kShort);
  EXPECT_FALSE(members[0].owner) << "it was, until its lease was over";
  next->Follow();
  ExpectWorker("a");
}

TEST_F(RedisMembersTest, AreOverWhenAnotherProcessBeganToFollowUnderTheirName) {
  auto first = Make("a"), second = Make("a");
  ASSERT_TRUE(first->Open().ok());
  ASSERT_TRUE(second->Open().ok());
  first->Follow();
  ExpectWorker("a");
  second->Follow();
  WaitFor("the end of the second", [&] { return !second->over().empty(); });
  EXPECT_EQ(second->over()[0].reason(), "store.in_use"_reason);
  EXPECT_TRUE(first->over().empty());
  EXPECT_EQ(first->Members().size(), 1U);
}

TEST_F(RedisMembersTest, LoseTheLineWhenTheyAloneDoNotReachRedis) {
  lease = kShort;
  server.Tell("ACL SETUSER cut on >password ~* &* +@all");
  link.user = "cut";
  link.password = "password";
  const auto a = StartedOwner("a");
  link.user = link.password = "";
  const auto b = Started("b");
  server.Tell("ACL SETUSER cut off");
  server.Tell("CLIENT KILL USER cut");
  ExpectWorker("b");
  line.ExpectOneAtATime();
  server.Tell("ACL SETUSER cut on");
  WaitFor("a new subscription", [&] { return a->missed() >= 2; });
  b->PutRecord();
  ExpectHears(*a, 1);
}

TEST_F(RedisMembersTest, LeaveNeitherLineNorNameBehind) {
  StartedOwner("a")->Close();
  EXPECT_EQ(server.Ask({"HGET", "tvan:{tvan}:line", "until"}).text, "0");
  EXPECT_EQ(server.Ask({"HLEN", "tvan:{tvan}:members"}).number, 0);
}

TEST(RedisMembersAclTest, NeedNoMoreThanTheExampleGives) {
  const std::string rights = std::string(std::getenv("TVAN_SOURCE_DIR")) + "/store/redis/acl.example";
  RedisServer server({.lines = {"aclfile " + rights}});
  Line line;
  const RedisLinkOptions link{.server = server.address(), .user = "tvan", .password = "CHANGE-ME-gateways"};
  SharedGateway a("a", link, kLong, line), b("b", link, kLong, line);
  for (SharedGateway* gateway : {&a, &b}) {
    const Status opened = gateway->Open();
    ASSERT_TRUE(opened.ok()) << opened.ToString();
    gateway->Follow();
  }
  a.PutRecord();
  WaitFor("news", [&] { return b.heard().size() == 1; });
  EXPECT_EQ(b.Members().size(), 2U);
  a.Close();
  b.Close();
}

TEST_F(RedisMembersTest, AreForgottenAfterAnHour) {
  server.Ask({"HSET", "tvan:{tvan}:members", "old", "aa:1"});
  const auto a = StartedOwner("a");
  ASSERT_EQ(a->Members().size(), 1U);
  EXPECT_EQ(a->Members()[0].gateway, "a");
}

TEST_F(RedisMembersTest, EndWhenRedisDoesNotAnswer) {
  lease = kShort;
  auto a = StartedOwner("a");
  server.Pause();
  a->Close();
  EXPECT_EQ(line.worker(), "") << "it was told";
  server.Resume();
}

TEST_F(RedisMembersTest, TakeALineThatAClockSetBackLeftBehind) {
  server.Ask({"HSET", "tvan:{tvan}:line", "holder", "b", "process", "bb", "turn", "7", "until", "99999999999999999"});
  StartedOwner("a");
  EXPECT_EQ(server.Ask({"HGET", "tvan:{tvan}:line", "turn"}).text, "8");
}

}  // namespace
}  // namespace tvan
