#pragma once
// Backends of several gateways on one store, without the rules of messages: what they write are counters and lists.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/keys.h"
#include "store/redis/redis_backend.h"
#include "tests/support/redis_server.h"

namespace tvan {

inline const std::string kLife(32, 'a');

class Gateways : public testing::Test {
 protected:
  using Backend = std::unique_ptr<RedisBackend>;
  using Decide = std::function<void(WriteSet& writes)>;

  RedisBackendOptions Options(const std::string& gateway) const {
    RedisBackendOptions options{.link = {.server = server.address()}, .name = "t", .gateway = gateway};
    options.process = gateway + "'s";
    return options;
  }
  Backend Gateway(const std::string& name) const { return Gateway(Options(name)); }
  // Open, and bound to one life, as OpenRedisStore does it.
  Backend Gateway(const RedisBackendOptions& options) const {
    auto backend = std::make_unique<RedisBackend>(options, *clock, nullptr);
    EXPECT_TRUE(backend->Connect().ok());
    const Status begun = Do(*backend, [](WriteSet& w) { w.Put(Family::kControl, keys::kIncarnation, kLife); });
    EXPECT_TRUE(begun.ok()) << begun.ToString();
    backend->Begin(kLife);
    return backend;
  }

  // One act. As the committer: what it decides may be decided again.
  static Status Do(RedisBackend& backend, const Decide& decide) {
    std::optional<WriteSet> writes;
    return backend.Act([&](const KvView& newest) -> const WriteSet* {
      writes.emplace(newest);
      decide(*writes);
      return writes->status().ok() && !writes->empty() ? &*writes : nullptr;
    });
  }
  // A place of its own in one list, in the order of the acts.
  static void Enlist(WriteSet& writes, const std::string& name) {
    writes.Put(Family::kQueue, keys::kParked + U64(writes.Add(Family::kControl, "count", 1)), name);
  }

  static std::vector<std::string> List(const RedisBackend& backend) {
    std::vector<std::string> list;
    const Status looked = backend.Look([&](const KvView& view) {
      list.clear();
      EXPECT_TRUE(view.Scan(Family::kQueue, keys::kParked, {},
                            [&](std::string_view, std::string_view value) { return list.emplace_back(value), true; })
                      .ok());
    });
    EXPECT_TRUE(looked.ok()) << looked.ToString();
    return list;
  }
  int64_t Waiting() const { return server.Ask({"HLEN", "tvan:{t}:waiting"}).number; }

  RedisServer server;
  std::unique_ptr<Clock> clock = MakeSystemClock();
};

}  // namespace tvan
