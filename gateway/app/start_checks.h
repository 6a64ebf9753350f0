#pragma once
// What must hold before anything is opened: our certificates are valid now, keys are long enough, and production has
// nothing of the sandbox. Reads files; each failure says which file and what to do about it.

#include <string>
#include <vector>

#include "gateway/core/status.h"
#include "gateway/core/time.h"
#include "tvan/config/v1/config.pb.h"

namespace tvan {

Result<std::string> ReadFile(const std::string& path);  // app.file
// app.certificate_expired (its dates are named; also before its first day), app.certificate (unreadable).
Status CheckCertificate(const std::string& path, Time now);
// At least 32 bytes. app.message_id_key
Result<std::string> ReadMessageIdKey(const std::string& path);
// app.sandbox_in_production: a certificate with the sandbox's marker, anywhere in these files.
Status CheckEnvironment(const config::v1::Config& config);
// All certificates of a PEM text, one by one.
std::vector<std::string> SplitPem(const std::string& text);
// One published key set of ours and of earlier keys. app.key_set: a file is no key set.
Result<std::string> MergeKeySets(const std::string& ours, const std::vector<std::string>& old_files);

}  // namespace tvan
