// The store suite on a real Redis: one server for all tests, a store of its own name for each. A kill is a gateway that
// is never closed: the next one opens beside it. A backup is a copy of all keys, in a server that never heard of them.
#include <atomic>
#include <map>
#include <random>

#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"
#include "store/redis/redis_store.h"
#include "tests/contract/store_contract.h"
#include "tests/support/redis_server.h"

namespace tvan {
namespace {

RedisServer& TheServer() {
  static RedisServer server({.lines = {ExampleUser()}});  // it may do what the suite does, and little else
  return server;
}

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return bytes;
}

class RedisHome : public StoreHome {
 public:
  explicit RedisHome(Options options) : options_(options) {
    static std::atomic<int> homes{0};
    name_ = "t" + std::to_string(homes++);
    Open();
  }
  ~RedisHome() override {
    store_.reset();
    killed_.clear();
    for (const std::string& key : Keys("tvan:{" + name_ + "*")) TheServer().Ask({"UNLINK", key});
  }
  Store& store() override { return *store_; }
  void Reopen() override {
    const Status closed = store_->Close();
    EXPECT_TRUE(closed.ok()) << closed.ToString();
    store_.reset();
    Open();
  }
  void KillAndReopen() override {
    killed_.push_back(std::move(store_));
    Open();
  }
  bool Damage(Family family, const std::string& key) override {
    const std::string hash = "tvan:{" + name_ + "}:" + kFamilyNames[static_cast<size_t>(family)];
    if (TheServer().Ask({"HEXISTS", hash, key}).number != 1) return false;
    TheServer().Ask({"HSET", hash, key, "\xff\xff\xff"});
    Reopen();
    return true;
  }
  void BackUp() override {
    backup_.clear();
    for (const std::string& key : Keys("tvan:{" + name_ + "}:*"))
      backup_[key.substr(key.find('}'))] = TheServer().Ask({"DUMP", key}).text;
  }
  // Files of another server: they carry the life of that one.
  void Restore(const std::string& incarnation) override {
    store_.reset();
    name_ += "r";
    for (const auto& [part, dump] : backup_) {
      const std::string key = "tvan:{" + name_ + part;
      EXPECT_EQ(TheServer().Ask({"RESTORE", key, "0", dump, "REPLACE"}).text, "OK");
    }
    TheServer().Ask({"HSET", "tvan:{" + name_ + "}:control", ".lineage", "another server's"});
    Open(FromHex(incarnation));
  }

 private:
  static std::vector<std::string> Keys(const std::string& pattern) {
    std::vector<std::string> keys;
    for (const RedisReply& key : TheServer().Ask({"KEYS", pattern}).list) keys.push_back(key.text);
    return keys;
  }

  void Open(std::string incarnation = std::string(16, '\x5a')) {
    RedisStoreOptions redis;
    redis.link.server = TheServer().address();
    redis.link.user = "tvan";
    redis.link.password = "CHANGE-ME-gateways";
    redis.name = name_;
    redis.gateway = "g1";
    redis.create_if_missing = true;
    redis.level = Durability::kFlushedLocal;
    redis.buffer_limit_bytes = options_.buffer_limit_bytes;
    redis.random_bytes = [this, incarnation](size_t size) {
      if (size == incarnation.size()) return incarnation;
      std::string bytes(size, '\0');
      for (char& c : bytes) c = static_cast<char>(random_());
      return bytes;
    };
    auto store = OpenRedisStore(redis, *clock_, *metrics_);
    ASSERT_TRUE(store.ok()) << store.status().ToString();
    store_ = std::move(store->store);
  }

  Options options_;
  std::string name_;
  std::map<std::string, std::string> backup_;  // the end of the key → what DUMP said
  std::random_device random_;
  std::unique_ptr<Clock> clock_ = MakeSystemClock();
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  std::unique_ptr<Store> store_;
  std::vector<std::unique_ptr<Store>> killed_;
};

INSTANTIATE_TEST_SUITE_P(Redis, StoreContract,
                         testing::Values(StoreMaker{
                             "redis", [](StoreHome::Options options) { return std::make_unique<RedisHome>(options); }}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace tvan
