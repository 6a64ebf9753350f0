#pragma once
// Our certificate, key and the CA of a line to the authority, read again while it is used: what a start would refuse,
// and a certificate that does not hold now, leaves in force what was loaded, and is said. Looked at by one thread.

#include "adapters/soap/soap_channel.h"
#include "gateway/app/certificate_ends.h"
#include "gateway/app/reload_log.h"
#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"
#include "tvan/config/v1/config.pb.h"

namespace tvan {

class LineCredentials {
 public:
  // Borrows all but the configuration.
  LineCredentials(const config::v1::Config& config, SoapChannel& channel, const Clock& clock, Metrics& metrics)
      : config_(config), channel_(channel), clock_(clock), log_("line", metrics) {}
  void Look();                         // blocking: reads files
  CredentialsInForce InForce() const;  // any thread

 private:
  Status Check() const;

  const config::v1::Config config_;
  SoapChannel& channel_;
  const Clock& clock_;
  ReloadLog log_;
};

}  // namespace tvan
