#pragma once
// The result of a run as JSON, one line. Pure.

#include <string>

#include "ops/load/run.h"

namespace tvan::load {

std::string ReportJson(const RunOptions& options, const RunReport& report);

}  // namespace tvan::load
