#include "gateway/app/line_credentials.h"

#include "gateway/app/start_checks.h"

namespace tvan {

// A start with an expired one is not refused, since messages are taken without the line; but a good one is not given up
// for it.
Status LineCredentials::Check() const {
  const auto& line = config_.line();
  if (Status status = CheckSandbox(config_, {line.certificate(), line.ca()}); !status.ok()) return status;
  return CheckCertificate(line.certificate(), clock_.Now());
}

void LineCredentials::Look() {
  const auto changed = channel_.ReloadCredentials([this] { return Check(); });
  if (!changed) return log_.Failed(changed.status());
  *changed ? log_.Loaded() : log_.Unchanged();
}

CredentialsInForce LineCredentials::InForce() const {
  const auto loaded = channel_.loaded();
  return {loaded->certificate_pem, loaded->ca_pem, log_.refused()};
}

}  // namespace tvan
