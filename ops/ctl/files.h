#pragma once
// Reading and writing whole files for tvanctl. Any thread. Errors: ctl.file (permanent), naming file and cause.

#include <string>
#include <string_view>

#include "gateway/core/status.h"

namespace tvan::ctl {

Result<std::string> ReadFile(const std::string& path);  // "-": standard input
// Replaces `path`; written beside, then renamed.
Status WriteFile(const std::string& path, std::string_view bytes);

}  // namespace tvan::ctl
