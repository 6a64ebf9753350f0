#pragma once
// Connections to the Redis primary, by hiredis. A link is blocking and used by one thread at a time; who needs several
// takes them from RedisLinks (redis_links.h). After an error of the connection a link is broken for good: what was sent
// on it may or may not have been done. Owned by the Redis store.

#include <cstdint>
#include <memory>
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
  std::string text() const;  // for people: "unix:/run/redis.sock", "10.0.0.1:6379"
  friend bool operator==(const RedisAddress&, const RedisAddress&) = default;
};

struct RedisLinkOptions {
  RedisAddress server;                  // used when there are no sentinels
  std::vector<RedisAddress> sentinels;  // asked in order for the primary called primary_name; at most 16
  std::string primary_name;
  std::string user, password;  // of the ACL; empty: none. Never logged
  std::string sentinel_user, sentinel_password;
  Span connect_limit{2'000'000};         // real time, as the next: deadlines of sockets
  Span reply_limit{5'000'000};           // for one reply; a slower one breaks the link. The longer one for the sign-in
  size_t links = 8;                      // open at once at most, of RedisLinks
  size_t most_reply_bytes = 512U << 20;  // memory of one reply; more breaks the link
};

// One reply. Errors of the server are replies of kind kError: only the caller knows which of them are harmless.
struct RedisReply {
  enum class Kind : uint8_t { kNil, kText, kNumber, kList, kError };
  Kind kind = Kind::kNil;
  std::string text;  // of kText (status lines too) and kError, "WRONGTYPE Operation …"
  int64_t number = 0;
  std::vector<RedisReply> list;

  bool is_error(std::string_view code) const {  // its first word
    return kind == Kind::kError && text.compare(0, text.find(' '), code) == 0;
  }
};

// OK unless it is an error. The command was not done: store.unreachable (transient: READONLY, LOADING, MASTERDOWN …, no
// primary that serves), store.replicas_missing (transient: NOREPLICAS), store.full (transient: OOM), store.unwritable
// (transient: MISCONF), store.redis_refused (permanent: the ACL), store.redis_error (permanent: anything else; a
// function that fails by itself may have done a part).
Status StatusOf(const RedisReply& reply);

using RedisCommand = std::vector<std::string_view>;  // its name first; at least that

class RedisWire;

class RedisLink {
 public:
  // Finds the primary (Sentinel), connects, signs in, and asks ROLE: who is no primary, or still reads its files, is
  // not taken. store.unreachable (transient): the text says who was asked and what it said. store.redis_refused
  // (permanent): wrong user or password, or one that may not do even that. store.argument.
  static Result<std::unique_ptr<RedisLink>> Connect(const RedisLinkOptions& options, Clock& clock, Metrics* metrics);
  ~RedisLink();
  RedisLink(const RedisLink&) = delete;
  RedisLink& operator=(const RedisLink&) = delete;

  // `blocks`: how long the command itself may wait at the server (BLPOP, WAIT), beyond reply_limit.
  // store.unreachable, in doubt: the link is broken, and the command may have been done; transient: it was broken
  // before, nothing was sent. store.argument: more than 512 MB, nothing was sent.
  // An answer that says that this is no serving primary (READONLY, LOADING, MASTERDOWN) is returned, and the link
  // broken.
  Result<RedisReply> Call(const RedisCommand& command, Span blocks = {});
  // Sent together, answered in order; a link that breaks in between breaks all. `blocks`: of each one.
  Result<std::vector<RedisReply>> Pipeline(const std::vector<RedisCommand>& commands, Span blocks = {});
  // Of a link that has subscribed (SUBSCRIBE, by Call): what the server says by itself; none when it says nothing for
  // `wait`, real time. Errors as of Call.
  Result<std::optional<RedisReply>> Listen(Span wait);
  bool broken() const;
  // False also when the server closed it meanwhile. Costs a look at the socket, no round trip.
  bool alive() const;
  const std::string& where() const;  // RedisAddress::text

 private:
  struct Inside;
  explicit RedisLink(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace tvan
