// What the other side may do to a connection: everything, within bounds.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "gateway/core/log.h"
#include "store/redis/redis_link.h"
#include "tests/support/redis_server.h"
#include "tests/unit/redis/hasty_clock.h"
#include "tests/unit/redis/scripted_server.h"

namespace tvan {
namespace {

using testing::HasSubstr;
using testing::Not;
using Words = ScriptedServer::Words;

std::string Bulk(const std::string& text) { return "$" + std::to_string(text.size()) + "\r\n" + text + "\r\n"; }

// Answers GET with `answer`, and all before it as a primary.
ScriptedServer::Script ToGet(std::string answer) {
  return [answer](const Words& command) { return command[0] == "GET" ? answer : std::string(); };
}

class RedisWireTest : public testing::Test {
 protected:
  Result<std::unique_ptr<RedisLink>> Connect(const ScriptedServer& server) {
    options.server = server.address();
    return RedisLink::Connect(options, *clock, nullptr);
  }
  Result<RedisReply> Get(const ScriptedServer& server) {
    auto link = Connect(server);
    if (!link) return link.status();
    auto reply = (*link)->Call({"GET", "x"});
    EXPECT_EQ((*link)->broken(), !reply.ok());
    return reply;
  }
  std::string WhyNot(const ScriptedServer& server) {
    const Status status = Get(server).status();
    EXPECT_TRUE(status.is_in_doubt()) << status.ToString();
    EXPECT_EQ(status.reason(), "store.unreachable"_reason);
    return status.message();
  }

  std::unique_ptr<Clock> clock = MakeSystemClock();
  RedisLinkOptions options{
      .connect_limit = Span{10'000'000}, .reply_limit = Span{10'000'000}, .most_reply_bytes = 100'000};
};

TEST_F(RedisWireTest, WaitsInVainForTheOtherHalfOfAReply) {
  options.reply_limit = Span{100'000};
  EXPECT_THAT(WhyNot(ScriptedServer(ToGet("$10\r\nabc"))), HasSubstr("no reply within 0.100 s"));
  EXPECT_THAT(WhyNot(ScriptedServer(ToGet("*2\r\n:1\r\n"))), HasSubstr("no reply within 0.100 s"));
}

TEST_F(RedisWireTest, NoticesThatHalfAReplyWasTheLast) {
  EXPECT_THAT(WhyNot(ScriptedServer(ToGet(std::string("$10\r\nabc") + ScriptedServer::kHangUp))),
              HasSubstr("closed the connection"));
}

TEST_F(RedisWireTest, TakesNothingThatIsNoReply) {
  EXPECT_THAT(WhyNot(ScriptedServer(ToGet("HTTP/1.1 400 Bad Request\r\n\r\n"))), HasSubstr("Protocol error"));
  EXPECT_THAT(WhyNot(ScriptedServer(ToGet("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n"))),
              HasSubstr("nested"));
}

TEST_F(RedisWireTest, TakesAReplyUpToItsBoundAndNoMore) {
  const auto reply = Get(ScriptedServer(ToGet(Bulk(std::string(100'000, 'x')))));
  ASSERT_TRUE(reply) << reply.status().ToString();
  EXPECT_EQ(reply->text.size(), 100'000U);
  EXPECT_THAT(WhyNot(ScriptedServer(ToGet(Bulk(std::string(100'001, 'x'))))), HasSubstr("beyond 100000 bytes"));
}

TEST_F(RedisWireTest, CountsAllPartsOfAReply) {
  const std::string part = Bulk(std::string(40'000, 'x'));
  EXPECT_TRUE(Get(ScriptedServer(ToGet("*2\r\n" + part + part))));
  EXPECT_THAT(WhyNot(ScriptedServer(ToGet("*3\r\n" + part + part + part))), HasSubstr("beyond 100000 bytes"));
}

TEST_F(RedisWireTest, MakesNoRoomForAPromise) {
  EXPECT_THAT(WhyNot(ScriptedServer(ToGet("*2000000000\r\n"))), HasSubstr("beyond 100000 bytes"));
}

TEST_F(RedisWireTest, DoesNotGatherAnEndlessReply) {
  EXPECT_THAT(WhyNot(ScriptedServer(ToGet("$500000000\r\n" + std::string(1 << 20, 'x')))),
              HasSubstr("beyond 100000 bytes"));
}

TEST_F(RedisWireTest, GivesUpAReplyThatComesInDropsForever) {
  clock = MakeHastyClock(Span{100'000});
  options.most_reply_bytes = 100 << 20;
  EXPECT_TRUE(Get(ScriptedServer(ToGet(Bulk("x")))));
  EXPECT_THAT(WhyNot(ScriptedServer(ToGet(Bulk(std::string(16 << 20, 'x'))))), HasSubstr("no whole reply within"));
}

TEST_F(RedisWireTest, DoesNotTakeAServerThatIsLoading) {
  const auto loading = [](const Words& command) {
    return command[0] == "PING" ? "-LOADING Redis is loading the dataset in memory\r\n" : std::string();
  };
  const Status status = Connect(ScriptedServer(loading)).status();
  EXPECT_EQ(status.reason(), "store.unreachable"_reason);
  EXPECT_TRUE(status.is_transient());
  EXPECT_THAT(status.message(), HasSubstr("LOADING"));
}

TEST_F(RedisWireTest, BreaksALinkWhoseServerIsLoadingAgain) {
  const ScriptedServer server(ToGet("-LOADING Redis is loading the dataset in memory\r\n"));
  const auto link = Connect(server);
  ASSERT_TRUE(link);
  EXPECT_TRUE((*link)->Call({"GET", "x"})->is_error("LOADING"));
  EXPECT_TRUE((*link)->broken());
}

TEST_F(RedisWireTest, IsNotInDoubtBeforeAnythingWasAsked) {
  const ScriptedServer silent([](const Words&) { return std::string(ScriptedServer::kHangUp); });
  const Status status = Connect(silent).status();
  EXPECT_TRUE(status.is_transient()) << status.ToString();
}

TEST_F(RedisWireTest, KeepsThePasswordFromAServerThatRepeatsIt) {
  options.user = "tvan";
  options.password = "hush";
  const ScriptedServer parrot([](const Words& command) {
    return command[0] == "AUTH" ? "-ERR unknown command `AUTH`, with args beginning with: `" + command[2] + "`\r\n"
                                : "";
  });
  const Status status = Connect(parrot).status();
  EXPECT_EQ(status.reason(), "store.redis_refused"_reason);
  EXPECT_THAT(status.message(), Not(HasSubstr("hush")));
}

TEST_F(RedisWireTest, LogsASlowReplyWithoutItsArguments) {
  const std::string path = testing::TempDir() + "redis_wire_test.log";
  ASSERT_TRUE(LogToFile(path));
  const ScriptedServer server(ToGet("+x\r\n"));
  for (const Span step : {Span{100'000}, Span{500'000}}) {  // the clock is asked a few times a reply
    clock = MakeHastyClock(step);
    const auto link = Connect(server);
    ASSERT_TRUE((*link)->Call({"GET", "private"}));
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    EXPECT_EQ(text.str().find("redis.slow") != std::string::npos, step == Span{500'000}) << text.str();
    EXPECT_THAT(text.str(), Not(HasSubstr("private")));
  }
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace tvan
