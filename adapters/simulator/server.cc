#include "adapters/simulator/server.h"

#include <algorithm>
#include <fstream>
#include <list>
#include <thread>

#include "adapters/simulator/session.h"

namespace tvan::sim {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using Error = boost::system::error_code;

Status BadFile(const std::string& file, const Error& error) {
  bool readable = std::ifstream(file).good();
  return Status::Permanent("sim.tls"_reason, file + ": " + (readable ? error.message() : "cannot be read"));
}

Status SetUpTls(const Options& options, ssl::context& tls) {
  Error error;
  tls.set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, error);
  tls.use_certificate_chain_file(options.certificate_file, error);
  if (error) return BadFile(options.certificate_file, error);
  tls.use_private_key_file(options.key_file, ssl::context::pem, error);
  if (error) return BadFile(options.key_file, error);
  tls.load_verify_file(options.client_ca_file, error);
  if (error) return BadFile(options.client_ca_file, error);
  tls.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert, error);
  // No resumed sessions: every connection proves its certificate anew.
  SSL_CTX_set_session_cache_mode(tls.native_handle(), SSL_SESS_CACHE_OFF);
  return {};
}

class HttpsServer final : public Server {
 public:
  HttpsServer(const Options& options, Authority& authority, Clock& clock, Transcript& transcript)
      : limit_(options.max_connections),
        envelopes_(MakeXmlParser({.max_bytes = 16 * 1024 * 1024, .max_depth = 16, .max_nodes = 1'000'000})),
        parts_{authority, clock, transcript, *envelopes_},
        options_(options) {}

  ~HttpsServer() override {
    asio::post(io_, [this] {
      stopping_ = true;
      Error ignored;
      acceptor_.close(ignored);
    });
    if (accepting_.joinable()) accepting_.join();
    for (Worker& worker : workers_) worker.session->Stop();
    for (Worker& worker : workers_) worker.thread.join();
  }

  uint16_t port() const override { return port_; }

  Status Listen() {
    if (Status status = SetUpTls(options_, tls_); !status) return status;
    Error error;
    auto address = asio::ip::make_address(options_.listen_host, error);
    asio::ip::tcp::endpoint endpoint(address, options_.listen_port);
    if (!error) acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error)
      return Status::Permanent("sim.listen"_reason, "cannot listen on " + options_.listen_host + ":" +
                                                        std::to_string(options_.listen_port) + ": " + error.message());
    port_ = acceptor_.local_endpoint(error).port();
    Accept();
    accepting_ = std::thread([this] { io_.run(); });
    return {};
  }

 private:
  struct Worker {
    std::unique_ptr<Session> session;
    std::thread thread;
  };

  // All below runs on the accepting thread; the destructor touches workers_ after joining it.
  void Accept() {
    if (stopping_) return;
    next_ = std::make_unique<Session>(++connections_, tls_, parts_);
    acceptor_.async_accept(next_->io(), [this](Error error, asio::ip::tcp::socket socket) {
      if (stopping_) return;
      if (!error) Take(std::move(socket));
      // Later, because `socket` lives on the io_context of the session that Accept replaces.
      asio::post(io_, [this] { Accept(); });
    });
  }

  void Take(asio::ip::tcp::socket socket) {
    Reap();
    Error ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    if (workers_.size() >= limit_) {
      next_->TurnAway();
      return;
    }
    next_->socket() = std::move(socket);
    Worker& worker = workers_.emplace_back();
    worker.session = std::move(next_);
    worker.thread = std::thread([session = worker.session.get()] { session->Serve(); });
  }

  void Reap() {
    for (auto worker = workers_.begin(); worker != workers_.end();) {
      if (worker->session->done()) {
        worker->thread.join();
        worker = workers_.erase(worker);
      } else {
        ++worker;
      }
    }
  }

  const size_t limit_;
  std::unique_ptr<XmlParser> envelopes_;
  const Session::Parts parts_;
  const Options options_;
  ssl::context tls_{ssl::context::tls_server};
  asio::io_context io_{1};
  asio::ip::tcp::acceptor acceptor_{io_};
  uint16_t port_ = 0;
  bool stopping_ = false;
  int64_t connections_ = 0;
  std::unique_ptr<Session> next_;
  std::list<Worker> workers_;
  std::thread accepting_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::Start(const Options& options, Authority& authority, Clock& clock,
                                              Transcript& transcript) {
  auto server = std::make_unique<HttpsServer>(options, authority, clock, transcript);
  if (Status status = server->Listen(); !status) return status;
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace tvan::sim
