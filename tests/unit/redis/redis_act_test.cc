// Acts whose outcome is not known at once: done exactly once, or said not to be known. And what Redis refuses.
#include "tests/unit/redis/cutting_proxy.h"
#include "tests/unit/redis/gateways.h"

namespace tvan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RedisActs : public Gateways {
 protected:
  CuttingProxy proxy{server.address()};

  Backend Behind(const std::string& name) const {
    RedisBackendOptions options = Options(name);
    options.link.server = proxy.address();
    return Gateway(options);
  }
  static Status EnlistIn(RedisBackend& backend, const std::string& name) {
    return Do(backend, [&](WriteSet& w) { Enlist(w, name); });
  }
  static std::future<Status> Later(RedisBackend& backend, const std::string& name) {
    return std::async(std::launch::async, [&backend, name] { return EnlistIn(backend, name); });
  }
};

TEST_F(RedisActs, AreDoneOnceWhenTheLinkIsCutBeforeOrBehindThem) {
  const Backend gateway = Behind("g1");
  proxy.CutNext(CuttingProxy::Cut::kBefore, "tvan1_act");
  EXPECT_TRUE(EnlistIn(*gateway, "before").ok());
  EXPECT_THAT(List(*gateway), ElementsAre("before"));
  proxy.CutNext(CuttingProxy::Cut::kBehind, "tvan1_act");
  EXPECT_TRUE(EnlistIn(*gateway, "behind").ok());
  EXPECT_THAT(List(*gateway), ElementsAre("before", "behind"));
  EXPECT_EQ(proxy.cuts(), 2);
}

TEST_F(RedisActs, AreDoneOnceWhenTheLinkIsCutWhileTheTurnIsTaken) {
  const Backend gateway = Behind("g1"), other = Gateway("g2");  // who has the turn now
  for (const auto cut : {CuttingProxy::Cut::kBefore, CuttingProxy::Cut::kBehind}) {
    proxy.CutNext(cut, "tvan1_turn");
    EXPECT_TRUE(EnlistIn(*gateway, "x").ok());
    EXPECT_TRUE(EnlistIn(*other, "y").ok());
  }
  EXPECT_EQ(proxy.cuts(), 2);
  EXPECT_THAT(List(*other), ElementsAre("x", "y", "x", "y"));
}

// Another one may have written over what the first try was decided on.
TEST_F(RedisActs, AreDecidedAgainWhenTheyWereNotDone) {
  const Backend gateway = Behind("g1"), other = Gateway("g2");
  ASSERT_TRUE(EnlistIn(*gateway, "first").ok());
  proxy.CutNext(CuttingProxy::Cut::kBefore, "tvan1_act", /*hold=*/true);
  auto done = Later(*gateway, "third");
  WaitFor("the cut", [&] { return proxy.cuts() == 1; });
  EXPECT_TRUE(EnlistIn(*other, "second").ok());
  proxy.Open();
  EXPECT_TRUE(done.get().ok());
  EXPECT_THAT(List(*other), ElementsAre("first", "second", "third"));
}

TEST_F(RedisActs, AreInDoubtWhenTheServerWasStartedAgainBehindThem) {
  const Backend gateway = Behind("g1");
  ASSERT_TRUE(EnlistIn(*gateway, "x").ok());
  proxy.CutNext(CuttingProxy::Cut::kBehind, "tvan1_act", /*hold=*/true);
  auto done = Later(*gateway, "y");
  WaitFor("the cut", [&] { return proxy.cuts() == 1; });
  server.Kill();
  server.Start();
  proxy.Open();
  const Status doubt = done.get();
  EXPECT_TRUE(doubt.is_in_doubt()) << doubt.ToString();
  EXPECT_EQ(doubt.reason(), "store.io"_reason);
  EXPECT_TRUE(EnlistIn(*gateway, "z").is_in_doubt()) << "its life is over";
  EXPECT_EQ(gateway->Look([](const KvView&) {}).reason(), "store.unreachable"_reason);
}

