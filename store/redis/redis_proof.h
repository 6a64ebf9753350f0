#pragma once
// What a Redis promises, read back from it before anything is entrusted to it: settings, replicas, a timed flush.
// README.md says what each level can lose. One thread; the link is the caller's.

#include <cstdint>
#include <string>

#include "gateway/core/position.h"
#include "store/redis/redis_link.h"

namespace tvan {

struct RedisProofOptions {
  std::string key;                               // written by the timed flush, "tvan:{NAME}:proof"
  Durability level = Durability::kFlushedLocal;  // kMemoryOnly: only that the server knows functions
  uint32_t replicas = 1;                         // kFlushedReplicated: that many must acknowledge
  Span replica_limit{2'000'000};
  Span flush_limit{10'000'000};  // for the timed flush, and for a rewrite of the append-only file to end
};

struct RedisProof {
  Durability level = Durability::kMemoryOnly;
  std::string version;  // "7.0.15"
  Span flush{};         // of one small write, with the replicas' acknowledgement at kFlushedReplicated
};

// store.too_weak (permanent): the text has a line for each finding, with the command that mends it behind "mend: ".
// Errors of the link, store.redis_refused (the user may not read the settings).
Result<RedisProof> ProveRedis(RedisLink& link, const RedisProofOptions& options, Clock& clock);

// The settings alone, in one round trip: for a new link to a server that was proved before.
Status ProveRedisAgain(RedisLink& link, const RedisProofOptions& options);

}  // namespace tvan
