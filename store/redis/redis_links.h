#pragma once
// Links that several threads share: RedisLinks lends them out. Thread-safe; bounded: who comes when all are out waits
// for one, at most reply_limit. Outlives its leases. Owned by the Redis store.

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "store/redis/redis_link.h"

namespace tvan {

class RedisLinks {
 public:
  // Asked of every new link before anybody gets it; an error closes it.
  using Greet = std::function<Status(RedisLink&)>;
  RedisLinks(RedisLinkOptions options, Clock& clock, Metrics* metrics, Greet greet = {});

  // Gives the link back. A broken one is dropped, and the idle ones with it: they lead to the same server.
  class Lease {
   public:
    RedisLink* operator->() const { return link_.get(); }
    RedisLink& operator*() const { return *link_; }
    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();

   private:
    friend class RedisLinks;
    Lease(RedisLinks& links, std::unique_ptr<RedisLink> link, uint64_t generation)
        : links_(&links), link_(std::move(link)), generation_(generation) {}
    RedisLinks* links_;
    std::unique_ptr<RedisLink> link_;
    uint64_t generation_;
  };

  // An idle link that is alive, or a new one. After a failed connect the next tries come with growing pauses (50 ms to
  // 2 s); who comes in a pause is refused at once with what the last try said. store.unreachable, store.redis_refused
  // (as Connect), store.busy (transient: none was given back in time), store.closed.
  Result<Lease> Take();
  // Idle links are dropped, those out when they come back: the primary is another one now.
  void DropAll();
  void Close();  // Take answers store.closed from now on; links that are out stay good

 private:
  void GiveBack(std::unique_ptr<RedisLink> link, uint64_t generation);

  const RedisLinkOptions options_;
  Clock& clock_;
  Metrics* metrics_;
  const Greet greet_;
  std::mutex mutex_;  // guards all below
  std::condition_variable free_;
  std::vector<std::unique_ptr<RedisLink>> idle_;
  size_t out_ = 0;           // lent, or being made
  uint64_t generation_ = 0;  // of DropAll
  Status last_error_;        // of the connect before the pause
  Steady next_try_{INT64_MIN};
  Span pause_{};
  bool closed_ = false;
};

}  // namespace tvan
