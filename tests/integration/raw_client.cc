#include "tests/integration/raw_client.h"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace tvan {
namespace {

constexpr int kDeadlineSeconds = 30;

sockaddr_in At(const std::string& address, int port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(static_cast<uint16_t>(port));
  inet_pton(AF_INET, address.c_str(), &at.sin_addr);
  return at;
}

std::string Big(uint32_t value, int bytes) {
  std::string out;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xff));
  return out;
}

// RFC 7541, 6.2.2: literal, not indexed, new name, no Huffman.
std::string Literal(const std::string& name, const std::string& value) {
  const auto text = [](const std::string& s) {
    std::string out;
    if (s.size() < 127) return out.append(1, static_cast<char>(s.size())).append(s);
    out.push_back(127);
    size_t rest = s.size() - 127;
    for (; rest >= 128; rest /= 128) out.push_back(static_cast<char>(rest % 128 + 128));
    return out.append(1, static_cast<char>(rest)).append(s);
  };
  return std::string(1, '\0') + text(name) + text(value);
}

}  // namespace

RawTcp::RawTcp(int port, const std::string& from) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (fd_ < 0) return;
  const timeval patience{kDeadlineSeconds, 0};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const sockaddr_in ours = At(from, 0), theirs = At("127.0.0.1", port);
  if (bind(fd_, reinterpret_cast<const sockaddr*>(&ours), sizeof ours) == 0 &&
      connect(fd_, reinterpret_cast<const sockaddr*>(&theirs), sizeof theirs) == 0)
    return;
  close(std::exchange(fd_, -1));
}

RawTcp::~RawTcp() {
  if (fd_ >= 0) close(fd_);
}

void RawTcp::Send(const std::string& bytes) const {
  static_cast<void>(send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
}

bool RawTcp::EndsSoon() const {
  std::array<char, 4096> chunk;
  ssize_t n = 1;
  while (n > 0) n = recv(fd_, chunk.data(), chunk.size(), 0);
  return n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

namespace h2 {

std::string Frame(Type type, uint8_t flags, uint32_t stream, const std::string& payload) {
  std::string out = Big(static_cast<uint32_t>(payload.size()), 3);
  out.push_back(static_cast<char>(type));
  out.push_back(static_cast<char>(flags));
  return out + Big(stream, 4) + payload;
}

std::string Preface() { return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(kSettings, 0, 0, ""); }

std::string NoWindow() { return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(kSettings, 0, 0, Big(4, 2) + Big(0, 4)); }

std::string Call(uint32_t stream, const std::string& method, const std::string& more_name,
                 const std::string& more_value) {
  std::string block = Literal(":method", "POST") + Literal(":scheme", "https") + Literal(":path", method) +
                      Literal(":authority", "localhost") + Literal("te", "trailers") +
                      Literal("content-type", "application/grpc");
  if (!more_name.empty()) block += Literal(more_name, more_value);
  return Frame(kHeaders, 0x4, stream, block);
}

std::string Message(uint32_t stream, const std::string& message, More more) {
  return Frame(kData, more == More::kEnds ? 0x1 : 0, stream,
               std::string(1, '\0') + Big(static_cast<uint32_t>(message.size()), 4) + message);
}

}  // namespace h2

RawTls::RawTls(const ApiWorld& world, const std::string& client, int port) : tcp_(port) {
  context_ = SSL_CTX_new(TLS_client_method());
  SSL_CTX_use_certificate_chain_file(context_, world.File(client + ".pem").c_str());
  SSL_CTX_use_PrivateKey_file(context_, world.File(client + ".key").c_str(), SSL_FILETYPE_PEM);
  static constexpr unsigned char kAlpn[] = {2, 'h', '2'};
  SSL_CTX_set_alpn_protos(context_, kAlpn, sizeof kAlpn);
  ssl_ = SSL_new(context_);
  SSL_set_fd(ssl_, tcp_.fd());
  if (!tcp_.open() || SSL_connect(ssl_) != 1) SSL_free(std::exchange(ssl_, nullptr));
}

RawTls::~RawTls() {
  if (ssl_ != nullptr) SSL_free(ssl_);
  SSL_CTX_free(context_);
}

bool RawTls::Send(const std::string& bytes) {
  return SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size());
}

bool RawTls::EndsSoon() {
  std::array<char, 16384> chunk;
  while (true) {
    const int n = SSL_read(ssl_, chunk.data(), static_cast<int>(chunk.size()));
    if (n <= 0) return SSL_get_error(ssl_, n) != SSL_ERROR_WANT_READ;
    heard_.append(chunk.data(), static_cast<size_t>(n));
  }
}

std::string HttpGet(int port, const std::string& path) {
  const RawTcp tcp(port);
  tcp.Send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
  std::string answer;
  std::array<char, 4096> chunk;
  for (ssize_t n = 1; n > 0;) {
    n = recv(tcp.fd(), chunk.data(), chunk.size(), 0);
    if (n > 0) answer.append(chunk.data(), static_cast<size_t>(n));
  }
  return answer;
}

double Metric(int http_port, const std::string& name) {
  const std::string text = "\n" + HttpGet(http_port, "/metrics");
  double sum = -1;
  for (size_t at = text.find("\n" + name); at != std::string::npos; at = text.find("\n" + name, at + 1)) {
    const size_t end = text.find('\n', at + 1), space = text.rfind(' ', end);
    const char next = text[at + 1 + name.size()];
    if (next == ' ' || next == '{' || name.find('{') != std::string::npos)
      sum = std::max(sum, 0.0) + std::atof(text.c_str() + space);
  }
  return sum;
}

bool Eventually(const std::function<bool()>& done) {
  for (int i = 0; i < kDeadlineSeconds * 50; ++i) {
    if (done()) return true;
    poll(nullptr, 0, 20);
  }
  return false;
}

grpc::Status SubmitOne(v1::RelayService::Stub& relay, const std::string& bytes, v1::SubmitMessageResponse* response) {
  v1::SubmitMessageRequest request;
  request.mutable_document()->set_tdiep(bytes);
  v1::SubmitMessageResponse own;
  grpc::ClientContext context;
  // When many threads connect at once, gRPC's client was seen to give up with an errno that is not connect's (ENOENT).
  context.set_wait_for_ready(true);
  return relay.SubmitMessage(&context, request, response == nullptr ? &own : response);
}

bool HasRetryInfo(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return false;
  for (const auto& detail : details.details())
    if (google::rpc::RetryInfo retry; detail.UnpackTo(&retry))
      return retry.retry_delay().seconds() > 0 || retry.retry_delay().nanos() > 0;
  return false;
}

}  // namespace tvan
