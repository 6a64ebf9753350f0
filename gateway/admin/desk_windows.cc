// Windows, as operators enter and list them.
#include "gateway/admin/admin_convert.h"
#include "gateway/admin/audit.h"
#include "gateway/admin/desk.h"
#include "gateway/admin/window_plan.h"

namespace tvan {

Status Desk::Put(const admin::v1::PutWindowRequest& request, const std::string& author,
                 admin::v1::PutWindowResponse& response) {
  const Time now = parts_.clock.Now();
  const std::vector<VersionedWindow> known = parts_.calendar.VersionedWindows();
  const auto plan = PlanWindow(request.window(), "", known, {}, parts_.line, now);
  if (!plan) return plan.status();
  const WindowReview review = ReviewWindow(plan->change, plan->others, now);
  if (!review.to_accept.empty() && !request.accept_warnings())
    return Status::Permanent("admin.window_needs_accept"_reason, review.to_accept.front().en);
  const Window& window = plan->change.after;
  const auto version = parts_.calendar.Put(window, author, window.reason, now, Expected(request.window().version()));
  if (!version) return version.status();
  Audit("window", window.id, *version, author, window.reason);
  ToProto(VersionedWindow{window, *version, now, author, window.reason}, now, *response.mutable_window());
  return {};
}

Status Desk::List(const admin::v1::ListWindowsRequest&, admin::v1::ListWindowsResponse& response) const {
  const Time now = parts_.clock.Now();
  for (const VersionedWindow& window : parts_.calendar.VersionedWindows())
    ToProto(window, now, *response.add_windows());
  return {};
}

}  // namespace tvan
