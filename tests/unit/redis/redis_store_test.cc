// The store over Redis: what opens, and which life it is.
#include "store/redis/redis_store.h"

#include <random>

#include "tests/unit/redis/gateways.h"
#include "tests/unit/store/small_message.h"

namespace tvan {
namespace {

class RedisStores : public testing::Test {
 protected:
  RedisStoreOptions Options(const std::string& gateway) {
    RedisStoreOptions options;
    options.link.server = server.address();
    options.gateway = gateway;
    options.create_if_missing = true;
    options.random_bytes = [this](size_t size) {
      std::string bytes(size, '\0');
      for (char& c : bytes) c = static_cast<char>(random_());
      return bytes;
    };
    return options;
  }
  std::unique_ptr<Store> Open(const RedisStoreOptions& options) {
    auto store = OpenRedisStore(options, *clock_, *metrics_);
    EXPECT_TRUE(store.ok()) << store.status().ToString();
    return std::move(store->store);
  }
  std::unique_ptr<Store> Open(const std::string& gateway) { return Open(Options(gateway)); }
  Status Refused(const RedisStoreOptions& options) { return OpenRedisStore(options, *clock_, *metrics_).status(); }
  static Result<AcceptAnswer> Accept(Store& store, int n) {
    std::promise<Result<AcceptAnswer>> done;
    store.Accept(SmallMessage(n), [&](Result<AcceptAnswer> answer) { done.set_value(std::move(answer)); });
    return done.get_future().get();
  }

  RedisServer server;

 private:
  std::unique_ptr<Clock> clock_ = MakeSystemClock();
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  std::random_device random_;
};

TEST_F(RedisStores, AreOneForAllGateways) {
  const auto one = Open("g1"), two = Open("g2");
  EXPECT_EQ(one->position().incarnation, two->position().incarnation);
  EXPECT_EQ(Accept(*one, 1)->outcome, AcceptAnswer::Outcome::kAccepted);
  EXPECT_EQ(Accept(*two, 1)->outcome, AcceptAnswer::Outcome::kAlreadyAccepted);
  EXPECT_EQ(Accept(*two, 2)->acceptance, 2u);
  const Fence old = one->TakeOwnership();
  const Fence newer = two->TakeOwnership();
  EXPECT_EQ(one->EndRecovery(old, {}).reason(), "store.fenced"_reason);
  EXPECT_TRUE(two->EndRecovery(newer, {}).ok());
}

TEST_F(RedisStores, AreNotMadeUnlessAskedFor) {
  RedisStoreOptions options = Options("g1");
  options.create_if_missing = false;
  EXPECT_EQ(Refused(options).reason(), "store.missing"_reason);
  Open("g1");
  EXPECT_TRUE(Open(options) != nullptr);
}

TEST_F(RedisStores, WhatRedisRefusesWhileWeServeIsNoFaultOfAMessage) {
  const auto store = Open("g1");
  ASSERT_TRUE(Accept(*store, 1).ok());
  server.Tell("CONFIG SET appendfsync everysec");
  server.Tell("CLIENT KILL TYPE normal");
  for (const Status& refused : {Accept(*store, 2).status(), store->Queues().status()}) {
    EXPECT_EQ(refused.reason(), "store.too_weak"_reason);
    EXPECT_TRUE(refused.is_transient()) << refused.ToString();
  }
  server.Tell("CONFIG SET appendfsync always");
  WaitFor("the mended server", [&] { return Accept(*store, 2).ok() && store->Queues().ok(); });
  RedisStoreOptions other = Options("g2");
  server.Tell("CONFIG SET appendfsync everysec");
  EXPECT_EQ(Refused(other).disposition(), Disposition::kPermanent) << "at the opening a person must mend it";
}

TEST_F(RedisStores, OfANewerProgramAreRefused) {
  Open("g1");
  server.Ask({"HSET", "tvan:{tvan}:control", keys::kFormat, U64(4)});
  EXPECT_EQ(Refused(Options("g1")).reason(), "store.newer_format"_reason);
}

TEST_F(RedisStores, NeedANameThatCannotBeMistaken) {
  for (const char* gateway : {"", "a b", "a:b", "a}"})
    EXPECT_EQ(Refused(Options(gateway)).reason(), "store.argument"_reason);
  RedisStoreOptions options = Options("g1");
  options.name = "a}";
  EXPECT_EQ(Refused(options).reason(), "store.argument"_reason);
}

TEST_F(RedisStores, LoseNothingAndBeginANewLifeWhenTheServerIsKilledAndStartedAgain) {
  auto one = Open("g1"), two = Open("g2");
  const std::string life = one->position().incarnation;
  for (int n = 1; n <= 5; ++n) ASSERT_TRUE(Accept(*one, n).ok());
  server.Kill();
  EXPECT_TRUE(Accept(*one, 6).status().is_transient());
  server.Start();
  EXPECT_TRUE(Accept(*one, 6).status().is_in_doubt()) << "bound to the life that ended";
  EXPECT_EQ(Accept(*one, 7).status().reason(), "store.failed"_reason);
  EXPECT_EQ(two->Queues().status().reason(), "store.unreachable"_reason);

  one = Open("g1");
  two = Open("g2");
  const std::string next = one->position().incarnation;
  EXPECT_NE(next, life);
  EXPECT_EQ(two->position().incarnation, next) << "one new life for all";
  const auto recovery = two->recovery();
  ASSERT_TRUE(recovery.ok() && recovery->has_value());
  EXPECT_TRUE((*recovery)->active());
  EXPECT_EQ((*recovery)->acceptance, 5u);
  EXPECT_EQ((*recovery)->ancestors.front().incarnation, life);
  EXPECT_GT((*recovery)->as_of().us, 0);
  for (int n = 1; n <= 5; ++n) EXPECT_EQ(Accept(*two, n)->outcome, AcceptAnswer::Outcome::kAlreadyAccepted);
}

TEST_F(RedisStores, GoOnInTheSameLifeWhenAGatewayIsOpenedAgain) {
  const std::string life = Open("g1")->position().incarnation;
  const auto again = Open("g1");
  EXPECT_EQ(again->position().incarnation, life);
  EXPECT_FALSE(again->recovery()->has_value());
}

}  // namespace
}  // namespace tvan
