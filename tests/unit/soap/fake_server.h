#pragma once
// A TLS server that plays a script, one act per connection, for the tests of how the line tells failures apart.
// It blocks in its own thread; a client that leaves ends an act. No act waits for time.

#include <atomic>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace tvan::test {

namespace asio = boost::asio;

class FakeServer {
 public:
  using Tcp = asio::ip::tcp;
  using Tls = asio::ssl::stream<Tcp::socket>;

  // What an act has to work with.
  struct Connection {
    Tls& tls;
    bool Handshake() {
      boost::system::error_code error;
      tls.handshake(asio::ssl::stream_base::server, error);
      return !error;
    }
    // One whole HTTP request; empty when the client left.
    std::string Request() {
      std::string text;
      boost::system::error_code error;
      size_t head = asio::read_until(tls, asio::dynamic_buffer(text), "\r\n\r\n", error);
      if (error) return "";
      size_t length = std::stoul(text.substr(text.find("Content-Length: ") + 16));
      if (text.size() < head + length)
        asio::read(tls, asio::dynamic_buffer(text), asio::transfer_exactly(head + length - text.size()), error);
      return error ? "" : text;
    }
    // Whatever the client says next, until TLS ends.
    void ReadOn() {
      char byte = 0;
      boost::system::error_code error;
      while (!error) tls.read_some(asio::buffer(&byte, 1), error);
    }
    void Write(const std::string& text) {
      boost::system::error_code error;
      asio::write(tls, asio::buffer(text), error);
    }
    void Reset() {
      boost::system::error_code error;
      tls.next_layer().set_option(asio::socket_base::linger(true, 0), error);
      tls.next_layer().close(error);
    }
    // The first byte of the client's hello.
    void AwaitByte() {
      char byte = 0;
      boost::system::error_code error;
      tls.next_layer().read_some(asio::buffer(&byte, 1), error);
    }
    // Until the client leaves.
    void Wait() {
      char byte = 0;
      boost::system::error_code error;
      while (!error) tls.next_layer().read_some(asio::buffer(&byte, 1), error);
    }
  };
  using Act = std::function<void(Connection&)>;

  FakeServer(const std::string& certificate, const std::string& key, const std::string& client_ca,
             std::vector<Act> acts)
      : acts_(std::move(acts)) {
    context_.use_certificate_chain_file(certificate);
    context_.use_private_key_file(key, asio::ssl::context::pem);
    context_.load_verify_file(client_ca);
    context_.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
    thread_ = std::thread([this] { Run(); });
  }
  ~FakeServer() {
    stopping_ = true;
    boost::system::error_code error;
    Tcp::socket(io_).connect(acceptor_.local_endpoint(), error);  // wakes the thread, if it still accepts
    thread_.join();
  }
  uint16_t port() const { return acceptor_.local_endpoint().port(); }
  static std::string Http(const std::string& status, const std::string& type, const std::string& body,
                          const std::string& more = "") {
    return "HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\n" + more +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

 private:
  void Run() {
    boost::system::error_code error;
    for (size_t i = 0; i <= acts_.size(); ++i) {
      Tcp::socket socket(io_);
      acceptor_.accept(socket, error);
      if (error || stopping_ || i == acts_.size()) return;
      socket.set_option(Tcp::no_delay(true), error);
      Tls tls(std::move(socket), context_);
      Connection connection{tls};
      acts_[i](connection);
    }
  }

  const std::vector<Act> acts_;
  std::atomic<bool> stopping_{false};
  asio::io_context io_;
  asio::ssl::context context_{asio::ssl::context::tls_server};
  Tcp::acceptor acceptor_{io_, Tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)};
  std::thread thread_;
};

}  // namespace tvan::test
