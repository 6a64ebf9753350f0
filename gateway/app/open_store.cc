#include "gateway/app/open_store.h"

#include "adapters/signature.h"
#include "config/loader.h"
#include "gateway/app/pem_files.h"
#include "gateway/app/settings.h"
#include "gateway/core/log.h"
#include "store/redis/redis_store.h"

namespace tvan {
namespace {

constexpr std::string_view kUnix = "unix:";

Durability LevelOf(const std::string& name) {
  if (name == "memory_only") return Durability::kMemoryOnly;
  return name == "flushed_replicated" ? Durability::kFlushedReplicated : Durability::kFlushedLocal;
}

// As the configuration's check took it: unix:/PATH or HOST:PORT.
RedisAddress AddressOf(const std::string& text) {
  RedisAddress address;
  const size_t colon = text.rfind(':');
  if (text.rfind(kUnix, 0) == 0) {
    address.unix_socket = text.substr(kUnix.size());
  } else if (colon != std::string::npos) {
    address.host = text.substr(0, colon);
    address.port = static_cast<uint16_t>(std::strtoul(text.c_str() + colon + 1, nullptr, 10));
  }
  return address;
}

Result<RedisLinkOptions> LinkSettings(const config::v1::Redis& redis) {
  RedisLinkOptions link;
  link.server = AddressOf(redis.server());
  for (const std::string& sentinel : redis.sentinels()) link.sentinels.push_back(AddressOf(sentinel));
  link.primary_name = redis.primary_name();
  link.user = redis.user();
  link.sentinel_user = redis.sentinel_user();
  link.connect_limit = SpanOf(redis.connect_limit());
  link.reply_limit = SpanOf(redis.reply_limit());
  link.links = redis.links();
  for (const auto& [file, place] : {std::pair{&redis.password_file(), &link.password},
                                    std::pair{&redis.sentinel_password_file(), &link.sentinel_password}}) {
    if (file->empty()) continue;
    auto password = ReadFile(*file);
    if (!password) return password.status();
    *place = password->substr(0, password->find_first_of("\r\n"));
  }
  return link;
}

// The store itself proved what it is; here is what the configuration wants of it.
Status CheckLevel(const config::v1::Store& wanted, const Store& store) {
  if (store.durability() >= LevelOf(wanted.durability())) return {};
  return Status::Permanent("app.durability"_reason, "the store does not flush as the configuration wants it to");
}

Status TimeFlush(const config::v1::Store& wanted, Clock& clock, ProvenStore& proven) {
  const Steady began = clock.SteadyNow();
  proven.fence = proven.store->TakeOwnership();
  const Span took = clock.SteadyNow() - began;
  if (proven.fence.counter == 0)
    return Status::Permanent("app.durability"_reason, "the first flush of the store failed");
  if (took > SpanOf(wanted.flush_limit()))
    return Status::Permanent("app.slow_flush"_reason, "the first flush took " + std::to_string(took.count() / 1000) +
                                                          " ms, more than store.flush_limit");
  Log(LogLevel::kInfo, "app.durability",
      {{"level", ToString(proven.store->durability())},
       {"flush_us", std::to_string(took.count())},
       {"incarnation", proven.fence.incarnation}});
  return {};
}

// Its level is proved and its flush timed by the store itself; whose turn it is, it says later.
Result<ProvenStore> OpenRedis(const config::v1::Store& store, Clock& clock, Metrics& metrics, bool make) {
  auto link = LinkSettings(store.redis());
  if (!link) return link.status();
  RedisStoreOptions options;
  options.link = *std::move(link);
  options.name = store.redis().store();
  options.gateway = store.redis().gateway();
  options.create_if_missing = make;
  options.level = LevelOf(store.durability());
  options.replicas = store.redis().replicas();
  options.flush_limit = SpanOf(store.flush_limit());
  options.replica_limit = SpanOf(store.redis().replica_limit());
  options.turn_limit = SpanOf(store.redis().turn_limit());
  options.random_bytes = [](size_t size) { return RandomBytes(size); };
  options.max_batch = store.batch_max();
  options.max_batch_bytes = store.batch_max_bytes();
  options.queue_limit = store.waiting_max();
  options.waiting_limit_bytes = store.waiting_max_bytes();
  options.buffer_limit_bytes = store.buffer_max_bytes();
  auto opened = OpenRedisStore(std::move(options), clock, metrics);
  if (!opened) return opened.status();
  ProvenStore proven;
  proven.store = std::move(opened->store);
  proven.shared = opened->shared;
  if (proven.shared != nullptr) return proven;
  if (Status status = TimeFlush(store, clock, proven); !status.ok()) return status;
  return proven;
}

Result<ProvenStore> OpenRocks(const config::v1::Config& config, Clock& clock, Metrics& metrics,
                              std::shared_ptr<const RocksFiles> files) {
  RocksStoreOptions options = StoreSettings(config);
  options.files = std::move(files);
  auto store = OpenRocksStore(std::move(options), clock, metrics);
  if (!store) return store.status();
  if (Status status = CheckLevel(config.store(), **store); !status.ok()) return status;
  ProvenStore proven;
  proven.store = *std::move(store);
  if (Status status = TimeFlush(config.store(), clock, proven); !status.ok()) return status;
  return proven;
}

}  // namespace

// A shared store that was there and is not any more was lost: an empty one in its place would know of nothing.
Result<ProvenStore> OpenStore(const config::v1::Config& config, Clock& clock, Metrics& metrics,
                              const Gateway::Around& around) {
  if (config.store().engine() != "redis") return OpenRocks(config, clock, metrics, around.files);
  return OpenRedis(config.store(), clock, metrics, /*make=*/!around.again);
}

}  // namespace tvan
