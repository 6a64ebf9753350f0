// The alarm that a contact sheet was not sent in time.
#include "gateway/admin/night_records.h"
#include "gateway/core/log.h"

namespace tvan {
namespace {

constexpr Span kAhead = std::chrono::hours(24 * 35);  // a window may be entered with its sheet overdue already

}  // namespace

ContactWatch::ContactWatch(NightRecords::Parts parts, Metrics& metrics)
    : parts_(std::move(parts)),
      overdue_(metrics.GetGauge("tvan_contact_overdue", "Stops to come whose contact sheet was not sent in time")) {}

void ContactWatch::Look() {
  const Time now = parts_.clock.Now();
  std::set<std::string> overdue;
  for (const Window& w : ClosingWindows(parts_.calendar.Windows(), now, now + kAhead)) {
    if (!w.line.empty() && w.line != parts_.line) continue;
    const Time due = ContactDue(w, parts_.contact_before);
    if (now < due) continue;  // the store is not asked
    const auto sheet = FindContactSheet(parts_.store, w);
    if (!sheet) continue;  // looked at again in a minute
    if (StateOf(w, *sheet, now, parts_.contact_before) != ContactState::kOverdue) continue;
    overdue.insert(w.id);
    if (said_.count(w.id) != 0) continue;
    Log(LogLevel::kError, "admin.contact_overdue"_reason.text(), {{"window", w.id}, {"due", FormatTime(due)}});
  }
  overdue_.Set(static_cast<double>(overdue.size()));
  said_ = std::move(overdue);
}

}  // namespace tvan
