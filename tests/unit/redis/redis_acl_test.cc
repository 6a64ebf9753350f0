// acl.example as it is shipped: what a gateway needs goes, and nothing else does.
#include <gmock/gmock.h>

#include <cstdlib>

#include "store/redis/redis_proof.h"
#include "tests/support/redis_server.h"

namespace tvan {
namespace {

std::string Example() { return std::string(std::getenv("TVAN_SOURCE_DIR")) + "/store/redis/acl.example"; }

class RedisAclTest : public testing::Test {
 protected:
  std::unique_ptr<RedisLink> As(const std::string& user, const std::string& password) {
    auto link = RedisLink::Connect({.server = server.address(), .user = user, .password = password}, *clock, nullptr);
    EXPECT_TRUE(link) << link.status().ToString();
    return std::move(link).value();
  }

  const std::unique_ptr<Clock> clock = MakeSystemClock();
  RedisServer server{{.lines = {"aclfile " + Example()}}};
};

TEST_F(RedisAclTest, LetsNobodyInWithoutAName) {
  const auto link = RedisLink::Connect({.server = server.address()}, *clock, nullptr);
  EXPECT_EQ(link.status().reason(), "store.redis_refused"_reason);
}

TEST_F(RedisAclTest, LetsTheGatewaysProveTheLevel) {
  const auto link = As("tvan", "CHANGE-ME-gateways");
  const auto proof = ProveRedis(*link, {.key = "tvan:{tvan}:proof"}, *clock);
  EXPECT_TRUE(proof) << proof.status().ToString();
}

TEST_F(RedisAclTest, LetsTheGatewaysUseFunctionsOnTheirKeys) {
  const auto link = As("tvan", "CHANGE-ME-gateways");
  const std::string library =
      "#!lua name=probe\nredis.register_function('probe', function(keys) redis.call('TIME')\n"
      "redis.call('HSET', keys[1], 'a', '1') redis.call('HINCRBY', keys[1], 'a', 1) redis.call('HGET', keys[1], 'a')\n"
      "redis.call('HMGET', keys[1], 'a') redis.call('HGETALL', keys[1]) redis.call('HDEL', keys[1], 'a')\n"
      "redis.call('ZADD', keys[2], 0, 'a') redis.call('ZRANGE', keys[2], '-', '+', 'BYLEX')\n"
      "redis.call('ZREM', keys[2], 'a') redis.call('RPUSH', keys[3], 1) redis.call('PEXPIRE', keys[3], 60000)\n"
      "return 'done' end)";
  ASSERT_EQ(link->Call({"FUNCTION", "LOAD", "REPLACE", library})->text, "probe");
  const auto reply = link->Call({"FCALL", "probe", "3", "tvan:{tvan}:a", "tvan:{tvan}:b", "tvan:{tvan}:c"});
  EXPECT_EQ(reply->text, "done");
  EXPECT_EQ(link->Call({"BLPOP", "tvan:{tvan}:c", "1"})->list.size(), 2U);
  EXPECT_EQ(link->Call({"PUBLISH", "tvan:{tvan}:turn", ""})->kind, RedisReply::Kind::kNumber);
  EXPECT_EQ(link->Call({"WAIT", "0", "1"})->kind, RedisReply::Kind::kNumber);
  EXPECT_EQ(link->Call({"FCALL", "probe", "3", "a", "b", "c"})->kind, RedisReply::Kind::kError) << "keys of others";
  EXPECT_EQ(link->Call({"SUBSCRIBE", "tvan:{tvan}:news"})->kind, RedisReply::Kind::kList);
}

TEST_F(RedisAclTest, KeepsTheGatewaysFromEverythingElse) {
  const auto link = As("tvan", "CHANGE-ME-gateways");
  const std::vector<RedisCommand> forbidden = {{"CONFIG", "SET", "appendfsync", "no"},
                                               {"FLUSHALL"},
                                               {"FLUSHDB"},
                                               {"KEYS", "*"},
                                               {"SCAN", "0"},
                                               {"HGETALL", "other:{tvan}:message"},
                                               {"SET", "tvan:{other}:proof", "x"},
                                               {"DEL", "tvan:{tvan}:message"},
                                               {"RENAME", "tvan:{tvan}:a", "tvan:{tvan}:b"},
                                               {"EVAL", "return 1", "0"},
                                               {"FUNCTION", "FLUSH"},
                                               {"REPLICAOF", "NO", "ONE"},
                                               {"SHUTDOWN"},
                                               {"CLIENT", "LIST"},
                                               {"ACL", "LIST"},
                                               {"PUBLISH", "other", "x"}};
  for (const RedisCommand& command : forbidden) {
    const auto reply = link->Call(command);
    ASSERT_TRUE(reply) << reply.status().ToString();
    EXPECT_TRUE(reply->is_error("NOPERM")) << command[0] << ": " << reply->text;
  }
}

TEST_F(RedisAclTest, LetsAReplicaFollow) {
  RedisServer primary({.port = true, .lines = {"aclfile " + Example()}});
  RedisServer replica({.port = true, .lines = {"masteruser replica", "masterauth CHANGE-ME-replicas"}});
  replica.Tell("REPLICAOF 127.0.0.1 " + std::to_string(primary.tcp().port));
  WaitFor("a replica that follows", [&] { return replica.Info("master_link_status") == "up"; });
  const auto link = RedisLink::Connect({.server = primary.address(), .user = "tvan", .password = "CHANGE-ME-gateways"},
                                       *clock, nullptr);
  ASSERT_TRUE(link) << link.status().ToString();
  EXPECT_EQ((*link)->Pipeline({{"SET", "tvan:{tvan}:a", "1"}, {"WAIT", "1", "10000"}})->back().number, 1);
  EXPECT_EQ(replica.Ask({"GET", "tvan:{tvan}:a"}).text, "1");
}

}  // namespace
}  // namespace tvan
