#include "adapters/simulator/session.h"

#include <optional>

namespace tvan::sim {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr Span kHandshakeTimeout = std::chrono::seconds(10);
constexpr Span kIdleTimeout = std::chrono::minutes(10);
constexpr Span kBodyTimeout = std::chrono::seconds(60);
constexpr Span kWriteTimeout = std::chrono::seconds(60);
constexpr Span kHalfOpenLimit = std::chrono::minutes(10);
constexpr size_t kMaxRequest = 16 * 1024 * 1024;

// As something in front of a service writes it.
std::string HtmlError(const std::string& title) {
  return "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
         "</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
}

std::string FingerprintOf(SSL* tls) {
  std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(tls), &X509_free);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (!certificate || X509_digest(certificate.get(), EVP_sha256(), digest, &size) != 1 || size != 32) return "";
  Sha256 hash;
  std::copy(digest, digest + 32, hash.bytes.begin());
  return hash.Hex();
}

}  // namespace

template <class Start>
Session::Error Session::Run(Span timeout, Start start) {
  if (stopping_) return asio::error::operation_aborted;
  Error result = asio::error::operation_aborted;
  // real deadline: one step of a socket or of TLS
  beast::get_lowest_layer(stream_).expires_after(timeout);
  start([&result](Error error, auto&&...) { result = error; });
  io_.restart();
  io_.run();
  return result;
}

void Session::Serve() {
  if (Handshake())
    while (ServeOne()) {
    }
  Error ignored;
  socket().close(ignored);
  done_ = true;
}

void Session::TurnAway() { WriteConnect(parts_.authority.ConditionsAt(parts_.clock.Now()), "", "refused_full"); }

void Session::Stop() {
  stopping_ = true;
  asio::post(io_, [this] {
    Error ignored;
    socket().close(ignored);
  });
}

bool Session::Handshake() {
  const Time now = parts_.clock.Now();
  const Conditions conditions = parts_.authority.ConditionsAt(now);
  if (conditions.down == LineMode::kRefuse) {
    WriteConnect(conditions, "", "refused_down");
    return Reset(), false;
  }
  X509_VERIFY_PARAM_set_time(SSL_get0_param(stream_.native_handle()), static_cast<time_t>(now.us / 1'000'000));
  Error error = Run(kHandshakeTimeout, [&](auto done) { stream_.async_handshake(ssl::stream_base::server, done); });
  WriteConnect(conditions, error ? "" : FingerprintOf(stream_.native_handle()), error ? "tls_failed" : "accepted");
  return !error;
}

void Session::WriteConnect(const Conditions& now, const std::string& client, const char* disposition) const {
  parts_.transcript.Write(Event("connect")
                              .Number("connection", number_)
                              .Text("client_sha256", client)
                              .Number("window", now.window)
                              .Number("outage", now.outage)
                              .Text("disposition", disposition));
}

// The time of the body's first byte decides whether a message came inside a window.
Session::Error Session::ReadRequest(http::request_parser<http::string_body>& parser, Time& arrived) {
  arrived = parts_.clock.Now();
  if (parser.is_done()) return {};
  if (buffer_.size() == 0) {
    Error error = Run(kBodyTimeout, [&](auto done) { http::async_read_some(stream_, buffer_, parser, done); });
    arrived = parts_.clock.Now();
    if (error || parser.is_done()) return error;
  }
  return Run(kBodyTimeout, [&](auto done) { http::async_read(stream_, buffer_, parser, done); });
}

