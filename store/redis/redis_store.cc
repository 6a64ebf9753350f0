#include "store/redis/redis_store.h"

#include <algorithm>

#include "gateway/core/log.h"
#include "store/keys.h"
#include "store/kv_store.h"
#include "store/new_life.h"
#include "store/redis/redis_members.h"
#include "store/redis/redis_proof.h"
#include "store/write_set.h"

namespace tvan {
namespace {

constexpr uint64_t kFormat = 3;  // of keys and records: store/rocksdb/FORMAT.md
// Of Redis alone (KEYS.md): the server's history of writes on which this life began; when the last act was made.
const std::string kLineage = ".lineage", kActedAt = ".acted_at";

bool IsName(const std::string& text, size_t most, const char* others) {
  return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || std::string_view(others).find(c) != std::string::npos;
  });
}

Status CheckOptions(const RedisStoreOptions& o) {
  const bool good = IsName(o.name, 32, "_") && IsName(o.gateway, 64, "_.-ABCDEFGHIJKLMNOPQRSTUVWXYZ") &&
                    o.random_bytes && o.max_batch >= 1 && o.max_batch <= 1024 && o.max_batch_bytes > 0 &&
                    o.queue_limit > 0 && o.waiting_limit_bytes > 0 && o.turn_limit >= Span(100'000) &&
                    (o.level != Durability::kFlushedReplicated || o.replicas > 0);
  if (good) return {};
  return Status::Permanent("store.argument"_reason, "the store's options are out of range");
}

std::string Hex(const std::string& bytes) {
  std::string out;
  for (char c : bytes)
    for (int shift : {4, 0}) out.push_back("0123456789abcdef"[static_cast<uint8_t>(c) >> shift & 15]);
  return out;
}

RedisProofOptions ProofOptions(const RedisStoreOptions& o) {
  return {"tvan:{" + o.name + "}:proof", o.level, o.replicas, o.replica_limit, o.flush_limit};
}

Status Prove(const RedisStoreOptions& options, Clock& clock, Metrics& metrics) {
  const auto link = RedisLink::Connect(options.link, clock, &metrics);
  if (!link.ok()) return link.status();
  const auto proof = ProveRedis(**link, ProofOptions(options), clock);
  if (!proof.ok()) return proof.status();
  Log(LogLevel::kInfo, "store.proved",
      {{"level", ToString(proof->level)},
       {"redis", proof->version},
       {"flush_ms", std::to_string(static_cast<double>(proof->flush.count()) / 1e3)}});
  return {};
}

RedisBackendOptions BackendOptions(const RedisStoreOptions& o) {
  RedisBackendOptions backend{.link = o.link, .name = o.name, .gateway = o.gateway};
  backend.process = Hex(o.random_bytes(8));
  backend.level = o.level;
  backend.replicas = o.level == Durability::kFlushedReplicated ? o.replicas : 0;
  backend.replica_limit = o.replica_limit;
  backend.turn_limit = o.turn_limit;
  backend.prove = [proof = ProofOptions(o)](RedisLink& link) { return ProveRedisAgain(link, proof); };
  return backend;
}

// When the newest act that is here was made, by Redis' clock. What was done after it may be lost.
Time ActedAt(WriteSet& writes, Time now) {
  const std::string text = writes.Get(Family::kControl, kActedAt).value_or("");
  const bool good = !text.empty() && text.size() < 18 && text.find_first_not_of("0123456789") == std::string::npos;
  return good ? std::min(now, Time{std::stoll(text)}) : Time{};
}

struct Opening {
  const RedisStoreOptions& options;
  const std::string lineage;  // of the server
  const std::string fresh;    // an incarnation, should one be needed
  const Time now;
};

// The first act: makes the store, or goes on with it. On another lineage (a replica was promoted, the server was
// started again, older files were put in its place) acts that were confirmed may be missing: a new life begins, in
// recovery.
Status Begin(const Opening& opening, WriteSet& writes) {
  const uint64_t format = writes.Number(Family::kControl, keys::kFormat);
  if (!writes.status().ok()) return writes.status();
  if (format > kFormat)
    return Status::Permanent("store.newer_format"_reason, "the store in Redis has format " + std::to_string(format) +
                                                              "; this program reads up to " + std::to_string(kFormat));
  const std::string on = writes.Get(Family::kControl, kLineage).value_or("");
  if (format == 0) {
    if (!opening.options.create_if_missing)
      return Status::Permanent("store.missing"_reason,
                               "Redis holds no store '" + opening.options.name + "', and none is to be created");
    writes.Put(Family::kControl, keys::kFormat, U64(kFormat));
    writes.Put(Family::kControl, keys::kIncarnation, opening.fresh);
  } else if (on != opening.lineage) {
    const Time as_of = ActedAt(writes, opening.now);
    if (Status s = BeginNewLife({Recovery::Reason::kRestore, opening.fresh, as_of, opening.now}, writes); !s.ok())
      return s;
  }
  if (on != opening.lineage) writes.Put(Family::kControl, kLineage, opening.lineage);
  writes.Add(Family::kControl, keys::kOpened, 1);
  return writes.status();
}

// Answers the incarnation.
Result<std::string> BeginAct(const Opening& opening, RedisBackend& backend) {
  std::optional<WriteSet> writes;
  Status begun;
  std::string incarnation;
  const Status acted = backend.Act([&](const KvView& newest) -> const WriteSet* {
    writes.emplace(newest);
    begun = Begin(opening, *writes);
    incarnation = writes->Get(Family::kControl, keys::kIncarnation).value_or("");
    if (begun.ok() && incarnation.size() != 32)
      begun = Status::Permanent("store.damaged"_reason, "the store in Redis has no incarnation");
    return begun.ok() ? &*writes : nullptr;
  });
  if (!acted.ok()) return acted.is_in_doubt() ? Status::Transient("store.unreachable"_reason, acted.message()) : acted;
  return begun.ok() ? Result<std::string>(incarnation) : begun;
}

Committer::Options CommitterOptions(const RedisStoreOptions& options, std::string incarnation) {
  Committer::Options committer;
  committer.max_batch = options.max_batch;
  committer.max_batch_bytes = options.max_batch_bytes;
  committer.queue_limit = options.queue_limit;
  committer.waiting_limit_bytes = options.waiting_limit_bytes;
  committer.dictionary = options.dictionary;
  committer.ledger = {std::move(incarnation), options.buffer_limit_bytes};
  return committer;
}

class RedisStore : public KvStore, public SharedStore {
 public:
  RedisStore(std::unique_ptr<RedisBackend> backend, std::unique_ptr<RedisMembers> members, Committer::Options committer,
             Clock& clock, Metrics* metrics)
      : KvStore(std::move(backend), std::move(committer), clock, metrics), members_(std::move(members)) {}
  ~RedisStore() override { members_->Close(); }

  void Follow(Watch watch) override { members_->Follow(std::move(watch)); }
  Result<std::vector<SharedMember>> Members() const override { return members_->List(); }
  Status Close() override {
    members_->Close();
    return KvStore::Close();
  }

 private:
  const std::unique_ptr<RedisMembers> members_;  // uses the backend
};

}  // namespace

