#include "store/damage_log.h"

#include "gateway/core/log.h"
#include "gateway/core/utf8.h"

namespace tvan {
namespace {

constexpr Span kSilence = std::chrono::hours(1);
constexpr size_t kLongest = 500;
constexpr const char* kOthers = "more different ones than are told of in an hour";

}  // namespace

DamageLog::DamageLog(Clock& clock, Metrics* metrics) : clock_(clock) {
  if (metrics != nullptr)
    looks_ = &metrics->GetCounter("tvan_store_damaged_reads_total", "Reads that met a record which cannot be read");
}

void DamageLog::Report(const Status& damage) {
  if (damage.reason() == "store.closed"_reason) return;
  if (looks_ != nullptr) looks_->Add();
  std::string text(CutUtf8(damage.message(), kLongest));
  const std::string reason(damage.reason().text());
  const std::lock_guard lock(mutex_);
  const Steady now = clock_.SteadyNow();
  std::erase_if(said_, [now](const auto& said) { return now - said.second >= kSilence; });
  std::string what = reason + " " + text;
  if (said_.count(what) > 0) return;
  if (said_.size() >= kMost) text = what = kOthers;
  if (!said_.emplace(std::move(what), now).second) return;
  Log(LogLevel::kError, "store.damaged_read", {{"reason", reason}, {"text", text}});
}

}  // namespace tvan
