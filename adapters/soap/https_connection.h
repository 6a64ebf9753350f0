#pragma once
// One HTTPS connection with client certificate, and one HTTP/1.1 exchange at a time on it. Not thread-safe: the pool
// hands it to one call. Each step runs on the connection's own io_context, under its own real deadline.
// Boost.Beast and Asio stay in this room (DESIGN section 4).

#include <functional>
#include <memory>
#include <string>

#include "adapters/soap/soap_channel.h"

namespace tvan::soap {

struct HttpReply {
  int status = 0;
  std::string content_type;
  std::string date;
  std::string body;
};

struct Exchange {
  Status status;  // how the exchange ended; in doubt once writing has begun
  bool began_writing = false;
  bool got_response_bytes = false;
  HttpReply reply;  // when status is ok
};

// Our certificate, key and trust; shared by all connections of a line.
class TlsIdentity;
Result<std::shared_ptr<const TlsIdentity>> LoadTlsIdentity(const SoapOptions& options);  // line.credentials

class HttpsConnection {
 public:
  static std::unique_ptr<HttpsConnection> Make(const SoapOptions& options, std::shared_ptr<const TlsIdentity> identity,
                                               Clock& clock);
  virtual ~HttpsConnection() = default;

  // Connects and shakes hands. line.connect, line.timeout, line.tls: all transient.
  virtual Status Open() = 0;
  virtual bool is_open() const = 0;
  // False when the other side has closed (or sent something unasked) meanwhile, as far as this machine knows.
  virtual bool LooksAlive() = 0;
  // `gate` is asked right before the first byte is written; what it refuses is not written.
  // line.timeout, line.cut, line.protocol; line.tls: the server refused our certificate, which is transient as its
  // first word on this connection, in doubt after that.
  virtual Exchange Post(const std::string& soap_action, const std::string& body,
                        const std::function<Status()>& gate) = 0;
  // May be used for a further exchange.
  virtual bool reusable() const = 0;
  Steady idle_since;
};

}  // namespace tvan::soap
