#include "gateway/admin/http_server.h"

#include <poll.h>

#include <charconv>
#include <list>
#include <optional>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace tvan {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

// Of one step of one connection: a request that drips in byte by byte has no longer than this.
constexpr auto kPatience = std::chrono::seconds(5);
// Without descriptors every accept fails at once; the next is tried after a rest.
constexpr int kRestMilliseconds = 50;
// Sessions that were cut and have not ended yet, beside those in the bound.
constexpr size_t kLeaving = 16;

class Session;
using Sessions = std::list<Session*>;  // the oldest first; of the one thread

// One request, one answer, then the connection closes. Lives as long as an operation of its own is under way.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const HttpServer::Pages& pages, Sessions& open)
      : stream_(std::move(socket)), pages_(pages), open_(open), place_(open.insert(open.end(), this)) {
    parser_.header_limit(8192);
    parser_.body_limit(0);
  }
  ~Session() { open_.erase(place_); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Run() {
    stream_.expires_after(kPatience);  // real deadline: of a socket
    http::async_read(stream_, buffer_, parser_, [self = shared_from_this()](beast::error_code error, size_t) {
      if (!error) self->Answer();
    });
  }
  // What is under way ends with an error, soon.
  void Cut() { stream_.close(); }

 private:
  void Answer() {
    const auto& request = parser_.get();
    const HttpPage page = PageFor(request.method(), std::string(request.target()));
    response_.result(page.status);
    response_.version(11);
    response_.set(http::field::content_type, page.content_type);
    response_.set(http::field::cache_control, "no-store");
    response_.keep_alive(false);
    if (request.method() != http::verb::head) response_.body() = page.body;
    response_.prepare_payload();
    stream_.expires_after(kPatience);  // real deadline: of a socket
    http::async_write(stream_, response_, [self = shared_from_this()](beast::error_code, size_t) {
      beast::error_code ignored;
      self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    });
  }

  HttpPage PageFor(http::verb method, std::string target) const {
    if (method != http::verb::get && method != http::verb::head) return {405, "text/plain", "GET only\n"};
    target.resize(std::min(target.find('?'), target.size()));
    const auto page = pages_.find(target);
    return page == pages_.end() ? HttpPage{404, "text/plain", "not here\n"} : page->second();
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::request_parser<http::empty_body> parser_;
  http::response<http::string_body> response_;
  const HttpServer::Pages& pages_;
  Sessions& open_;
  const Sessions::iterator place_;
};

std::optional<tcp::endpoint> EndpointOf(const std::string& listen) {
  const size_t colon = listen.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  std::string host = listen.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  beast::error_code error;
  const auto address = asio::ip::make_address(host, error);
  uint16_t port = 0;
  const auto parsed = std::from_chars(listen.data() + colon + 1, listen.data() + listen.size(), port);
  if (error || parsed.ec != std::errc()) return std::nullopt;
  return tcp::endpoint(address, port);
}

class HttpServerImpl : public HttpServer {
 public:
  HttpServerImpl(const Options& options, Pages pages)
      : options_(options), pages_(std::move(pages)), io_(1), acceptor_(io_) {}
  ~HttpServerImpl() override {
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  beast::error_code Listen(const tcp::endpoint& endpoint) {
    beast::error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return error;
    port_ = acceptor_.local_endpoint(error).port();
    AcceptNext();
    thread_ = std::thread([this] { Run(); });
    return error;
  }

  int port() const override { return port_; }

 private:
  // A page that throws ends its own connection, not the thread.
  void Run() {
    while (!io_.stopped()) {
      try {
        io_.run();
      } catch (const std::exception&) {
        continue;
      }
    }
  }

  void AcceptNext() {
    acceptor_.async_accept([this](beast::error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (error) ::poll(nullptr, 0, kRestMilliseconds);  // no descriptors: trying again at once would only spin
      if (!error) Begin(std::move(socket));
      AcceptNext();
    });
  }

  // Over the bound the oldest makes room: whoever asks is answered at once, so it is one that does not ask.
  void Begin(tcp::socket socket) {
    if (open_.size() >= options_.max_connections) open_.front()->Cut();
    if (open_.size() < options_.max_connections + kLeaving)
      std::make_shared<Session>(std::move(socket), pages_, open_)->Run();
  }

  const Options options_;
  const Pages pages_;
  Sessions open_;
  asio::io_context io_;
  tcp::acceptor acceptor_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::Start(const Options& options, Pages pages) {
  const auto endpoint = EndpointOf(options.listen);
  if (!endpoint) return Status::Permanent("admin.http_listen"_reason, "\"" + options.listen + "\" is no ADDRESS:PORT");
  auto server = std::make_unique<HttpServerImpl>(options, std::move(pages));
  const beast::error_code error = server->Listen(*endpoint);
  if (error)
    return Status::Permanent("admin.http_listen"_reason, "cannot listen on " + options.listen + ": " + error.message());
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace tvan
