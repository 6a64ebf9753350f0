// What a Redis promises is read back from it, and each finding names the command that mends it.
#include "store/redis/redis_proof.h"

#include <gmock/gmock.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <memory>

#include "tests/support/redis_server.h"
#include "tests/unit/redis/scripted_server.h"

namespace tvan {
namespace {

using testing::HasSubstr;

// Does what the text says, as a person would: each command behind "mend: " that is one of Redis.
void DoWhatItSays(const std::string& text, const RedisServer& server) {
  for (size_t at = text.find("mend: CONFIG"); at != std::string::npos; at = text.find("mend: CONFIG", at + 1))
    EXPECT_EQ(server.Tell(text.substr(at + 6, text.find('\n', at) - at - 6)).text, "OK");
}

class RedisProofTest : public testing::Test {
 protected:
  Result<RedisProof> Prove(const RedisAddress& at) {
    auto link = RedisLink::Connect({.server = at}, *clock, nullptr);
    if (!link) return link.status();
    again = ProveRedisAgain(**link, options);
    return ProveRedis(**link, options, *clock);
  }
  // Weaker in one setting: refused with a text that names it, and proved once its commands were done.
  void ExpectMends(const std::string& worse, const std::string& named) {
    ASSERT_EQ(server.Tell(worse).text, "OK") << worse;
    const auto weak = Prove(server.address());
    EXPECT_EQ(weak.status().reason(), "store.too_weak"_reason) << worse;
    EXPECT_EQ(weak.status().disposition(), Disposition::kPermanent);
    EXPECT_EQ(again.message(), weak.status().message()) << "a later link sees it too";
    const std::string& text = weak.status().message();
    EXPECT_THAT(text, HasSubstr(named));
    EXPECT_EQ(text.find("mend:"), text.rfind("mend:")) << "one finding: " << text;
    EXPECT_THAT(text, HasSubstr("CONFIG REWRITE"));
    DoWhatItSays(text, server);
    const auto mended = Prove(server.address());
    EXPECT_TRUE(mended) << worse << ": " << mended.status().ToString();
    EXPECT_TRUE(again) << again.ToString();
  }

