#include "store/redis/redis_wire.h"

#include <hiredis/hiredis.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace tvan {
namespace {

constexpr size_t kMostSent = 512U << 20;  // what Redis takes as one argument; its whole query may have twice that

timeval ToTimeval(Span span) {
  const int64_t us = std::max<int64_t>(span.count(), 1000);  // zero would be for ever
  return {static_cast<time_t>(us / 1'000'000), static_cast<suseconds_t>(us % 1'000'000)};
}

std::string InSeconds(Span span) {
  std::string text = std::to_string(static_cast<double>(span.count()) / 1e6);
  return text.substr(0, text.find('.') + 4) + " s";
}

// hiredis builds what it reads by these, right into a RedisReply: the child's place stands ready in its parent's list.
// A nullptr says that there is no room, and ends the link. `privdata` is the room left.

RedisReply* Place(const redisReadTask* task, RedisReply::Kind kind, size_t bytes) {
  size_t& room = *static_cast<size_t*>(task->privdata);
  if (bytes > room) return nullptr;
  room -= bytes;
  RedisReply* const made =
      task->parent == nullptr ? new RedisReply : &static_cast<RedisReply*>(task->parent->obj)->list[task->idx];
  made->kind = kind;
  return made;
}

void* MakeText(const redisReadTask* task, char* text, size_t size) {
  RedisReply* const made =
      Place(task, task->type == REDIS_REPLY_ERROR ? RedisReply::Kind::kError : RedisReply::Kind::kText, size);
  if (made != nullptr) made->text.assign(text, size);
  return made;
}

void* MakeList(const redisReadTask* task, int elements) {
  const size_t count = static_cast<size_t>(std::max(elements, 0));
  RedisReply* const made = Place(task, RedisReply::Kind::kList, count * sizeof(RedisReply));
  if (made != nullptr) made->list.resize(count);
  return made;
}

void* MakeNumber(const redisReadTask* task, long long number) {  // NOLINT(google-runtime-int): hiredis' type
  RedisReply* const made = Place(task, RedisReply::Kind::kNumber, 0);
  if (made != nullptr) made->number = number;
  return made;
}

void* MakeNil(const redisReadTask* task) { return Place(task, RedisReply::Kind::kNil, 0); }

void FreeReply(void* root) { delete static_cast<RedisReply*>(root); }

redisReplyObjectFunctions reply_functions = {MakeText, MakeList, MakeNumber, MakeNil, FreeReply};

void Append(std::string& out, const RedisCommand& command) {
  out += "*" + std::to_string(command.size()) + "\r\n";
  for (const std::string_view argument : command) {
    out += "$" + std::to_string(argument.size()) + "\r\n";
    out.append(argument).append("\r\n");
  }
}

size_t SizeOf(const std::vector<RedisCommand>& commands) {
  size_t size = 0;
  for (const RedisCommand& command : commands)
    for (const std::string_view argument : command) size += argument.size() + 16;
  return size;
}

}  // namespace

