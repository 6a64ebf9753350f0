#pragma once
// One socket to a Redis or Sentinel, and what goes over it: hiredis connects and reads, the commands are written here
// (hiredis writes with write(2), which raises SIGPIPE). One thread at a time; owned by RedisLink.
// What the other side can cost is bounded: time by the socket's deadlines, memory by most_reply_bytes.

#include <memory>
#include <string>
#include <vector>

#include "store/redis/redis_link.h"

struct redisContext;

namespace tvan {

class RedisWire {
 public:
  // store.unreachable (transient), store.argument (a path that no socket can have).
  static Result<std::unique_ptr<RedisWire>> Open(const RedisAddress& address, const RedisLinkOptions& options,
                                                 Clock& clock);
  ~RedisWire();
  RedisWire(const RedisWire&) = delete;
  RedisWire& operator=(const RedisWire&) = delete;

  // As RedisLink::Call; `limit`: for each reply, and for the writing.
  Status Send(const std::vector<RedisCommand>& commands, Span limit);
  Result<RedisReply> Read(Span limit);
  Result<RedisReply> Call(const RedisCommand& command, Span limit);
  // Whether anything came that Read was not asked for yet, after `wait` at most; an end of the connection counts.
  bool Hears(Span wait) const;

  void Break() { broken_ = true; }
  bool broken() const { return broken_; }
  bool alive() const;
  const std::string& where() const { return where_; }

 private:
  struct Closer {
    void operator()(redisContext* context) const;
  };
  RedisWire(redisContext* context, std::string where, size_t most_reply_bytes, Clock& clock);
  Status BrokenBy(const std::string& why);
  void SetLimit(Span limit);

  std::string where_;
  Clock& clock_;
  size_t most_reply_bytes_;
  size_t room_ = 0;  // left for the reply that is being read; hiredis' reader holds its address
  Span limit_{};     // of the socket
  bool broken_ = false;
  std::unique_ptr<redisContext, Closer> context_;
};

}  // namespace tvan
