#include "adapters/soap/https_connection.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include "adapters/soap/tls_identity.h"

namespace tvan::soap {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
namespace beast = boost::beast;
namespace http = beast::http;
using Error = beast::error_code;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

bool IsTimeout(const Error& error) { return error == beast::error::timeout || error == asio::error::timed_out; }

class Connection final : public HttpsConnection {
 public:
  Connection(const SoapOptions& options, std::shared_ptr<const TlsIdentity> identity, Clock& clock)
      : options_(options), identity_(std::move(identity)), clock_(clock) {}
  ~Connection() override { Close(); }

  Status Open() override {
    Close();
    std::vector<asio::ip::tcp::endpoint> endpoints;
    if (Status resolved = Resolve(endpoints); !resolved) return resolved;
    stream_.emplace(io_, identity_->context());
    buffer_.clear();
    heard_ = false;
    if (Status connected = Connect(endpoints); !connected) return Failed(connected);
    if (Status shaken = Handshake(); !shaken) return Failed(shaken);
    reusable_ = true;
    return {};
  }

  bool is_open() const override { return stream_.has_value(); }
  bool reusable() const override { return stream_.has_value() && reusable_; }

  bool LooksAlive() override {
    auto& socket = beast::get_lowest_layer(*stream_).socket();
    Error error;
    socket.non_blocking(true, error);
    char byte = 0;
    socket.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, error);
    return error == asio::error::would_block && buffer_.size() == 0;
  }

  Exchange Post(const std::string& soap_action, const std::string& body, const std::function<Status()>& gate) override {
    Exchange exchange;
    reusable_ = false;
    http::request<http::span_body<const char>> request{http::verb::post, options_.path, 11};
    request.set(http::field::host, options_.host + ":" + std::to_string(options_.port));
    request.set(http::field::user_agent, "tvan-gateway");
    request.set(http::field::content_type, "text/xml; charset=utf-8");
    request.set("SOAPAction", soap_action);
    request.body() = {body.data(), body.size()};
    request.prepare_payload();
    if (exchange.status = gate(); !exchange.status) {
      reusable_ = true;  // nothing was written
      return exchange;
    }
    exchange.began_writing = true;
    Error error = Run(options_.write_timeout, [&](auto done) { http::async_write(*stream_, request, done); });
    if (error)
      exchange.status = Broken(error, "while the request was written", options_.write_timeout);
    else
      Read(exchange);
    if (!exchange.status) Close();
    return exchange;
  }

 private:
  // Runs one asynchronous step to its end; the stream's own deadline bounds it.
  template <class Start>
  Error Run(Span timeout, Start start) {
    Error result = asio::error::operation_aborted;
    // real deadline: one step of a socket or of TLS
    beast::get_lowest_layer(*stream_).expires_after(timeout);
    start([&result](Error error, auto&&...) { result = error; });
    io_.restart();
    io_.run();
    return result;
  }

  Status Resolve(std::vector<asio::ip::tcp::endpoint>& out) {
    Error error;
    auto address = asio::ip::make_address(options_.host, error);
    if (!error) {
      out.emplace_back(address, options_.port);
      return {};
    }
    asio::ip::tcp::resolver resolver(io_);
    bool done = false;
    resolver.async_resolve(options_.host, std::to_string(options_.port), asio::ip::resolver_base::numeric_service,
                           [&](Error e, asio::ip::tcp::resolver::results_type results) {
                             done = true;
                             error = e;
                             for (const auto& entry : results) out.push_back(entry.endpoint());
                           });
    io_.restart();
    io_.run_for(options_.connect_timeout);  // real deadline: name look-up
    if (!done) {
      resolver.cancel();
      io_.restart();
      io_.run();  // the look-up holds references to this frame; the system's resolver ends it (see SoapOptions)
      return Status::Transient("line.timeout"_reason, "looking up " + options_.host + " took too long");
    }
    if (!error) return {};
    return Status::Transient("line.connect"_reason, "cannot look up " + options_.host + ": " + error.message());
  }