std::string RedisAddress::text() const {
  if (!unix_socket.empty()) return "unix:" + unix_socket;
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

void RedisWire::Closer::operator()(redisContext* context) const { redisFree(context); }

RedisWire::RedisWire(redisContext* context, std::string where, size_t most_reply_bytes, Clock& clock)
    : where_(std::move(where)), clock_(clock), most_reply_bytes_(most_reply_bytes), context_(context) {
  context->reader->fn = &reply_functions;
  context->reader->privdata = &room_;
  if (context->connection_type == REDIS_CONN_TCP) redisEnableKeepAlive(context);  // an error elsewhere
}

RedisWire::~RedisWire() = default;

Result<std::unique_ptr<RedisWire>> RedisWire::Open(const RedisAddress& address, const RedisLinkOptions& options,
                                                   Clock& clock) {
  if (address.unix_socket.size() >= sizeof(sockaddr_un::sun_path))  // hiredis would cut it off
    return Status::Permanent("store.argument"_reason, "the path of the socket is too long: " + address.unix_socket);
  const timeval limit = ToTimeval(options.connect_limit);  // real deadline: a socket
  redisContext* const context = address.unix_socket.empty()
                                    ? redisConnectWithTimeout(address.host.c_str(), address.port, limit)
                                    : redisConnectUnixWithTimeout(address.unix_socket.c_str(), limit);
  TVAN_CHECK(context != nullptr);  // no memory
  std::unique_ptr<redisContext, Closer> held(context);
  if (context->err != 0) return Status::Transient("store.unreachable"_reason, address.text() + ": " + context->errstr);
  return std::unique_ptr<RedisWire>(new RedisWire(held.release(), address.text(), options.most_reply_bytes, clock));
}

void RedisWire::SetLimit(Span limit) {
  if (limit == limit_) return;
  limit_ = limit;
  redisSetTimeout(context_.get(), ToTimeval(limit));  // real deadline: a socket
}

Status RedisWire::BrokenBy(const std::string& why) {
  broken_ = true;
  return Status::InDoubt("store.unreachable"_reason, where_ + ": " + why + "; what was sent may have been done");
}

Status RedisWire::Send(const std::vector<RedisCommand>& commands, Span limit) {
  if (broken_) return Status::Transient("store.unreachable"_reason, where_ + ": the connection is broken");
  const size_t size = SizeOf(commands);
  if (size > kMostSent) return Status::Permanent("store.argument"_reason, "more than Redis takes in one command");
  std::string bytes;
  bytes.reserve(size);
  for (const RedisCommand& command : commands) Append(bytes, command);
  SetLimit(limit);
  const Steady deadline = clock_.SteadyNow() + limit;
  for (size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = ::send(context_->fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if ((n < 0 && errno == EAGAIN) || clock_.SteadyNow() > deadline)
      return BrokenBy("did not take what was sent within " + InSeconds(limit));
    if (n < 0) return BrokenBy(std::strerror(errno));  // NOLINT(concurrency-mt-unsafe): glibc's is safe
    sent += static_cast<size_t>(n);
  }
  return {};
}

// The socket's deadline is one of silence; who sends a byte now and then meets the one of the clock.
Result<RedisReply> RedisWire::Read(Span limit) {
  if (broken_) return Status::Transient("store.unreachable"_reason, where_ + ": the connection is broken");
  SetLimit(limit);
  room_ = most_reply_bytes_;
  const Steady deadline = clock_.SteadyNow() + limit;
  for (;;) {
    void* made = nullptr;
    if (redisGetReplyFromReader(context_.get(), &made) != REDIS_OK)
      return BrokenBy(context_->err == REDIS_ERR_OOM ? "a reply beyond " + std::to_string(most_reply_bytes_) + " bytes"
                                                     : context_->errstr);
    if (made != nullptr) {
      const std::unique_ptr<RedisReply> reply(static_cast<RedisReply*>(made));
      return std::move(*reply);
    }
    if (context_->reader->len > most_reply_bytes_ + 65536)
      return BrokenBy("a reply beyond " + std::to_string(most_reply_bytes_) + " bytes");
    if (clock_.SteadyNow() > deadline) return BrokenBy("no whole reply within " + InSeconds(limit));
    if (redisBufferRead(context_.get()) == REDIS_OK) continue;
    const bool silent = context_->err == REDIS_ERR_IO && (errno == EAGAIN || errno == EWOULDBLOCK);
    return BrokenBy(silent ? "no reply within " + InSeconds(limit) : context_->errstr);
  }
}

Result<RedisReply> RedisWire::Call(const RedisCommand& command, Span limit) {
  const Status sent = Send({command}, limit);
  if (!sent) return sent;
  return Read(limit);
}

bool RedisWire::Hears(Span wait) const {
  if (broken_ || context_->reader->pos < context_->reader->len) return true;
  pollfd socket{context_->fd, POLLIN, 0};
  const int64_t milliseconds = std::max<int64_t>(wait.count() / 1000, 1);
  return ::poll(&socket, 1, static_cast<int>(milliseconds)) > 0;  // real deadline: a socket
}

bool RedisWire::alive() const {
  char byte = 0;
  return !broken_ && ::recv(context_->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

}  // namespace tvan