  Status again;  // what the cheap look said, at each Prove
  const std::unique_ptr<Clock> clock = MakeSystemClock();
  RedisServer server{{.port = true}};
  RedisProofOptions options{.key = "tvan:{tvan}:proof"};
};

TEST_F(RedisProofTest, ProvesWhatIsFlushed) {
  const auto proof = Prove(server.address());
  ASSERT_TRUE(proof) << proof.status().ToString();
  EXPECT_EQ(proof->level, Durability::kFlushedLocal);
  EXPECT_THAT(proof->version, testing::StartsWith("7."));
  EXPECT_GT(proof->flush.count(), 0);
}

TEST_F(RedisProofTest, RefusesWhatIsNotAppended) {
  ExpectMends("CONFIG SET appendonly no",
              "appendonly is no: nothing is written to the disk; mend: CONFIG SET appendonly yes");
}

TEST_F(RedisProofTest, RefusesAFlushEachSecond) {
  ExpectMends("CONFIG SET appendfsync everysec", "appendfsync is everysec");
}

TEST_F(RedisProofTest, RefusesNoFlushDuringARewrite) {
  ExpectMends("CONFIG SET no-appendfsync-on-rewrite yes", "no-appendfsync-on-rewrite is yes");
}

TEST_F(RedisProofTest, RefusesToHaveMessagesThrownAway) {
  ExpectMends("CONFIG SET maxmemory-policy allkeys-lru", "maxmemory-policy is allkeys-lru");
}

TEST_F(RedisProofTest, NamesAllFindingsAtOnce) {
  server.Tell("CONFIG SET appendonly no appendfsync no maxmemory-policy allkeys-random");
  const Status weak = Prove(server.address()).status();
  EXPECT_THAT(weak.message(), HasSubstr("appendonly is no"));
  EXPECT_THAT(weak.message(), HasSubstr("appendfsync is no"));
  EXPECT_THAT(weak.message(), HasSubstr("maxmemory-policy is allkeys-random"));
  DoWhatItSays(weak.message(), server);
  EXPECT_TRUE(Prove(server.address()));
}

TEST_F(RedisProofTest, AsksNothingOfAServerThatPromisesNothing) {
  options.level = Durability::kMemoryOnly;
  server.Tell("CONFIG SET appendonly no appendfsync no maxmemory-policy allkeys-random");
  EXPECT_TRUE(Prove(server.address()));
}

TEST_F(RedisProofTest, RefusesAFlushThatTakesTooLong) {
  options.flush_limit = Span{0};
  const Status slow = Prove(server.address()).status();
  EXPECT_EQ(slow.reason(), "store.too_weak"_reason);
  EXPECT_THAT(slow.message(), HasSubstr("one flush took"));
}

TEST_F(RedisProofTest, SaysThatTheUserMayNotReadTheSettings) {
  server.Tell("ACL SETUSER default -config");
  EXPECT_EQ(Prove(server.address()).status().reason(), "store.redis_refused"_reason);
}

class ReplicatedProofTest : public RedisProofTest {
 protected:
  ReplicatedProofTest() {
    options.level = Durability::kFlushedReplicated;
    server.Tell("CONFIG SET min-replicas-to-write 1");
  }
  RedisServer replica{{.port = true}};
};

TEST_F(ReplicatedProofTest, ProvesWhatAReplicaAcknowledged) {
  replica.Follow(server);
  const auto proof = Prove(server.address());
  ASSERT_TRUE(proof) << proof.status().ToString();
  EXPECT_EQ(proof->level, Durability::kFlushedReplicated);
  EXPECT_EQ(replica.Ask({"GET", "tvan:{tvan}:proof"}).text, "timed flush");
}

TEST_F(ReplicatedProofTest, RefusesAPrimaryThatNobodyFollows) {
  const Status alone = Prove(server.address()).status();
  EXPECT_EQ(alone.reason(), "store.too_weak"_reason);
  EXPECT_THAT(alone.message(), HasSubstr("replicas that follow are 0 of 1; mend: REPLICAOF"));
  replica.Follow(server);
  EXPECT_TRUE(Prove(server.address()));
}

TEST_F(ReplicatedProofTest, RefusesFewerReplicasThanWanted) {
  replica.Follow(server);
  server.Tell("CONFIG SET min-replicas-to-write 2");
  options.replicas = 2;
  EXPECT_THAT(Prove(server.address()).status().message(), HasSubstr("replicas that follow are 1 of 2"));
}

TEST_F(ReplicatedProofTest, RefusesAPrimaryThatWouldWriteAlone) {
  replica.Follow(server);
  ExpectMends("CONFIG SET min-replicas-to-write 0", "min-replicas-to-write is 0");
  ExpectMends("CONFIG SET min-replicas-max-lag 0", "min-replicas-max-lag is 0");
}

TEST_F(ReplicatedProofTest, RefusesReplicasThatDoNotAcknowledge) {
  replica.Follow(server);
  options.replica_limit = Span{100'000};
  replica.Pause();
  const Status silent = Prove(server.address()).status();
  replica.Resume();
  EXPECT_EQ(silent.reason(), "store.too_weak"_reason);
  EXPECT_THAT(silent.message(), HasSubstr("replicas that acknowledged within 100 ms are 0 of 1"));
  options.replica_limit = Span{10'000'000};
  EXPECT_TRUE(Prove(server.address()));
}

TEST_F(RedisProofTest, ProvesAServerThatIsSetAsTheReadmeSays) {
  std::ifstream file(std::string(std::getenv("TVAN_SOURCE_DIR")) + "/store/redis/README.md");
  std::vector<std::string> lines;
  std::string line;
  while (std::getline(file, line) && line != "# redis.conf of every server, primary or replica") continue;
  while (std::getline(file, line) && line != "```")
    if (!line.starts_with("aclfile") && !line.starts_with("unixsocket")) lines.push_back(line);  // names of places
  ASSERT_GE(lines.size(), 8U);
  const RedisServer as_told({.port = true, .lines = lines});
  RedisServer replica({.port = true});
  replica.Follow(as_told);
  options.level = Durability::kFlushedReplicated;
  const auto proof = Prove(as_told.address());
  EXPECT_TRUE(proof) << proof.status().ToString();
}

// Answers INFO as told, and everything else as a server that promises all.
ScriptedServer::Script WithInfo(const std::string& info) {
  return [info](const ScriptedServer::Words& command) -> std::string {
    if (command[0] == "INFO") return "$" + std::to_string(info.size()) + "\r\n" + info + "\r\n";
    if (command[0] == "SET") return "+OK\r\n";
    if (command[0] != "CONFIG") return "";
    return "*8\r\n$10\r\nappendonly\r\n$3\r\nyes\r\n$11\r\nappendfsync\r\n$6\r\nalways\r\n"
           "$25\r\nno-appendfsync-on-rewrite\r\n$2\r\nno\r\n$16\r\nmaxmemory-policy\r\n$10\r\nnoeviction\r\n";
  };
}
std::string Info(const std::string& version, const std::string& more) {
  return "# Server\r\nredis_version:" + version + "\r\n# Persistence\r\n" + more;
}

TEST_F(RedisProofTest, RefusesAServerWithoutFunctions) {
  const ScriptedServer old(WithInfo(Info("6.2.14", ""))), sufficient(WithInfo(Info("7.0.0", "")));
  EXPECT_THAT(Prove(old.address()).status().message(), HasSubstr("version is 6.2.14; mend: install Redis 7.0"));
  EXPECT_TRUE(Prove(sufficient.address()));
  options.level = Durability::kMemoryOnly;
  EXPECT_FALSE(Prove(old.address()));
}

TEST_F(RedisProofTest, RefusesAServerThatCouldNotWriteItsFile) {
  const ScriptedServer full(WithInfo(Info("7.0.15", "aof_last_write_status:err\r\n")));
  const ScriptedServer well(WithInfo(Info("7.0.15", "aof_last_write_status:ok\r\n")));
  EXPECT_THAT(Prove(full.address()).status().message(), HasSubstr("the last write to the append-only file failed"));
  EXPECT_TRUE(Prove(well.address()));
  options.level = Durability::kMemoryOnly;
  EXPECT_TRUE(Prove(full.address()));
}

TEST_F(RedisProofTest, WaitsForAFileThatIsBeingWritten) {
  const auto rewriting = [](int looks) {
    return [left = std::make_shared<std::atomic<int>>(looks)](const ScriptedServer::Words& command) {
      const bool busy = command[0] == "INFO" && left->fetch_sub(1) > 0;
      return WithInfo(Info("7.0.15", busy ? "aof_rewrite_in_progress:1\r\n" : "aof_rewrite_in_progress:0\r\n"))(
          command);
    };
  };
  const ScriptedServer soon(rewriting(2)), never(rewriting(1'000'000));
  EXPECT_TRUE(Prove(soon.address()));
  options.flush_limit = Span{1};
  EXPECT_THAT(Prove(never.address()).status().message(), HasSubstr("is still being written"));
}

}  // namespace
}  // namespace tvan