bool Session::ServeOne() {
  http::request_parser<http::string_body> parser;
  parser.header_limit(16 * 1024);
  parser.body_limit(kMaxRequest);
  Error error = Run(kIdleTimeout, [&](auto done) { http::async_read_header(stream_, buffer_, parser, done); });
  std::optional<WorkScope> scope;
  if (!error) scope.emplace(parts_.clock);
  Time arrived;
  if (!error) error = ReadRequest(parser, arrived);
  unsigned version = parser.get().version();
  if (error == http::error::body_limit || error == http::error::header_limit)
    return WriteHttp(413, "text/plain", "too large\n", version, false), false;
  if (error) return false;
  bool keep_alive = parser.get().keep_alive() && !stopping_;
  if (parser.get().method() != http::verb::post)
    return WriteHttp(405, "text/plain", "POST only, see tvan_authority.wsdl\n", version, false), false;
  Reply reply = Operate(parser.release().body(), arrived);
  if (reply.wire == Wire::kHalfOpen) scope.reset();
  return Answer(reply, version, keep_alive);
}

Reply Session::Operate(const std::string& body, Time arrived) {
  Arrival arrival{number_, arrived};
  auto request = ReadWireRequest(parts_.envelopes, body);
  if (!request) {
    const Conditions now = parts_.authority.ConditionsAt(arrived);
    parts_.transcript.Write(Event("bad_request")
                                .Number("connection", number_)
                                .Number("window", now.window)
                                .Number("outage", now.outage)
                                .Text("reason", request.status().message())
                                .Text("disposition", "refused"));
    return {Wire::kAnswer, WriteFault("Client", "BadRequest", request.status().message())};
  }
  switch (request->operation) {
    case WireRequest::Operation::kSend:
      return parts_.authority.Send(arrival, request->messages);
    case WireRequest::Operation::kReceive:
      return parts_.authority.Receive(arrival, request->after, request->limit);
    case WireRequest::Operation::kProbe:
      break;
  }
  return parts_.authority.Probe(arrival);
}

bool Session::Answer(const Reply& reply, unsigned version, bool keep_alive) {
  switch (reply.wire) {
    case Wire::kCut:
    case Wire::kReset:
      return Reset(), false;
    case Wire::kHalfOpen:
      return Idle(kHalfOpenLimit), false;
    case Wire::kHtml502:
      return WriteHttp(502, "text/html", HtmlError("502 Bad Gateway"), version, false), false;
    case Wire::kHttp503:
      return WriteHttp(503, "text/html", HtmlError("503 Service Temporarily Unavailable"), version, false), false;
    case Wire::kClosedFault:
      return WriteHttp(503, "text/xml; charset=utf-8", WriteFault("Server", "Closed", "the service is stopped"),
                       version, keep_alive);
    case Wire::kBusyFault:
      return WriteHttp(503, "text/xml; charset=utf-8", WriteFault("Server", "Busy", "too many messages"), version,
                       keep_alive);
    case Wire::kSlowAnswer:
      Idle(reply.delay);
      break;
    case Wire::kAnswer:
      break;
  }
  bool fault = reply.body.find("<S:Fault>") != std::string::npos;
  return WriteHttp(fault ? 500 : 200, "text/xml; charset=utf-8", reply.body, version, keep_alive);
}

bool Session::WriteHttp(unsigned status, const char* type, std::string body, unsigned version, bool keep_alive) {
  http::response<http::string_body> response{http::int_to_status(status), version == 0 ? 11 : version};
  response.set(http::field::server, "tvan-authority-sim");
  response.set(http::field::date, HttpDate(parts_.authority.DateHeader()));
  response.set(http::field::content_type, type);
  response.keep_alive(keep_alive);
  response.body() = std::move(body);
  response.prepare_payload();
  return !Run(kWriteTimeout, [&](auto done) { http::async_write(stream_, response, done); }) && keep_alive;
}

void Session::Reset() {
  Error ignored;
  socket().set_option(asio::socket_base::linger(true, 0), ignored);
  socket().close(ignored);
}

void Session::Idle(Span span) {
  if (stopping_) return;
  beast::get_lowest_layer(stream_).expires_never();
  socket().async_wait(asio::ip::tcp::socket::wait_read, [](Error) {});
  io_.restart();
  io_.run_for(span);  // real deadline: how long the other side is kept waiting
  Error ignored;
  socket().cancel(ignored);
  io_.restart();
  io_.poll();
}

}  // namespace tvan::sim
