#pragma once
// One connection to the Redis primary, by hiredis. Blocking, one thread at a time; whoever needs several takes them
// from RedisLinks. A link that met an error of the connection is broken for good: what was sent on it may or may not
// have been done. hiredis stays in redis_link.cc.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"
#include "gateway/core/status.h"

namespace tvan {

struct RedisAddress {
  std::string unix_socket;  // or host and port
  std::string host;
  uint16_t port = 0;
};

struct RedisLinkOptions {
  RedisAddress server;                  // used when there are no sentinels
  std::vector<RedisAddress> sentinels;  // asked in order for the primary called primary_name
  std::string primary_name;
  std::string user, password;  // of the ACL; empty: none. Never logged
  std::string sentinel_user, sentinel_password;
  Span connect_limit{2'000'000};
  Span reply_limit{5'000'000};  // for one reply; a slower one breaks the link
  size_t links = 8;             // open at once at most, the committer's included
};

// One reply. Errors of the server are replies of kind kError: only the caller knows which of them are harmless.
struct RedisReply {
  enum class Kind : uint8_t { kNil, kText, kNumber, kList, kError };
  Kind kind = Kind::kNil;
  std::string text;  // of kText (status lines too) and kError, "WRONGTYPE Operation …"
  int64_t number = 0;
  std::vector<RedisReply> list;

  bool is_error(std::string_view code) const {  // its first word
    return kind == Kind::kError && text.compare(0, code.size(), code) == 0;
  }
};

using RedisCommand = std::vector<std::string_view>;

class RedisLink {
 public:
  // Finds the primary (Sentinel), connects, signs in, and asks ROLE: who is no primary is not taken
  // (store.unreachable, transient). store.redis_refused (permanent): wrong user or password.
  static Result<std::unique_ptr<RedisLink>> Connect(const RedisLinkOptions& options, Clock& clock, Metrics* metrics);
  ~RedisLink();
  RedisLink(const RedisLink&) = delete;
  RedisLink& operator=(const RedisLink&) = delete;

  // store.unreachable, in doubt: the link is broken, and the command may have been done.
  Result<RedisReply> Call(const RedisCommand& command);
  // Sent together, answered in order; one broken link breaks all.
  Result<std::vector<RedisReply>> Pipeline(const std::vector<RedisCommand>& commands);
  bool broken() const;
  const std::string& where() const;  // for people: "unix:/run/redis.sock", "10.0.0.1:6379"

 private:
  struct Inside;
  explicit RedisLink(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

// Links that readers share. Thread-safe; bounded: who comes when all are out waits for one.
class RedisLinks {
 public:
  RedisLinks(RedisLinkOptions options, Clock& clock, Metrics* metrics);
  class Lease {  // gives the link back; a broken one is dropped
   public:
    RedisLink* operator->() const { return link_.get(); }
    RedisLink& operator*() const { return *link_; }
    Lease(Lease&&) = default;
    ~Lease();

   private:
    friend class RedisLinks;
    Lease(RedisLinks& links, std::unique_ptr<RedisLink> link) : links_(&links), link_(std::move(link)) {}
    RedisLinks* links_;
    std::unique_ptr<RedisLink> link_;
  };
  // After a failed connect the next tries come with growing pauses (at most 2 s); callers in the pause are refused at
  // once: store.unreachable. store.closed after Close.
  Result<Lease> Take();
  // All idle links are dropped: the primary is another one now.
  void DropIdle();
  void Close();

 private:
  const RedisLinkOptions options_;
  Clock& clock_;
  Metrics* metrics_;
  std::mutex mutex_;  // guards all below
  std::condition_variable free_;
  std::vector<std::unique_ptr<RedisLink>> idle_;
  size_t out_ = 0;
  Steady next_try_{};
  Span pause_{};
  bool closed_ = false;
};

}  // namespace tvan
