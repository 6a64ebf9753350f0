#pragma once
// One connection of the simulated authority, served on one thread from handshake to end. Stop may be called from any
// thread. Boost stays in this room.

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <memory>
#include <string>

#include "adapters/simulator/authority.h"

namespace tvan::sim {

class Session {
 public:
  struct Parts {
    Authority& authority;
    Clock& clock;
    Transcript& transcript;
    const XmlParser& envelopes;  // for whole requests, 16 MB
  };
  Session(int64_t number, boost::asio::ssl::context& tls, const Parts& parts)
      : number_(number), parts_(parts), stream_(io_, tls) {}

  // The socket to accept into, on this session's own io_context.
  boost::asio::ip::tcp::socket& socket() { return boost::beast::get_lowest_layer(stream_).socket(); }
  boost::asio::io_context& io() { return io_; }
  void Serve();     // until the connection ends
  void TurnAway();  // there are too many: says so in the transcript only
  void Stop();
  bool done() const { return done_; }
  int64_t number() const { return number_; }

 private:
  using Error = boost::beast::error_code;
  template <class Start>
  Error Run(Span timeout, Start start);
  bool Handshake();
  void WriteConnect(const Conditions& now, const std::string& client, const char* disposition) const;
  bool ServeOne();
  Error ReadRequest(boost::beast::http::request_parser<boost::beast::http::string_body>& parser, Time& arrived);
  Reply Operate(const std::string& body, Time arrived);
  bool Answer(const Reply& reply, unsigned version, bool keep_alive);
  bool WriteHttp(unsigned status, const char* type, std::string body, unsigned version, bool keep_alive);
  void Reset();
  void Idle(Span span);  // stays connected, says nothing; ends early when the other side leaves

  const int64_t number_;
  const Parts parts_;
  boost::asio::io_context io_{1};
  boost::beast::ssl_stream<boost::beast::tcp_stream> stream_;
  boost::beast::flat_buffer buffer_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> done_{false};
};

}  // namespace tvan::sim
