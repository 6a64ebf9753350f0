#pragma once
// Connections that a well-behaved client would not make: plain TCP from a chosen address, TLS with our certificate,
// HTTP/2 frames by hand. Blocking, with a generous deadline on each read. For the overload tests.

#include <functional>
#include <string>
#include <utility>

#include "tests/integration/api_world.h"

struct ssl_st;
struct ssl_ctx_st;

namespace tvan {

// A TCP connection to 127.0.0.1:port from `from`, any 127.x.y.z. Closed with it.
class RawTcp {
 public:
  explicit RawTcp(int port, const std::string& from = "127.0.0.1");
  ~RawTcp();
  RawTcp(RawTcp&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  RawTcp(const RawTcp&) = delete;
  RawTcp& operator=(const RawTcp&) = delete;
  bool open() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  void Send(const std::string& bytes) const;  // what is lost is lost
  bool EndsSoon() const;                      // the peer closes within the deadline; what it says before is thrown away

 private:
  int fd_ = -1;
};

namespace h2 {
enum Type : uint8_t { kData = 0, kHeaders = 1, kReset = 3, kSettings = 4, kPing = 6, kGoAway = 7 };
std::string Frame(Type type, uint8_t flags, uint32_t stream, const std::string& payload);
std::string Preface();   // with empty SETTINGS
std::string NoWindow();  // a preface with SETTINGS_INITIAL_WINDOW_SIZE 0: the peer may send no DATA
// HEADERS of a gRPC call, open.
std::string Call(uint32_t stream, const std::string& method, const std::string& more_name = "",
                 const std::string& more_value = "");
// DATA with one gRPC message, the last or not.
enum class More { kComes, kEnds };
std::string Message(uint32_t stream, const std::string& message, More more = More::kEnds);
}  // namespace h2

// TLS with a client's certificate and ALPN h2, over a connection of its own.
class RawTls {
 public:
  RawTls(const ApiWorld& world, const std::string& client, int port);
  ~RawTls();
  RawTls(const RawTls&) = delete;
  RawTls& operator=(const RawTls&) = delete;
  bool open() const { return ssl_ != nullptr; }
  bool Send(const std::string& bytes);
  // Reads until the peer closes; false: it did not within the deadline. What came is in heard().
  bool EndsSoon();
  const std::string& heard() const { return heard_; }

 private:
  RawTcp tcp_;
  ssl_ctx_st* context_ = nullptr;
  ssl_st* ssl_ = nullptr;
  std::string heard_;
};

// GET by a plain socket; the whole answer.
std::string HttpGet(int port, const std::string& path);
// A number of /metrics, all labels added up; -1: not there.
double Metric(int http_port, const std::string& name);
// Asks `done` again and again, for at most half a minute.
bool Eventually(const std::function<bool()>& done);
grpc::Status SubmitOne(v1::RelayService::Stub& relay, const std::string& bytes,
                       v1::SubmitMessageResponse* response = nullptr);
bool HasRetryInfo(const grpc::Status& status);

}  // namespace tvan
