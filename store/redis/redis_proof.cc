#include "store/redis/redis_proof.h"

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <map>
#include <mutex>

namespace tvan {
namespace {

constexpr int kLeastVersion = 7;  // functions
constexpr Span kLookAgain{100'000};

using Facts = std::map<std::string, std::string, std::less<>>;

struct Wanted {
  const char* setting;
  const char* value;
  const char* why;
};
constexpr Wanted kFlushed[] = {
    {"appendonly", "yes", "nothing is written to the disk"},
    {"appendfsync", "always", "what was answered last is lost with the power"},
    {"no-appendfsync-on-rewrite", "no", "nothing is flushed while the append-only file is rewritten"},
    {"maxmemory-policy", "noeviction", "messages are thrown away when memory is short"},
};

std::string Of(const Facts& facts, std::string_view name) {
  const auto at = facts.find(name);
  return at == facts.end() ? "unknown" : at->second;
}
uint64_t NumberOf(const Facts& facts, std::string_view name) {
  return std::strtoull(Of(facts, name).c_str(), nullptr, 10);
}

// One line for each.
class Findings {
 public:
  void Add(const std::string& what, const std::string& mend) { text_ += "\n  " + what + "; mend: " + mend; }
  void WantSetting(const Facts& settings, const std::string& name, const std::string& value, const std::string& why) {
    Add(name + " is " + Of(settings, name) + ": " + why, "CONFIG SET " + name + " " + value);
    to_keep_ = true;
  }
  Status ToStatus(const std::string& where, Durability level) const {
    if (text_.empty()) return {};
    return Status::Permanent(
        "store.too_weak"_reason,
        where + " promises less than " + ToString(level) + ":" + text_ +
            (to_keep_ ? "\nthen, so that it stays so (or write it into redis.conf): CONFIG REWRITE" : ""));
  }

 private:
  std::string text_;
  bool to_keep_ = false;
};

Result<Facts> ReadSettings(RedisLink& link) {
  const auto reply = link.Call({"CONFIG", "GET", "appendonly", "appendfsync", "no-appendfsync-on-rewrite",
                                "maxmemory-policy", "min-replicas-to-write", "min-replicas-max-lag"});
  if (!reply) return reply.status();
  if (const Status said = StatusOf(*reply); !said) return said;
  Facts facts;
  for (size_t i = 0; i + 1 < reply->list.size(); i += 2) facts[reply->list[i].text] = reply->list[i + 1].text;
  return facts;
}

Result<Facts> ReadInfo(RedisLink& link) {
  const auto reply = link.Call({"INFO", "server", "persistence", "replication"});
  if (!reply) return reply.status();
  if (const Status said = StatusOf(*reply); !said) return said;
  Facts facts;
  for (size_t at = 0; at < reply->text.size();) {
    const size_t end = std::min(reply->text.find("\r\n", at), reply->text.size());
    const std::string line = reply->text.substr(at, end - at);
    at = end + 2;
    if (const size_t colon = line.find(':'); colon != std::string::npos)
      facts[line.substr(0, colon)] = line.substr(colon + 1);
  }
  return facts;
}

void JudgeSettings(const Facts& settings, const RedisProofOptions& options, Findings& findings) {
  for (const Wanted& wanted : kFlushed)
    if (Of(settings, wanted.setting) != wanted.value)
      findings.WantSetting(settings, wanted.setting, wanted.value, wanted.why);
  if (options.level != Durability::kFlushedReplicated) return;
  if (NumberOf(settings, "min-replicas-to-write") < options.replicas)
    findings.WantSetting(settings, "min-replicas-to-write", std::to_string(options.replicas),
                         "a primary that was cut off would go on taking writes");
  if (NumberOf(settings, "min-replicas-max-lag") == 0)
    findings.WantSetting(settings, "min-replicas-max-lag", "10", "min-replicas-to-write is without effect");
}

uint64_t ReplicasOnline(const Facts& info) {
  uint64_t online = 0;
  for (auto at = info.lower_bound("slave0"); at != info.end() && at->first.starts_with("slave"); ++at)
    online += at->second.find("state=online") != std::string::npos ? 1 : 0;
  return online;
}

bool IsBeingRewritten(const Facts& info) {
  return Of(info, "aof_rewrite_in_progress") == "1" || Of(info, "aof_rewrite_scheduled") == "1";
}

void JudgeInfo(const Facts& info, const RedisProofOptions& options, Findings& findings) {
  if (std::atoi(Of(info, "redis_version").c_str()) < kLeastVersion)
    findings.Add("version is " + Of(info, "redis_version"), "install Redis 7.0 or newer");
  if (options.level == Durability::kMemoryOnly) return;
  if (Of(info, "aof_last_write_status") == "err")
    findings.Add("the last write to the append-only file failed", "look at the server's log and disk");
  // Before its first rewrite ends, a file that was just switched on is not there yet.
  if (IsBeingRewritten(info))
    findings.Add("the append-only file is still being written",
                 "start again when INFO persistence says aof_rewrite_in_progress:0 and aof_rewrite_scheduled:0");
  const uint64_t online = ReplicasOnline(info);
  if (options.level == Durability::kFlushedReplicated && online < options.replicas)
    findings.Add("replicas that follow are " + std::to_string(online) + " of " + std::to_string(options.replicas),
                 "REPLICAOF with host and port of this server, on each replica");
}

// Rewrites come by themselves, so a start waits for one.
Result<Facts> ReadInfoAtRest(RedisLink& link, const RedisProofOptions& options, Clock& clock) {
  const Steady deadline = clock.SteadyNow() + options.flush_limit;
  std::mutex mutex;
  std::condition_variable never;
  for (;;) {
    auto info = ReadInfo(link);
    if (!info || options.level == Durability::kMemoryOnly || !IsBeingRewritten(*info)) return info;
    if (clock.SteadyNow() >= deadline) return info;
    std::unique_lock lock(mutex);
    clock.WaitUntil(never, lock, clock.SteadyNow() + kLookAgain, [] { return false; });
  }
}

Result<Span> TimeFlush(RedisLink& link, const RedisProofOptions& options, Clock& clock, Findings& findings) {
  const bool replicated = options.level == Durability::kFlushedReplicated;
  const std::string replicas = std::to_string(options.replicas);
  const std::string wait_ms = std::to_string(std::max<int64_t>(options.replica_limit.count() / 1000, 1));
  std::vector<RedisCommand> commands = {{"SET", options.key, "timed flush"}};
  if (replicated) commands.push_back({"WAIT", replicas, wait_ms});
  const Steady since = clock.SteadyNow();
  const auto replies = link.Pipeline(commands, options.flush_limit + options.replica_limit);
  if (!replies) return replies.status();
  const Span took = clock.SteadyNow() - since;
  for (const RedisReply& reply : *replies)
    if (const Status said = StatusOf(reply); !said) return said;
  if (took > options.flush_limit)
    findings.Add("one flush took " + std::to_string(took.count() / 1000) + " ms", "a faster disk, or less work for it");
  if (replicated && replies->back().number < static_cast<int64_t>(options.replicas))
    findings.Add("replicas that acknowledged within " + wait_ms + " ms are " + std::to_string(replies->back().number) +
                     " of " + replicas,
                 "see INFO replication for those that lag");
  return took;
}

}  // namespace

Result<RedisProof> ProveRedis(RedisLink& link, const RedisProofOptions& options, Clock& clock) {
  const auto info = ReadInfoAtRest(link, options, clock);
  if (!info) return info.status();
  Findings findings;
  JudgeInfo(*info, options, findings);
  RedisProof proof{.level = options.level, .version = Of(*info, "redis_version")};
  if (options.level != Durability::kMemoryOnly) {
    const auto settings = ReadSettings(link);
    if (!settings) return settings.status();
    JudgeSettings(*settings, options, findings);
  }
  Status good = findings.ToStatus(link.where(), options.level);
  if (good && options.level != Durability::kMemoryOnly) {
    const auto flush = TimeFlush(link, options, clock, findings);
    if (!flush) return flush.status();
    proof.flush = *flush;
    good = findings.ToStatus(link.where(), options.level);
  }
  if (!good) return good;
  return proof;
}

Status ProveRedisAgain(RedisLink& link, const RedisProofOptions& options) {
  if (options.level == Durability::kMemoryOnly) return {};
  const auto settings = ReadSettings(link);
  if (!settings) return settings.status();
  Findings findings;
  JudgeSettings(*settings, options, findings);
  return findings.ToStatus(link.where(), options.level);
}

}  // namespace tvan
