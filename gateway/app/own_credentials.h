#pragma once
// All certificates of our own that are read again while the gateway runs: of both listeners, and of the line. Each is
// looked at by itself; a fault of one keeps nothing from the others. Made by one thread, then looked at by one.

#include <memory>

#include "gateway/app/line_credentials.h"
#include "gateway/app/listener_credentials.h"

namespace tvan {

class OwnCredentials {
 public:
  // app.file. Borrows the channel, the clock and the metrics.
  static Result<std::unique_ptr<OwnCredentials>> Read(const config::v1::Config& config, SoapChannel& channel,
                                                      Clock& clock, Metrics& metrics);
  ListenerTls& providers() { return providers_->tls(); }
  ListenerTls& operators() { return operators_->tls(); }
  void Look();  // blocking: reads files
  // `trust_refused`: as the watch of trust says. Any thread.
  AllInForce InForce(std::map<std::string, std::string> trust_refused) const;

 private:
  using Listener = std::unique_ptr<ListenerCredentials>;
  OwnCredentials(Listener providers, Listener operators, std::unique_ptr<LineCredentials> line)
      : providers_(std::move(providers)), operators_(std::move(operators)), line_(std::move(line)) {}

  const Listener providers_, operators_;
  const std::unique_ptr<LineCredentials> line_;
};

}  // namespace tvan
