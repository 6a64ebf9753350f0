#pragma once
// Our side of mutual TLS on the line: context with certificate, key and trust; the judgement of the server's
// certificate, with a clear text when it fails. Immutable after loading, shared by the connections of a line.

#include <boost/asio/ssl.hpp>
#include <boost/system/error_code.hpp>
#include <functional>
#include <memory>
#include <string>

#include "adapters/soap/soap_channel.h"

namespace tvan::soap {

class TlsIdentity {
 public:
  // line.credentials
  static Result<std::shared_ptr<const TlsIdentity>> Load(const SoapOptions& options);

  // Handshakes only read the context, but Asio's streams want it mutable.
  boost::asio::ssl::context& context() const { return context_; }

  // Sets the server name (unless it is an address) and the time at which certificates are judged.
  Status Prepare(SSL* ssl, const std::string& host, Time now) const;

  // Checks chain and host name (or address); writes why not into `verdict`, which must outlive the handshake.
  std::function<bool(bool, boost::asio::ssl::verify_context&)> Verifier(const std::string& host,
                                                                        std::string* verdict) const;

 private:
  TlsIdentity() = default;
  mutable boost::asio::ssl::context context_{boost::asio::ssl::context::tls_client};
};

// The other side's alert about our certificate (bad, revoked, expired, unknown, from an unknown CA, missing).
bool IsCertificateAlert(const boost::system::error_code& error);

}  // namespace tvan::soap
