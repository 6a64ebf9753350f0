#pragma once
// The shared store: one Redis primary, any number of gateways. The rules are those of every store (store/ledger, fold,
// questions); here is only how their keys lie in Redis and how several committers take turns. KEYS.md says what is in
// it, README.md what a failover can lose. Owned by gateway/app and tests.

#include <functional>
#include <memory>
#include <string>

#include "store/pack.h"
#include "store/redis/redis_link.h"
#include "store/shared.h"
#include "store/store.h"

namespace tvan {

struct RedisStoreOptions {
  RedisLinkOptions link;
  std::string name = "tvan";       // of this store among others in the same Redis; part of every key, [a-z0-9_]{1,32}
  std::string gateway;             // who writes; unique among the gateways of one store, [A-Za-z0-9_.-]{1,64}
  bool create_if_missing = false;  // else store.missing
  // What is promised. kFlushedLocal: appendonly, appendfsync always. kFlushedReplicated: and acknowledged by `replicas`
  // replicas. kMemoryOnly: nothing is asked of the server, for measurements.
  Durability level = Durability::kFlushedLocal;
  uint32_t replicas = 1;
  Span replica_limit{2'000'000};  // for their acknowledgement
  Span flush_limit{10'000'000};   // for the timed flush at the opening
  Span turn_limit{3'000'000};     // a committer that does not answer for so long has lost its turn
  std::function<std::string(size_t size)> random_bytes;  // for the incarnation, and for names of acts

  size_t max_batch = 128;
  size_t max_batch_bytes = 8 << 20;
  size_t queue_limit = 4096;
  size_t waiting_limit_bytes = 64 << 20;
  uint64_t buffer_limit_bytes = 0;          // all gateways together
  uint32_t dictionary = kNewestDictionary;  // of payload records; 0: none, for measurements
};

// Errors: store.unreachable (transient), store.redis_refused, store.too_weak (permanent; the text holds the commands
// that mend it), store.missing, store.damaged, store.newer_format, store.argument, store.in_use (permanent:
// another process that lives is this gateway; one that was killed is waited for until it was silent for turn_limit).
struct OpenedRedisStore {
  std::unique_ptr<Store> store;
  SharedStore* shared = nullptr;  // the same one
};
Result<OpenedRedisStore> OpenRedisStore(RedisStoreOptions options, Clock& clock, Metrics& metrics);

}  // namespace tvan