  Status Connect(const std::vector<asio::ip::tcp::endpoint>& endpoints) {
    Error error = Run(options_.connect_timeout,
                      [&](auto done) { beast::get_lowest_layer(*stream_).async_connect(endpoints, done); });
    std::string where = options_.host + ":" + std::to_string(options_.port);
    if (IsTimeout(error)) return Status::Transient("line.timeout"_reason, "connecting to " + where + " took too long");
    if (error) return Status::Transient("line.connect"_reason, "cannot connect to " + where + ": " + error.message());
    beast::get_lowest_layer(*stream_).socket().set_option(asio::ip::tcp::no_delay(true), error);
    return {};
  }

  Status Handshake() {
    std::string verdict;
    if (Status prepared = identity_->Prepare(stream_->native_handle(), options_.host, clock_.Now()); !prepared)
      return prepared;
    Error error;
    stream_->set_verify_callback(identity_->Verifier(options_.host, &verdict), error);
    if (!error)
      error =
          Run(options_.handshake_timeout, [&](auto done) { stream_->async_handshake(ssl::stream_base::client, done); });
    Error ignored;
    stream_->set_verify_callback([](bool ok, ssl::verify_context&) { return ok; }, ignored);  // verdict ends here
    if (IsTimeout(error)) return Status::Transient("line.timeout"_reason, "the TLS handshake took too long");
    if (!error) return {};
    return Status::Transient("line.tls"_reason,
                             "the TLS handshake failed: " + (verdict.empty() ? error.message() : verdict));
  }

  void Read(Exchange& exchange) {
    http::response_parser<http::string_body> parser;
    parser.header_limit(16 * 1024);
    parser.body_limit(options_.max_response_bytes);
    Error error = Run(options_.read_timeout, [&](auto done) { http::async_read(*stream_, buffer_, parser, done); });
    exchange.got_response_bytes = parser.got_some() || buffer_.size() > 0;
    heard_ = heard_ || exchange.got_response_bytes;
    if (error == http::error::end_of_stream || error == http::error::partial_message) error = asio::error::eof;
    if (error) {
      exchange.status = Broken(error, "before the response was complete", options_.read_timeout);
      return;
    }
    auto response = parser.release();
    reusable_ = response.keep_alive();
    exchange.reply.status = response.result_int();
    exchange.reply.content_type = std::string(response[http::field::content_type]);
    exchange.reply.date = std::string(response[http::field::date]);
    exchange.reply.body = std::move(response.body());
  }

  // A failure after writing began.
  Status Broken(const Error& error, const std::string& when, Span timeout) const {
    if (IsTimeout(error))
      return Status::InDoubt("line.timeout"_reason,
                             "no end after " + std::to_string(timeout / std::chrono::milliseconds(1)) + " ms, " + when);
    // In TLS 1.3 the server judges our certificate after our handshake has ended. Its alert comes over the
    // authenticated channel; as its first word it means that it never took application data: for certain, nothing was
    // processed. On a connection that it has answered on, it may have taken the request before.
    if (IsCertificateAlert(error)) {
      const std::string text = "the server refused our certificate, " + when + ": " + error.message();
      return heard_ ? Status::InDoubt("line.tls"_reason, text) : Status::Transient("line.tls"_reason, text);
    }
    if (error.category() == http::make_error_code(http::error::body_limit).category())
      return Status::InDoubt("line.protocol"_reason, "no proper HTTP response: " + error.message());
    return Status::InDoubt("line.cut"_reason, "the connection broke " + when + ": " + error.message());
  }

  Status Failed(Status status) {
    Close();
    return status;
  }

  // No TLS farewell: the line's requests are complete or broken by themselves, and a farewell could block.
  void Close() {
    reusable_ = false;
    if (!stream_) return;
    Error ignored;
    beast::get_lowest_layer(*stream_).socket().close(ignored);
    stream_.reset();
    io_.restart();
    io_.poll();
  }

  const SoapOptions& options_;
  std::shared_ptr<const TlsIdentity> identity_;
  Clock& clock_;
  asio::io_context io_{1};
  std::optional<TlsStream> stream_;
  beast::flat_buffer buffer_;
  bool heard_ = false;  // a response, or some of it, came on this connection
  bool reusable_ = false;
};

}  // namespace

std::unique_ptr<HttpsConnection> HttpsConnection::Make(const SoapOptions& options,
                                                       std::shared_ptr<const TlsIdentity> identity, Clock& clock) {
  return std::make_unique<Connection>(options, std::move(identity), clock);
}

}  // namespace tvan::soap
