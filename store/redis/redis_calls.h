#pragma once
// The functions of functions.lua as calls: arguments out, answers in. A library that is missing at the server (it was
// flushed, or a server without it was promoted) is loaded again. One object for all threads, each call on its own link.

#include <array>
#include <string>

#include "store/redis/fetch_view.h"
#include "store/redis/redis_link.h"
#include "store/write_set.h"

namespace tvan {

// Of one instant: what a call found beside what it was asked for.
struct RedisInstant {
  uint64_t acts = 0;        // grows with every act of anybody
  std::string incarnation;  // empty: no store was made yet
};

struct RedisTurn {
  uint64_t number = 0;  // 0: somebody else has the turn
  RedisInstant at;
};

class RedisCalls {
 public:
  // `name`: of the store; `gateway`: whose acts are remembered by it.
  RedisCalls(const std::string& name, std::string gateway, Span turn_limit);

  // Loads the library unless the server has this revision or a newer one.
  Status LoadFunctions(RedisLink& link) const;

  // The errors of these are transient (nothing was done, or nothing that counts) or permanent.
  Result<RedisInstant> Look(RedisLink& link, FetchView& view, FetchView::What what) const;
  // `number`: of the turn that goes on; 0: a new one. Its time begins anew.
  Result<RedisTurn> Turn(RedisLink& link, const std::string& writer, uint64_t number, FetchView& view) const;
  // Waits for the turn to come, at most a part of a second; its number, or 0. After Turn answered 0.
  Result<uint64_t> Wait(RedisLink& link, const std::string& writer) const;
  // Ends the turn: what was sent under its number is not applied any more. Answers this gateway's last act.
  Result<std::string> Finish(RedisLink& link, const std::string& writer, uint64_t number) const;

  struct Act {
    const std::string& writer;
    uint64_t number = 0;
    const std::string& id;
    uint32_t replicas = 0;  // whose acknowledgement is waited for in the same round trip; 0: none
    Span replica_limit{};
  };
  struct Acted {
    bool stale = false;  // the turn is another one's by now: nothing was written
    bool kept = false;   // the turn goes on; nobody waits for it
    uint64_t acts = 0;
    bool acknowledged = false;  // by the replicas
  };
  // In doubt: it may have been done. Transient: it was not, and never will be.
  Result<Acted> Apply(RedisLink& link, const Act& act, const WriteSet& writes) const;

  // Whether `replicas` have all that this server has done up to now.
  Result<bool> Acknowledged(RedisLink& link, uint32_t replicas, Span limit) const;

  const std::string& base() const { return base_; }  // of every key, "tvan:{NAME}:"
  const std::string& turn_key() const { return turn_key_; }
  // One of the functions: its list.
  Result<std::vector<RedisReply>> Call(RedisLink& link, const RedisCommand& command) const;

 private:
  const std::string base_, turn_key_, gateway_, lease_;
};

}  // namespace tvan
