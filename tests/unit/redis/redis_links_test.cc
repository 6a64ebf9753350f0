// Links that several threads share.
#include "store/redis/redis_links.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <thread>

#include "tests/support/fake_clock.h"
#include "tests/support/redis_server.h"

namespace tvan {
namespace {

class RedisLinksTest : public testing::Test {
 protected:
  static std::string IdOf(RedisLinks::Lease& lease) { return std::to_string(lease->Call({"CLIENT", "ID"})->number); }
  std::string TakenId(RedisLinks& links) {
    auto lease = links.Take();
    return lease ? IdOf(*lease) : lease.status().ToString();
  }

  const std::unique_ptr<Clock> clock = MakeSystemClock();
  RedisServer server;
  RedisLinkOptions options{.server = server.address(), .links = 2};
};

TEST_F(RedisLinksTest, LendsTheSameLinkAgain) {
  RedisLinks links(options, *clock, nullptr);
  const std::string first = TakenId(links);
  EXPECT_EQ(TakenId(links), first);
}

TEST_F(RedisLinksTest, LendsNoMoreThanItsBound) {
  options.reply_limit = Span{50'000};
  RedisLinks links(options, *clock, nullptr);
  auto one = links.Take();
  auto two = std::make_unique<Result<RedisLinks::Lease>>(links.Take());
  ASSERT_TRUE(one && *two);
  const auto three = links.Take();
  EXPECT_EQ(three.status().reason(), "store.busy"_reason);
  EXPECT_TRUE(three.status().is_transient());
  two.reset();
  EXPECT_TRUE(links.Take());
}

TEST_F(RedisLinksTest, LetsWhoComesTooEarlyWait) {
  options.links = 1;
  RedisLinks links(options, *clock, nullptr);
  auto one = std::make_unique<Result<RedisLinks::Lease>>(links.Take());
  const std::string id = IdOf(**one);
  std::string got;
  std::thread waiting([&] { got = TakenId(links); });
  one.reset();
  waiting.join();
  EXPECT_EQ(got, id);
}

TEST_F(RedisLinksTest, LendsNoLinkThatTheServerClosed) {
  RedisLinks links(options, *clock, nullptr);
  const std::string first = TakenId(links);
  server.Kill();
  server.Start();
  auto lease = links.Take();
  ASSERT_TRUE(lease) << lease.status().ToString();
  EXPECT_EQ((*lease)->Call({"PING"})->text, "PONG");
}

TEST_F(RedisLinksTest, DropsTheIdleLinksWithABrokenOne) {
  RedisLinks links(options, *clock, nullptr);
  auto broken = std::make_unique<Result<RedisLinks::Lease>>(links.Take());
  const std::string idle = TakenId(links);
  ASSERT_EQ(TakenId(links), idle);
  server.Tell("CLIENT KILL ID " + IdOf(**broken));
  EXPECT_FALSE((**broken)->Call({"PING"}));
  broken.reset();
  EXPECT_NE(TakenId(links), idle);
}

TEST_F(RedisLinksTest, DropsAllWhenThePrimaryIsAnotherOne) {
  RedisLinks links(options, *clock, nullptr);
  std::string out, idle;
  {
    auto one = links.Take();
    idle = TakenId(links);
    links.DropAll();
    out = IdOf(*one);
  }
  const std::string next = TakenId(links);
  EXPECT_NE(next, out) << "was out meanwhile";
  EXPECT_NE(next, idle);
  EXPECT_EQ(TakenId(links), next);
}

TEST_F(RedisLinksTest, LendsNothingOnceClosed) {
  RedisLinks links(options, *clock, nullptr);
  auto out = links.Take();
  links.Close();
  EXPECT_EQ(links.Take().status().reason(), "store.closed"_reason);
  EXPECT_EQ((*out)->Call({"PING"})->text, "PONG");
}

class RedisPauseTest : public testing::Test {
 protected:
  double Failures() const {
    const std::string text = metrics->Render(), name = "tvan_redis_connects_total{outcome=\"failed\"} ";
    const size_t at = text.find(name);
    return at == std::string::npos ? 0 : std::stod(text.substr(at + name.size()));
  }

  const std::unique_ptr<TestClock> clock = MakeTestClock();
  const std::unique_ptr<Metrics> metrics = Metrics::Make();
  RedisServer server;
  RedisLinks links{{.server = server.address()}, *clock, metrics.get()};
};

TEST_F(RedisPauseTest, TriesAgainAfterAPauseOnly) {
  server.Kill();
  const Status first = links.Take().status();
  EXPECT_EQ(first.reason(), "store.unreachable"_reason);
  EXPECT_EQ(Failures(), 1);
  EXPECT_EQ(links.Take().status().message(), first.message());
  EXPECT_EQ(Failures(), 1) << "in the pause nobody is asked";
  clock->AdvanceBy(Span{50'000});
  EXPECT_FALSE(links.Take());
  EXPECT_EQ(Failures(), 2);
}

TEST_F(RedisPauseTest, GrowsToTwoSecondsAndBeginsAnewOnceAllIsWell) {
  server.Kill();
  int64_t pause = 50'000;
  for (int i = 1; i <= 8; ++i) {
    EXPECT_FALSE(links.Take());
    EXPECT_EQ(Failures(), i);
    clock->AdvanceBy(Span{pause - 1});
    EXPECT_FALSE(links.Take());
    EXPECT_EQ(Failures(), i) << "one microsecond early";
    clock->AdvanceBy(Span{1});
    pause = std::min<int64_t>(pause * 2, 2'000'000);
  }
  server.Start();
  EXPECT_TRUE(links.Take());
  server.Kill();
  EXPECT_FALSE(links.Take());
  EXPECT_EQ(Failures(), 9);
  clock->AdvanceBy(Span{50'000});
  EXPECT_FALSE(links.Take());
  EXPECT_EQ(Failures(), 10);
}

}  // namespace
}  // namespace tvan
