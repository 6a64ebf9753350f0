#pragma once
// KvBackend over one Redis that others write to as well. A look or a decision is run until it asks for nothing that
// is not fetched; an act is one Redis Function that writes all of it or nothing, and only while this gateway has the
// turn (KEYS.md). Bound to one life of the store: once the primary is another one, or was started again, nothing is
// answered any more. Look from any thread; Connect, Act and Close from one.

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "gateway/core/metrics.h"
#include "store/redis/redis_calls.h"
#include "store/redis/redis_links.h"

namespace tvan {

struct RedisBackendOptions {
  RedisLinkOptions link;
  std::string name, gateway;
  std::string process;  // random; no two processes have the same
  Durability level = Durability::kFlushedLocal;
  uint32_t replicas = 0;  // 0 unless the level is kFlushedReplicated
  Span replica_limit{2'000'000};
  Span turn_limit{3'000'000};
  std::function<Status(RedisLink&)> prove;  // asked of every new link; may be empty
};

class RedisBackend : public KvBackend {
 public:
  RedisBackend(RedisBackendOptions options, Clock& clock, Metrics* metrics);

  // The link for acts, and the functions. Afterwards lineage() is the server's history of writes (its replication id),
  // and one Act may be made before Begin, which binds to the life that this act found or made.
  Status Connect();
  const std::string& lineage() const { return lineage_; }
  void Begin(std::string incarnation) { incarnation_ = std::move(incarnation); }

  Durability durability() const override { return options_.level; }
  bool HasOtherWriters() const override { return true; }
  // store.unreachable, store.busy, store.replicas_missing, store.closed (transient); store.damaged, store.redis_error
  Status Look(const Ask& ask) const override;
  // As Look, and store.full (Redis' memory). In doubt (store.io): the life changed, or Redis stayed out of reach behind
  // an act that was sent.
  Status Act(const Decide& decide) override;
  Status Close() override;

  // For what else speaks to the server (redis_members.h). Thread-safe.
  Result<RedisLinks::Lease> TakeLink() const { return links_.Take(); }
  Status Greet(RedisLink& link) const;             // of every new link: still this life, and as strong as promised
  Status CheckLife(const RedisInstant& at) const;  // of every answer
  // OK until the store must be opened anew: for another life, or because an act ended in doubt.
  Status Over() const;

 private:
  struct Turn {  // of one writer
    const std::string writer;
    uint64_t number = 0;   // 0: none
    bool is_ours = false;  // others wait for its end; else it is idle and goes on unless somebody took it
    Counter* rounds = nullptr;
  };
  using Run = std::function<void(const KvView& view)>;

  // Looks (redis_backend.cc)
  Status Serving(Status status) const;
  Status LookAgain(const Ask& ask) const;
  Status LookOver(RedisLink& link, const Ask& ask) const;
  Status LookInTurn(RedisLink& link, const Ask& ask) const;
  Status Acknowledge(RedisLink& link, uint64_t acts) const;
  Status AnotherLife() const;

  // Turns (redis_turns.cc)
  // Runs until nothing is missing, over a state that nobody else changes. Number 0: the turn was lost meanwhile.
  Result<RedisTurn> RunInTurn(RedisLink& link, Turn& turn, FetchView& view, const Run& run) const;
  Result<RedisTurn> Enter(RedisLink& link, Turn& turn, FetchView& view) const;
  void Leave(RedisLink& link, Turn& turn) const;

  // Acts (redis_act.cc)
  enum class Outcome { kEnded, kAgain };
  Status Connected();
  Outcome TryAct(const Decide& decide, Status& status);
  Outcome Apply(const WriteSet& writes, Status& status);
  Outcome Resolve(const std::string& id, Status& status);
  Status AwaitReplicas();
  void Raise(uint64_t acts) const;

  const RedisBackendOptions options_;
  Clock& clock_;
  Metrics* metrics_;
  const RedisCalls calls_;
  mutable RedisLinks links_;
  std::unique_ptr<RedisLink> link_;  // of acts
  Turn turn_;
  mutable std::mutex look_mutex_;
  mutable Turn look_turn_;  // guarded by look_mutex_
  uint64_t last_act_ = 0;
  std::string incarnation_, lineage_;
  Counter* look_rounds_ = nullptr;
  Histogram* turn_seconds_ = nullptr;
  mutable std::atomic<uint64_t> acknowledged_{0};  // acts up to here are with the replicas
  mutable std::atomic<bool> another_life_{false};
  std::atomic<bool> in_doubt_{false};
  std::atomic<bool> closed_{false};
};

}  // namespace tvan