TEST_F(RedisActs, AreInDoubtWhenAnotherProcessTookTheNameBehindThem) {
  const Backend gateway = Behind("g1");
  RedisBackendOptions same = Options("g1");
  same.process = "the other";
  proxy.CutNext(CuttingProxy::Cut::kBehind, "tvan1_act", /*hold=*/true);
  auto done = Later(*gateway, "x");
  WaitFor("the cut", [&] { return proxy.cuts() == 1; });
  const Backend other = Gateway(same);  // its first act
  proxy.Open();
  EXPECT_TRUE(done.get().is_in_doubt());
}

TEST_F(RedisActs, FailAtOnceAndWithoutDoubtWhileNobodyServes) {
  const Backend gateway = Gateway("g1");
  server.Kill();
  const Status done = EnlistIn(*gateway, "x");
  EXPECT_TRUE(done.is_transient()) << done.ToString();
  EXPECT_EQ(done.reason(), "store.unreachable"_reason);
  EXPECT_EQ(gateway->Look([](const KvView& view) { (void)view.Get(Family::kMeta, "x"); }).reason(),
            "store.unreachable"_reason);
}

TEST_F(RedisActs, AreRefusedAsAWholeWhenRedisMayTakeNoMoreMemory) {
  const Backend gateway = Gateway("g1");
  server.Tell("CONFIG SET maxmemory 1");
  const Status full = EnlistIn(*gateway, "x");
  EXPECT_TRUE(full.is_transient()) << full.ToString();
  EXPECT_EQ(full.reason(), "store.full"_reason);
  EXPECT_THAT(List(*gateway), IsEmpty()) << "and can be read";
  server.Tell("CONFIG SET maxmemory 0");
  EXPECT_TRUE(EnlistIn(*gateway, "y").ok());
  EXPECT_THAT(List(*gateway), ElementsAre("y"));
}

TEST_F(RedisActs, AreRefusedWithoutDoubtWhenTheMemoryEndsRightBeforeThem) {
  const Backend gateway = Gateway("g1");
  int runs = 0;
  const Status full = Do(*gateway, [&](WriteSet& w) {
    if (++runs == 2) server.Tell("CONFIG SET maxmemory 1");  // read, and not written yet
    Enlist(w, "x");
  });
  EXPECT_TRUE(full.is_transient()) << full.ToString();
  EXPECT_EQ(full.reason(), "store.full"_reason);
  server.Tell("CONFIG SET maxmemory 0");
  EXPECT_TRUE(EnlistIn(*gateway, "y").ok());
  EXPECT_THAT(List(*gateway), ElementsAre("y"));
}

// What fails in the middle may be done in part: WRONGTYPE comes of a hand in our keys.
TEST_F(RedisActs, AreInDoubtWhenTheFunctionFailsInTheirMiddle) {
  const Backend gateway = Gateway("g1");
  server.Tell("SET tvan:{t}:payload nothing-of-ours");
  const Status failed = Do(*gateway, [](WriteSet& w) { w.Put(Family::kPayload, "k", "v"); });
  EXPECT_TRUE(failed.is_in_doubt()) << failed.ToString();
  EXPECT_EQ(failed.reason(), "store.io"_reason);
}

TEST_F(RedisActs, AreRefusedWithoutDoubtByAPrimaryThatBecameAReplica) {
  const Backend gateway = Gateway("g1");
  server.Tell("REPLICAOF 127.0.0.1 1");
  const Status refused = EnlistIn(*gateway, "x");
  EXPECT_TRUE(refused.is_transient()) << refused.ToString();
  EXPECT_EQ(refused.reason(), "store.unreachable"_reason);
  EXPECT_TRUE(EnlistIn(*gateway, "x").is_transient());
  server.Tell("REPLICAOF NO ONE");
  const Status over = EnlistIn(*gateway, "x");
  EXPECT_TRUE(over.is_in_doubt()) << "it may have followed another one meanwhile: " << over.ToString();
}

