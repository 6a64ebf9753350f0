// One connection, against a real redis-server.
#include "store/redis/redis_link.h"

#include <gmock/gmock.h>

#include <thread>

#include "tests/support/redis_server.h"

namespace tvan {
namespace {

using testing::HasSubstr;
using testing::Not;
using Kind = RedisReply::Kind;

class RedisLinkTest : public testing::Test {
 protected:
  Result<std::unique_ptr<RedisLink>> Connect() { return RedisLink::Connect(options, *clock, metrics.get()); }
  std::unique_ptr<RedisLink> Connected() {
    auto link = Connect();
    EXPECT_TRUE(link) << link.status().ToString();
    return std::move(link).value();
  }

  const std::unique_ptr<Clock> clock = MakeSystemClock();
  const std::unique_ptr<Metrics> metrics = Metrics::Make();
  RedisServer server;
  RedisLinkOptions options{.server = server.address()};
};

TEST_F(RedisLinkTest, CarriesAnyBytesThereAndBack) {
  const auto link = Connected();
  const std::string bytes("\0\r\n$5\r\n\xff", 9);
  ASSERT_EQ(link->Call({"SET", bytes, bytes})->text, "OK");
  EXPECT_EQ(link->Call({"GET", bytes})->text, bytes);
}

TEST_F(RedisLinkTest, TellsTheKindsOfRepliesApart) {
  const auto link = Connected();
  const auto replies = link->Pipeline({{"GET", "none"},
                                       {"RPUSH", "list", "a", "b"},
                                       {"LRANGE", "list", "0", "-1"},
                                       {"EVAL", "return {1, {'x', {}}, false}", "0"},
                                       {"GET", "list"}});
  ASSERT_TRUE(replies) << replies.status().ToString();
  EXPECT_EQ((*replies)[0].kind, Kind::kNil);
  EXPECT_EQ((*replies)[1].number, 2);
  EXPECT_EQ((*replies)[2].list[1].text, "b");
  const RedisReply& nested = (*replies)[3];
  ASSERT_EQ(nested.list.size(), 3U);
  EXPECT_EQ(nested.list[0].number, 1);
  EXPECT_EQ(nested.list[1].list[0].text, "x");
  EXPECT_EQ(nested.list[1].list[1].kind, Kind::kList);
  EXPECT_EQ(nested.list[2].kind, Kind::kNil);
  EXPECT_TRUE((*replies)[4].is_error("WRONGTYPE"));
  EXPECT_FALSE((*replies)[4].is_error("WRONG"));
  EXPECT_FALSE(link->broken()) << "an error of the server is an answer";
}

TEST_F(RedisLinkTest, CarriesMegabytes) {
  const auto link = Connected();
  const std::string large(20 << 20, 'x');
  ASSERT_EQ(link->Call({"SET", "large", large})->text, "OK");
  EXPECT_EQ(link->Call({"GET", "large"})->text, large);
}

TEST_F(RedisLinkTest, ReachesAServerByItsPort) {
  RedisServer with_port({.port = true});
  options.server = with_port.tcp();
  const auto link = Connected();
  EXPECT_EQ(link->where(), "127.0.0.1:" + std::to_string(with_port.tcp().port));
  EXPECT_EQ(link->Call({"PING"})->text, "PONG");
}

TEST_F(RedisLinkTest, SaysThatNobodyListensThere) {
  options.server = {.unix_socket = server.folder() + "/other"};
  EXPECT_EQ(Connect().status().reason(), "store.unreachable"_reason);
  EXPECT_TRUE(Connect().status().is_transient());
  options.server = {.host = "127.0.0.1", .port = 1};
  EXPECT_EQ(Connect().status().reason(), "store.unreachable"_reason);
}

TEST_F(RedisLinkTest, RefusesAPathThatNoSocketCanHave) {
  options.server = {.unix_socket = server.folder() + "/" + std::string(108, 'x')};
  EXPECT_EQ(Connect().status().reason(), "store.argument"_reason);
}

TEST_F(RedisLinkTest, SignsInWithUserAndPassword) {
  server.Tell("ACL SETUSER tvan on >right ~* +@all");
  options.user = "tvan";
  options.password = "right";
  EXPECT_EQ(Connected()->Call({"ACL", "WHOAMI"})->text, "tvan");
}

TEST_F(RedisLinkTest, IsRefusedWithAWrongPasswordAndDoesNotSayIt) {
  server.Tell("ACL SETUSER tvan on >right ~* +@all");
  options.user = "tvan";
  options.password = "secret-but-wrong";
  const Status status = Connect().status();
  EXPECT_EQ(status.reason(), "store.redis_refused"_reason);
  EXPECT_EQ(status.disposition(), Disposition::kPermanent);
  EXPECT_THAT(status.message(), Not(HasSubstr("secret")));
}

TEST_F(RedisLinkTest, IsRefusedWithoutThePasswordThatIsNeeded) {
  server.Tell("CONFIG SET requirepass needed");
  EXPECT_EQ(Connect().status().reason(), "store.redis_refused"_reason);
  options.password = "needed";  // of the default user
  EXPECT_TRUE(Connect());
}

TEST_F(RedisLinkTest, TakesAPrimaryOnly) {
  RedisServer primary({.port = true}), replica({.port = true});
  replica.Follow(primary);
  options.server = replica.address();
  const Status status = Connect().status();
  EXPECT_EQ(status.reason(), "store.unreachable"_reason);
  EXPECT_TRUE(status.is_transient());
  EXPECT_THAT(status.message(), HasSubstr("is no primary, but a slave"));
  replica.Tell("REPLICAOF NO ONE");
  EXPECT_TRUE(Connect());
}

TEST_F(RedisLinkTest, IsBrokenOnceItsServerIsNoPrimaryAnyMore) {
  RedisServer other({.port = true});
  const auto link = Connected();
  ASSERT_EQ(link->Call({"SET", "a", "1"})->text, "OK");
  server.Tell("REPLICAOF 127.0.0.1 " + std::to_string(other.tcp().port));
  const auto reply = link->Call({"SET", "a", "2"});
  ASSERT_TRUE(reply) << reply.status().ToString();
  EXPECT_TRUE(reply->is_error("READONLY"));
  EXPECT_TRUE(StatusOf(*reply).is_transient());
  EXPECT_TRUE(link->broken());
  EXPECT_FALSE(link->alive());
}

TEST_F(RedisLinkTest, GivesUpAServerThatStopsAnswering) {
  options.reply_limit = Span{100'000};
  const auto link = Connected();
  server.Pause();
  const Status status = link->Call({"INCR", "n"}).status();
  EXPECT_EQ(status.reason(), "store.unreachable"_reason);
  EXPECT_TRUE(status.is_in_doubt());
  EXPECT_THAT(status.message(), HasSubstr("no reply within 0.100 s"));
  EXPECT_TRUE(link->broken());
  const Status later = link->Call({"INCR", "n"}).status();
  EXPECT_TRUE(later.is_transient()) << "nothing was sent: " << later.ToString();
  server.Resume();
  WaitFor("what was in doubt", [&] { return server.Ask({"GET", "n"}).text == "1"; });
}

TEST_F(RedisLinkTest, GivesUpAServerThatStopsTakingWhatIsSent) {
  options.reply_limit = Span{100'000};
  const auto link = Connected();
  server.Pause();
  const Status status = link->Call({"SET", "a", std::string(8 << 20, 'x')}).status();
  server.Resume();
  EXPECT_TRUE(status.is_in_doubt());
  EXPECT_THAT(status.message(), HasSubstr("did not take what was sent within 0.100 s"));
}

TEST_F(RedisLinkTest, WaitsLongerForACommandThatWaitsItself) {
  options.reply_limit = Span{50'000};
  const auto link = Connected();
  const auto reply = link->Call({"BLPOP", "none", "0.3"}, Span{10'000'000});
  ASSERT_TRUE(reply) << reply.status().ToString();
  EXPECT_EQ(reply->kind, Kind::kNil);
  EXPECT_TRUE(link->Call({"BLPOP", "none", "0.3"}).status().is_in_doubt()) << "the old limit holds again";
}

TEST_F(RedisLinkTest, LeavesACallInDoubtWhenItsServerIsKilled) {
  const auto link = Connected();
  Status status;
  std::thread caller([&] { status = link->Call({"BLPOP", "none", "60"}, Span{60'000'000}).status(); });
  WaitFor("the call", [&] { return server.Info("blocked_clients") == "1"; });
  server.Kill();
  caller.join();
  EXPECT_EQ(status.reason(), "store.unreachable"_reason);
  EXPECT_TRUE(status.is_in_doubt());
  EXPECT_TRUE(link->broken());
}

TEST_F(RedisLinkTest, SurvivesWritingToAServerThatIsGone) {
  const auto link = Connected();
  EXPECT_TRUE(link->alive());
  server.Kill();
  EXPECT_FALSE(link->alive());
  EXPECT_TRUE(link->Call({"PING"}).status().is_in_doubt());  // SIGPIPE would end the program
}

TEST_F(RedisLinkTest, CountsSecondsByCommandAndFunction) {
  const auto link = Connected();
  ASSERT_TRUE(link->Call({"GeT", "private"}));
  ASSERT_TRUE(link->Call({"FCALL", "act", "0", "private"}));
  EXPECT_THAT(metrics->Render(), HasSubstr("tvan_redis_seconds_count{command=\"get\"} 1"));
  EXPECT_THAT(metrics->Render(), HasSubstr("tvan_redis_seconds_count{command=\"fcall act\"} 1"));
  EXPECT_THAT(metrics->Render(), HasSubstr("tvan_redis_connects_total{outcome=\"ok\"} 1"));
  EXPECT_THAT(metrics->Render(), Not(HasSubstr("private")));
}

TEST(RedisStatus, KnowsWhatAnErrorMeans) {
  const auto of = [](const char* text) {
    const Status status = StatusOf({.kind = Kind::kError, .text = text});
    return std::string(status.reason().text()) + (status.is_transient() ? " transient" : " permanent");
  };
  EXPECT_EQ(of("READONLY You can't write"), "store.unreachable transient");
  EXPECT_EQ(of("LOADING Redis is loading"), "store.unreachable transient");
  EXPECT_EQ(of("MASTERDOWN Link with MASTER is down"), "store.unreachable transient");
  EXPECT_EQ(of("NOREPLICAS Not enough good replicas"), "store.replicas_missing transient");
  EXPECT_EQ(of("OOM command not allowed"), "store.full transient");
  EXPECT_EQ(of("MISCONF Errors writing to the AOF file"), "store.unwritable transient");
  EXPECT_EQ(of("NOPERM this user has no permissions"), "store.redis_refused permanent");
  EXPECT_EQ(of("ERR anything"), "store.redis_error permanent");
  EXPECT_EQ(of("LOADINGS"), "store.redis_error permanent");
  EXPECT_TRUE(StatusOf({.kind = Kind::kText, .text = "ERR"}));
}

TEST(RedisAddress, IsToldToPeople) {
  EXPECT_EQ((RedisAddress{.unix_socket = "/run/r"}).text(), "unix:/run/r");
  EXPECT_EQ((RedisAddress{.host = "10.0.0.1", .port = 6379}).text(), "10.0.0.1:6379");
  EXPECT_EQ((RedisAddress{.host = "::1", .port = 6379}).text(), "[::1]:6379");
}

}  // namespace
}  // namespace tvan
