#pragma once
// What a requested window would replace, ready to be reviewed. Pure. Internal to admin.

#include <vector>

#include "gateway/calendar/calendar.h"
#include "gateway/calendar/window_review.h"
#include "tvan/admin/v1/admin.pb.h"

namespace tvan {

struct WindowPlan {
  WindowChange change;
  uint64_t version = 0;        // of `change.before`
  std::vector<Window> others;  // all that are entered, and those taken as entered
};

// `taken`: windows that are taken as entered (others of the same file). admin.bad_request: malformed, or of a line that
// there is not.
Result<WindowPlan> PlanWindow(const admin::v1::Window& wanted, const std::string& weekday,
                              const std::vector<VersionedWindow>& known, const std::vector<Window>& taken,
                              const LineId& line, Time now);

}  // namespace tvan
