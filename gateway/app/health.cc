#include "gateway/app/health.h"

#include <utility>

#include "gateway/core/log.h"

namespace tvan {
namespace {
constexpr Span kFullRetry = std::chrono::seconds(1);
constexpr char kFull[] = "store.full";
}  // namespace

Health::Health(Clock& clock, Metrics& metrics)
    : gauge_(metrics.GetGauge("tvan_serving", "1 while new messages can be made durable")),
      why_("app.starting"_reason.text()),
      retry_(clock) {}

void Health::SetListener(std::function<void(bool)> on_change) { on_change_ = std::move(on_change); }

void Health::SetLook(std::function<void()> look) { look_ = std::move(look); }

bool Health::serving() const { return why().empty(); }

std::string Health::why() const {
  const std::lock_guard lock(mutex_);
  return why_;
}

void Health::OnStore(const Status& outcome) {
  if (outcome.ok()) {
    if (why() != kFull) Change("");
    return;
  }
  // An argument, a conflict or a crowd says nothing about the store.
  if (outcome.disposition() == Disposition::kPermanent || outcome.reason() == "store.busy"_reason) return;
  if (outcome.reason() == "store.full"_reason && why() == kFull) return;
  Change(std::string(outcome.reason().text()));
  if (outcome.reason() == "store.full"_reason) LookLater();
}

void Health::LookLater() {
  retry_.Start(kFullRetry, [this] {
    if (why() == kFull && look_) look_();
  });
}

void Health::OnRoom() {
  if (why() == kFull) Change("");
}

void Health::OnShutdown() { Change(std::string("app.shutting_down"_reason.text()), Then::kEnd); }

void Health::Change(std::string why, Then then) {
  const std::lock_guard one(change_);
  {
    const std::lock_guard lock(mutex_);
    if (ended_ || why == why_) return;
    why_ = why;
    ended_ = then == Then::kEnd;
  }
  gauge_.Set(why.empty() ? 1 : 0);
  const bool calm = why.empty() || why == "app.shutting_down";
  Log(calm ? LogLevel::kInfo : LogLevel::kError, "app.health", {{"serving", why.empty() ? "yes" : "no"}, {"why", why}});
  if (on_change_) on_change_(why.empty());
}

}  // namespace tvan
