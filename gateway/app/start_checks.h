#pragma once
// What must hold before anything is opened: our certificates are valid now, keys are long enough, and production has
// nothing of the sandbox. Reads files; each failure says which file and what to do about it.

#include <string>
#include <vector>

#include "gateway/core/clock.h"
#include "gateway/core/status.h"
#include "gateway/core/time.h"
#include "tvan/config/v1/config.pb.h"

namespace tvan {

// app.certificate_expired (its dates are named; also before its first day), app.certificate (unreadable).
Status CheckCertificate(const std::string& path, Time now);
// At least 32 bytes. app.message_id_key
Result<std::string> ReadMessageIdKey(const std::string& path);
// app.sandbox_in_production: a certificate with the sandbox's marker, anywhere in these files.
Status CheckEnvironment(const config::v1::Config& config);
// The same of these files alone.
Status CheckSandbox(const config::v1::Config& config, const std::vector<std::string>& files);
// Production keeps apart who may connect, who may sign and who may rule: app.sellers_trust (a certificate of
// provider_api.client_ca is in trust.sellers: every connected provider could sign for sellers), app.operators_open (the
// admin_api.operators is empty: whoever has a certificate of its CA could do everything).
Status CheckTrustApart(const config::v1::Config& config);
Status CheckSellersApart(const config::v1::Config& config);  // the first of them
// The listeners' keys are those of their certificates (app.key_mismatch), their CAs can be read (app.certificate).
Status CheckListeners(const config::v1::Config& config);
Status CheckListener(const std::string& certificate, const std::string& key, const std::string& client_ca);  // one
// What a start reads of trust and line: signature.trust, line.credentials.
Status CheckTrust(const config::v1::Config& config, Clock& clock);
// One published key set of ours and of earlier keys. app.key_set: a file is no key set.
Result<std::string> MergeKeySets(const std::string& ours, const std::vector<std::string>& old_files);

}  // namespace tvan
