#pragma once
// What came of looking at changed credentials, of one listener or line: counters, and a line in the log for each load
// and, once, for each failure. One thread.

#include <string>

#include "gateway/core/metrics.h"
#include "gateway/core/status.h"

namespace tvan {

class ReloadLog {
 public:
  ReloadLog(std::string of,
            Metrics& metrics);  // "provider_api", "admin_api", "line": a label; the first load is counted
  void Unchanged() { failure_.clear(); }
  void Loaded();
  void Failed(const Status& status);

 private:
  const std::string of_;
  Counter& loads_;
  Counter& failures_;
  std::string failure_;  // the last one that was logged; empty: the last look went well
};

}  // namespace tvan
