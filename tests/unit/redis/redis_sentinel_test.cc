// The primary as Sentinels know it, and another one after it died.
#include <gmock/gmock.h>

#include "store/redis/redis_links.h"
#include "tests/support/redis_server.h"
#include "tests/unit/redis/scripted_server.h"

namespace tvan {
namespace {

using testing::HasSubstr;

RedisServer::Options Watching(const RedisServer& primary) {
  return {.kind = RedisServer::Kind::kSentinel,
          .lines = {"sentinel monitor tvan 127.0.0.1 " + std::to_string(primary.tcp().port) + " 1",
                    "sentinel down-after-milliseconds tvan 500", "sentinel failover-timeout tvan 5000"}};
}

class RedisSentinelTest : public testing::Test {
 protected:
  Result<std::unique_ptr<RedisLink>> Connect() { return RedisLink::Connect(options, *clock, nullptr); }

  const std::unique_ptr<Clock> clock = MakeSystemClock();
  RedisServer primary{{.port = true}};
  RedisServer sentinel{Watching(primary)};
  RedisLinkOptions options{.sentinels = {sentinel.tcp()}, .primary_name = "tvan"};
};

TEST_F(RedisSentinelTest, LeadsToThePrimary) {
  const auto link = Connect();
  ASSERT_TRUE(link) << link.status().ToString();
  EXPECT_EQ((*link)->where(), primary.tcp().text());
}

TEST_F(RedisSentinelTest, KnowsItUnderItsNameOnly) {
  options.primary_name = "other";
  const Status status = Connect().status();
  EXPECT_EQ(status.reason(), "store.unreachable"_reason);
  EXPECT_TRUE(status.is_transient());
  EXPECT_THAT(status.message(), HasSubstr(sentinel.tcp().text() + ": knows no 'other'"));
}

TEST_F(RedisSentinelTest, IsAskedAfterAnotherOneThatIsDead) {
  RedisServer dead{Watching(primary)};
  const RedisAddress gone = dead.tcp();
  dead.Kill();
  options.sentinels = {gone, sentinel.tcp()};
  EXPECT_TRUE(Connect());
  options.sentinels = {gone};
  EXPECT_THAT(Connect().status().message(), HasSubstr(gone.text()));
}

TEST_F(RedisSentinelTest, IsSignedInToByItsOwnPassword) {
  ASSERT_EQ(sentinel.Tell("ACL SETUSER gateway on >only-here +@all").text, "OK");
  options.sentinel_user = "gateway";
  options.sentinel_password = "only-here";
  EXPECT_TRUE(Connect());
  options.sentinel_password = "other";
  EXPECT_EQ(Connect().status().reason(), "store.redis_refused"_reason);
}

TEST_F(RedisSentinelTest, IsNotBelievedWhenItLeadsToAReplica) {
  RedisServer replica({.port = true});
  replica.Follow(primary);
  const std::string port = std::to_string(replica.tcp().port);
  const ScriptedServer liar([&](const ScriptedServer::Words& command) {
    return command[0] == "SENTINEL"
               ? "*2\r\n$9\r\n127.0.0.1\r\n$" + std::to_string(port.size()) + "\r\n" + port + "\r\n"
               : std::string();
  });
  options.sentinels = {liar.address()};
  EXPECT_THAT(Connect().status().message(), HasSubstr("is no primary, but a slave"));
  options.sentinels = {liar.address(), liar.address()};
  const std::string twice = Connect().status().message();
  EXPECT_EQ(twice.find("is no primary"), twice.rfind("is no primary")) << "asked again: " << twice;
  options.sentinels.push_back(sentinel.tcp());
  const auto link = Connect();
  ASSERT_TRUE(link) << link.status().ToString();
  EXPECT_EQ((*link)->where(), primary.tcp().text());
}

TEST_F(RedisSentinelTest, TakesNoMoreOfThemThanSixteen) {
  options.sentinels.assign(16, sentinel.tcp());
  EXPECT_TRUE(Connect());
  options.sentinels.push_back(sentinel.tcp());
  EXPECT_EQ(Connect().status().reason(), "store.argument"_reason);
}

TEST_F(RedisSentinelTest, LeadsToThePromotedReplicaAndNotBack) {
  RedisServer replica({.port = true});
  replica.Follow(primary);
  sentinel.Kill();
  RedisServer knows_both{Watching(primary)};  // who came later would learn of the replica within ten seconds
  options.sentinels = {knows_both.tcp()};
  WaitFor("a Sentinel that knows the replica", [&] {
    return knows_both.Ask({"SENTINEL", "replicas", "tvan"}).list.size() == 1;
  });
  RedisLinks links(options, *clock, nullptr);
  ASSERT_EQ((*links.Take())->Pipeline({{"SET", "a", "1"}, {"WAIT", "1", "10000"}})->back().number, 1);
  primary.Kill();
  std::string where;
  WaitFor("another primary", [&] {
    auto lease = links.Take();
    if (lease) where = (*lease)->where();
    return lease.ok();
  });
  EXPECT_EQ(where, replica.tcp().text());
  EXPECT_EQ((*links.Take())->Call({"GET", "a"})->text, "1");
  primary.Start();  // it believes to be one still, until the Sentinel tells it
  EXPECT_EQ((*Connect())->where(), replica.tcp().text());
}

}  // namespace
}  // namespace tvan
