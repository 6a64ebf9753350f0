#pragma once
// What came of looking at changed credentials, of one listener or line: counters, a gauge that says whether the files
// and what is in force differ, and a line in the log for each load and, once, for each failure. One thread; `refused`
// from any.

#include <mutex>
#include <string>

#include "gateway/core/metrics.h"
#include "gateway/core/status.h"

namespace tvan {

class ReloadLog {
 public:
  ReloadLog(std::string of,
            Metrics& metrics);  // "provider_api", "admin_api", "line": a label; the first load is counted
  void Unchanged() { Note(""); }
  void Loaded();
  void Failed(const Status& status);
  std::string refused() const;  // why the files are not what is in force; empty: they are

 private:
  std::string Note(const std::string& failure);  // answers what was noted before

  const std::string of_;
  Counter& loads_;
  Counter& failures_;
  Gauge& refused_;
  mutable std::mutex mutex_;
  std::string failure_;  // of the last look; empty: it went well
};

}  // namespace tvan
