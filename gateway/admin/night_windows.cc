// What a change of a window would do, what it was before, and what our own maintenance may still take.
#include <algorithm>

#include "gateway/admin/admin_convert.h"
#include "gateway/admin/night_desk.h"
#include "gateway/admin/window_plan.h"
#include "gateway/calendar/maintenance_budget.h"
#include "gateway/calendar/window_record.h"
#include "gateway/intake/convert.h"
#include "gateway/intake/line_convert.h"
#include "gateway/intake/queries.h"

namespace tvan {
namespace {

constexpr int kMostTaken = 500;
constexpr int kFirstYear = 1970, kLastYear = 9998;

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }

Result<std::vector<Window>> TakenOf(const admin::v1::PreviewWindowRequest& request) {
  if (request.with_size() > kMostTaken) return BadRequest("with: at most " + std::to_string(kMostTaken));
  std::vector<Window> taken;
  for (const admin::v1::Window& window : request.with()) {
    auto read = FromProto(window);
    if (!read) return read.status();
    if (!CheckWindow(*read).ok()) return BadRequest("with: '" + window.id() + "' is no window");
    taken.push_back(*std::move(read));
  }
  return taken;
}

void Fill(const std::vector<Words>& said, google::protobuf::RepeatedPtrField<v1::Text>& out) {
  for (const Words& words : said) ToProto(words, *out.Add());
}

void Fill(const WindowReview& review, admin::v1::PreviewWindowResponse& response) {
  Fill(review.changes, *response.mutable_changes());
  Fill(review.warnings, *response.mutable_warnings());
  Fill(review.errors, *response.mutable_errors());
  Fill(review.to_accept, *response.mutable_to_accept());
  response.mutable_overlaps()->Assign(review.overlaps.begin(), review.overlaps.end());
}

}  // namespace

Result<uint64_t> NightDesk::Queued(const Window& window) const {
  const Result<Measures> measures = parts_.store.Measure();
  if (!measures) return measures.status();
  uint64_t queued = 0;
  for (const QueueDepth& depth : measures->queues) {
    const auto& classes = window.classes;
    if (classes.empty() || std::find(classes.begin(), classes.end(), depth.key.cls) != classes.end())
      queued += depth.messages;
  }
  return queued;
}

Status NightDesk::Preview(const admin::v1::PreviewWindowRequest& request,
                          admin::v1::PreviewWindowResponse& response) const {
  const Time now = parts_.clock.Now();
  const auto taken = TakenOf(request);
  if (!taken) return taken.status();
  const std::vector<VersionedWindow> known = parts_.calendar.VersionedWindows();
  const auto plan = PlanWindow(request.window(), request.weekday(), known, *taken, parts_.line, now);
  if (!plan) return plan.status();
  const Window& after = plan->change.after;
  for (const VersionedWindow& window : known)
    if (window.window.id == after.id) ToProto(window, now, *response.mutable_before());
  const WindowReview review = ReviewWindow(plan->change, plan->others, now);
  Fill(review, response);
  ToProto(after, now, *response.mutable_after());
  ToProto(now, *response.mutable_now());
  response.set_state(response.after().state());
  const auto queued = Queued(after);
  if (!queued) return queued.status();
  response.set_queued(*queued);
  return {};
}

Status NightDesk::History(const admin::v1::GetWindowHistoryRequest& request,
                          admin::v1::GetWindowHistoryResponse& response) const {
  const auto limit = PageSize(request.limit(), 100);
  if (!limit) return BadRequest("limit: 1..1000");
  const auto records = parts_.store.RecordHistory(kWindowKind, request.id(), {.limit = *limit});
  if (!records) return records.status();
  if (records->empty()) return Status::Permanent("admin.not_found"_reason, "there never was a window of this id");
  const Time now = parts_.clock.Now();
  for (auto record = records->rbegin(); record != records->rend(); ++record) {
    auto window = DecodeWindow(*record);
    if (!window) return window.status();
    ToProto(VersionedWindow{*window, record->version, record->changed_at, record->author, record->reason}, now,
            *response.add_windows());
  }
  return {};
}

Status NightDesk::Budget(const admin::v1::GetMaintenanceBudgetRequest& request,
                         admin::v1::GetMaintenanceBudgetResponse& response) const {
  const Time now = parts_.clock.Now();
  const int year = request.year() == 0 ? YearOf(now) : request.year();
  if (year < kFirstYear || year > kLastYear) return BadRequest("year: 1970..9998");
  ToProto(BudgetOf(parts_.calendar.Windows(), year, now), response);
  return {};
}

}  // namespace tvan
