#pragma once
// The line to the authority as SOAP 1.1 over HTTPS with client certificates (tvan_authority.wsdl, which is ours).
// Every step (connect, TLS handshake, write, read) has a deadline of its own, in real time. Calls block; a small pool
// of keep-alive connections lets several run at once; more callers wait for a free one. Thread-safe. A call in flight
// holds a WorkScope, so virtual time stands still meanwhile. Certificates are judged by the Clock's time. Outcome of
// Send: before the first byte of the request is written → transient; after it, without a complete answer of ours → in
// doubt, a kept connection included (nothing is silently sent twice). Receive and Probe change nothing at the other
// side: their failures are transient, and a kept connection that turns out dead is tried once more, afresh.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "adapters/authority_channel.h"
#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"

namespace tvan {

struct SoapOptions {
  LineId line;
  std::string host;  // a name or an address; must be in the server's certificate
  uint16_t port = 443;
  std::string path = "/tvan";
  std::string ca_file;           // PEM: whom the server's certificate must come from; the system's store is not asked
  std::string certificate_file;  // PEM, ours, with its chain
  std::string key_file;          // PEM
  // The name look-up has this limit too, but one that hangs goes on until the system's resolver gives up (resolv.conf:
  // timeout times attempts times servers, 10 s for one server by default), and the call waits for it.
  Span connect_timeout = std::chrono::seconds(5);
  Span handshake_timeout = std::chrono::seconds(5);
  Span write_timeout = std::chrono::seconds(30);
  Span read_timeout = std::chrono::seconds(60);
  size_t max_batch_bytes = 8 * 1024 * 1024;      // of one request's body; a larger batch goes as several requests
  size_t max_response_bytes = 64 * 1024 * 1024;  // more than this is line.protocol
  size_t connections = 4;                        // at most, also the number of calls at a time
  Span idle_limit = std::chrono::seconds(30);    // an older idle connection is not used again
};

// The files of a line, as they were read.
struct LineTexts {
  std::string ca_pem, certificate_pem, key_pem;
  friend bool operator==(const LineTexts&, const LineTexts&) = default;
};

class SoapChannel : public AuthorityChannel {
 public:
  // Reads the files again; true: they had changed, and are in use. No call that begins later uses a connection that was
  // made with the old ones. `check`: asked of files that changed, before they are used. Its failure, or
  // line.credentials: what was loaded stays in use. One thread.
  virtual Result<bool> ReloadCredentials(const std::function<Status()>& check = nullptr) = 0;
  virtual std::shared_ptr<const LineTexts> loaded() const = 0;  // what is in use; any thread
};

// Reads the files; connects to nothing. line.credentials (permanent): a file is missing or damaged, the key does not
// belong to the certificate.
Result<std::unique_ptr<SoapChannel>> MakeSoapChannel(SoapOptions options, Clock& clock, Metrics& metrics);

}  // namespace tvan
