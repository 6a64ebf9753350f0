#include "gateway/dispatch/line_health.h"

#include <algorithm>
#include <utility>

namespace tvan {
namespace {

constexpr size_t kMostTakes = 512;
constexpr Span kTakesApart = std::chrono::seconds(10);
constexpr Span kSoonForProbesMiss = std::chrono::hours(1);

}  // namespace

LineHealth::LineHealth(const Options& options, Instant now)
    : options_(options), random_(options.seed), up_since_(now.wall), up_since_steady_(now.steady) {}

Span LineHealth::Backoff(uint32_t exponent) {
  Span longest = options_.backoff_min;
  for (uint32_t i = 0; i < exponent && longest < options_.backoff_max; ++i) longest *= 2;
  longest = std::min(longest, options_.backoff_max);
  // Between half and the whole of it, so that many gateways do not come back in step.
  const auto half = static_cast<uint64_t>(longest.count() / 2);
  return longest - Span(static_cast<int64_t>(half == 0 ? 0 : random_() % half));
}

void LineHealth::EndCohort() {
  failed_cohorts_ = 2 * cohort_.failed > cohort_.requests ? failed_cohorts_ + 1 : 0;
  cohort_ = {};
}

void LineHealth::Count(Instant now, bool failed) {
  if (cohort_.requests > 0 && now.steady - cohort_.since >= options_.cohort_span) EndCohort();
  if (cohort_.requests == 0) cohort_.since = now.steady;
  ++cohort_.requests;
  cohort_.failed += failed ? 1 : 0;
  if (cohort_.requests >= options_.cohort_requests) EndCohort();
}

bool LineHealth::Succeeded(Instant now) {
  if (takes_.empty() || now.wall - takes_.back() >= kTakesApart) takes_.push_back(now.wall);
  if (takes_.size() > kMostTakes) takes_.pop_front();
  if (down_) return false;
  failures_ = 0;
  Count(now, false);
  return failed_cohorts_ >= options_.cohorts_to_down && GoDown(now, "most requests fail");
}

bool LineHealth::Failed(Instant now, const std::string& why) {
  if (down_) return false;
  ++failures_;
  Count(now, true);
  if (failures_ >= options_.failures_to_down || failed_cohorts_ >= options_.cohorts_to_down) return GoDown(now, why);
  next_try_ = std::max(next_try_, now.steady + Backoff(failures_ - 1));
  return false;
}

bool LineHealth::GoDown(Instant now, const std::string& why, Cause cause) {
  if (down_) return false;
  const Span soon = cause == Cause::kLine ? options_.backoff_max : kSoonForProbesMiss;
  const bool was_good = !std::exchange(was_down_, true) || now.steady - up_since_steady_ > soon;
  streak_ = was_good ? 0 : streak_ + 1;
  down_ = true;
  why_ = why;
  failures_ = failed_cohorts_ = 0;
  cohort_ = {};
  up_since_ = kForever;
  next_try_ = now.steady + Backoff(streak_);
  return true;
}

void LineHealth::Rest(Instant now, Span pause) { next_try_ = std::max(next_try_, now.steady + pause); }

void LineHealth::ProbeEnds(Instant now, bool answered) {
  probing_ = false;
  if (!down_) return;
  if (!answered) {
    ++streak_;
    next_try_ = now.steady + Backoff(streak_);
    return;
  }
  down_ = false;
  why_.clear();
  next_try_ = now.steady;
  up_since_ = now.wall;
  up_since_steady_ = now.steady;
}

}  // namespace tvan
