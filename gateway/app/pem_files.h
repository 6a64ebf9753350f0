#pragma once
// Small files that the configuration names, as text. Pure but for the reading.

#include <string>
#include <vector>

#include "gateway/core/status.h"

namespace tvan {

Result<std::string> ReadFile(const std::string& path);  // app.file
// All certificates of a PEM text, one by one.
std::vector<std::string> SplitPem(const std::string& text);

}  // namespace tvan
