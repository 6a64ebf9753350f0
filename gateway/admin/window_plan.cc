#include "gateway/admin/window_plan.h"

#include <algorithm>

#include "gateway/admin/admin_convert.h"

namespace tvan {
namespace {

// As Calendar::Put will.
void KeepWhatIsFirst(const std::optional<Window>& before, Time now, Window& after) {
  after.created_at = before ? before->created_at : now;
  after.first_end = before ? before->first_end : after.end;
}

void Replace(const Window& window, std::vector<Window>& windows) {
  std::erase_if(windows, [&window](const Window& w) { return w.id == window.id; });
  windows.push_back(window);
}

}  // namespace

Result<WindowPlan> PlanWindow(const admin::v1::Window& wanted, const std::string& weekday,
                              const std::vector<VersionedWindow>& known, const std::vector<Window>& taken,
                              const LineId& line, Time now) {
  auto after = FromProto(wanted);
  if (!after) return after.status();
  if (!after->line.empty() && after->line != line)
    return Status::Permanent(
        "admin.bad_request"_reason,
        "window.line: there is no line of this name; leave it empty for every line, or say \"" + line.value() + "\"");
  WindowPlan plan;
  for (const VersionedWindow& window : known) {
    plan.others.push_back(window.window);
    if (window.window.id != after->id) continue;
    plan.change.before = window.window;
    plan.version = window.version;
  }
  for (const Window& window : taken) Replace(window, plan.others);
  KeepWhatIsFirst(plan.change.before, now, *after);
  plan.change.after = *std::move(after);
  plan.change.weekday = weekday;
  return plan;
}

}  // namespace tvan