Result<OpenedRedisStore> OpenRedisStore(RedisStoreOptions options, Clock& clock, Metrics& metrics) {
  if (Status s = CheckOptions(options); !s.ok()) return s;
  if (Status s = Prove(options, clock, metrics); !s.ok()) return s;
  const std::string fresh = Hex(options.random_bytes(16));
  const RedisBackendOptions writes = BackendOptions(options);
  auto backend = std::make_unique<RedisBackend>(writes, clock, &metrics);
  if (Status s = backend->Connect(); !s.ok()) return s;
  auto members = std::make_unique<RedisMembers>(
      RedisMembers::Options{options.link, options.name, options.gateway, writes.process, options.turn_limit}, *backend,
      clock, &metrics);
  if (Status s = members->AwaitName(); !s.ok()) return s;
  auto incarnation = BeginAct({options, backend->lineage(), fresh, clock.Now()}, *backend);
  if (!incarnation.ok()) return incarnation.status();
  backend->Begin(*incarnation);
  Log(LogLevel::kInfo, "store.opened",
      {{"redis", options.name}, {"gateway", options.gateway}, {"incarnation", *incarnation}});
  OpenedRedisStore opened;
  auto store = std::make_unique<RedisStore>(std::move(backend), std::move(members),
                                            CommitterOptions(options, *std::move(incarnation)), clock, &metrics);
  if (!store->opening().ok()) return store->opening();
  opened.shared = store.get();
  opened.store = std::move(store);
  return opened;
}

}  // namespace tvan
