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
                                   {{"of", of_}})),
      refused_(metrics.GetGauge("tvan_credentials_refused",
                                "1: the files say something else than what is in force, and cannot be taken",
                                {{"of", of_}})) {
  loads_.Add();
}

std::string ReloadLog::Note(const std::string& failure) {
  refused_.Set(failure.empty() ? 0 : 1);
  const std::lock_guard lock(mutex_);
  return std::exchange(failure_, failure);
}

std::string ReloadLog::refused() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void ReloadLog::Loaded() {
  Note("");
  loads_.Add();
  Log(LogLevel::kInfo, "app.credentials_reloaded",
      {{"of", of_}, {"what", "new connections use them, open ones go on"}});
}

// Said once for each failure, not at every look.
void ReloadLog::Failed(const Status& status) {
  failures_.Add();
  const std::string text = status.ToString();
  if (Note(text) == text) return;
  Log(LogLevel::kError, "app.credentials_not_reloaded",
      {{"of", of_}, {"status", text}, {"what", "what was loaded before stays in force"}});
}

}  // namespace tvan