TEST_F(RedisActs, BringTheFunctionsAlongWhereTheyAreMissing) {
  const Backend gateway = Gateway("g1");
  for (const bool look : {true, false}) {
    server.Tell("FUNCTION FLUSH");
    const Status done =
        look ? gateway->Look([](const KvView& view) { (void)view.Get(Family::kMeta, "x"); }) : EnlistIn(*gateway, "x");
    EXPECT_TRUE(done.ok()) << done.ToString();
  }
  EXPECT_THAT(List(*gateway), ElementsAre("x"));
}

TEST_F(RedisActs, LeaveNewerFunctionsAlone) {
  const std::string newer =
      "#!lua name=tvan1\nredis.register_function{function_name='tvan1_revision', callback=function() return 99 end, "
      "flags={'no-writes'}}";
  server.Tell("FUNCTION FLUSH");
  server.Ask({"FUNCTION", "LOAD", newer});
  RedisBackend gateway(Options("g1"), *clock, nullptr);
  EXPECT_TRUE(gateway.Connect().ok());
  EXPECT_EQ(server.Ask({"FCALL", "tvan1_revision", "0"}).number, 99);
}

class RedisReplicated : public RedisActs {
 protected:
  RedisReplicated() { replica.Follow(primary); }
  Backend Replicated(const std::string& name, Span limit) { return Replicated(name, limit, primary.address()); }
  Backend Replicated(const std::string& name, Span limit, const RedisAddress& at) {
    RedisBackendOptions options = Options(name);
    options.link.server = at;
    options.level = Durability::kFlushedReplicated;
    options.replicas = 1;
    options.replica_limit = limit;
    return Gateway(options);
  }
  RedisServer primary{{.port = true}}, replica{{.port = true}};
};

TEST_F(RedisReplicated, ActsAreAnsweredWhenTheReplicasHaveThemAndNobodyIsToldBefore) {
  const Backend patient = Replicated("g1", Span{3'000'000}), reader = Replicated("g2", Span{500'000});
  ASSERT_TRUE(EnlistIn(*patient, "x").ok());
  ASSERT_THAT(List(*reader), ElementsAre("x"));
  replica.Pause();
  auto done = Later(*patient, "y");
  WaitFor("the act at the primary", [&] { return primary.Ask({"HLEN", "tvan:{t}:queue"}).number == 2; });
  const auto see = [](const KvView& view) { (void)view.Get(Family::kControl, "count"); };
  EXPECT_EQ(reader->Look(see).reason(), "store.replicas_missing"_reason) << "what may be lost is told to nobody";
  const Status repeated = Do(*reader, [](WriteSet& w) { (void)w.Number(Family::kControl, "count"); });
  EXPECT_EQ(repeated.reason(), "store.replicas_missing"_reason) << "nor by an act that writes nothing";
  EXPECT_TRUE(repeated.is_transient());
  replica.Resume();
  EXPECT_TRUE(done.get().ok());
  EXPECT_THAT(List(*reader), ElementsAre("x", "y"));
}

TEST_F(RedisReplicated, AnActFoundDoneBehindABrokenLinkIsAnsweredWhenTheReplicasHaveIt) {
  CuttingProxy between(primary.address());
  const Backend gateway = Replicated("g1", Span{100'000}, between.address());
  replica.Pause();
  between.CutNext(CuttingProxy::Cut::kBehind, "tvan1_act");
  const Status doubt = EnlistIn(*gateway, "x");
  EXPECT_TRUE(doubt.is_in_doubt()) << doubt.ToString();
  EXPECT_EQ(between.cuts(), 1);
  EXPECT_EQ(primary.Ask({"HLEN", "tvan:{t}:queue"}).number, 1);
  replica.Resume();
}

TEST_F(RedisReplicated, AnActThatOnlyThePrimaryHasIsInDoubt) {
  const Backend gateway = Replicated("g1", Span{100'000});
  replica.Kill();
  const Status doubt = EnlistIn(*gateway, "x");
  EXPECT_TRUE(doubt.is_in_doubt()) << doubt.ToString();
}

}  // namespace
}  // namespace tvan
