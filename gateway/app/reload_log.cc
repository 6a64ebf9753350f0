#include "gateway/app/reload_log.h"

#include <utility>

#include "gateway/core/log.h"

namespace tvan {

ReloadLog::ReloadLog(std::string of, Metrics& metrics)
    : of_(std::move(of)),
      loads_(metrics.GetCounter("tvan_credentials_loads_total", "Times that certificate, key and CA were loaded",
                                {{"of", of_}})),
      failures_(metrics.GetCounter("tvan_credentials_load_failures_total",
                                   "Looks at changed credentials that failed: what was loaded stays in force",
                                   {{"of", of_}})) {
  loads_.Add();
}

void ReloadLog::Loaded() {
  failure_.clear();
  loads_.Add();
  Log(LogLevel::kInfo, "app.credentials_reloaded",
      {{"of", of_}, {"what", "new connections use them, open ones go on"}});
}

// Said once for each failure, not at every look.
void ReloadLog::Failed(const Status& status) {
  failures_.Add();
  const std::string text = status.ToString();
  if (std::exchange(failure_, text) == text) return;
  Log(LogLevel::kError, "app.credentials_not_reloaded",
      {{"of", of_}, {"status", text}, {"what", "what was loaded before stays in force"}});
}

}  // namespace tvan
