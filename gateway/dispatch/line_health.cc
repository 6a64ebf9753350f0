#include "gateway/dispatch/line_health.h"

#include <algorithm>

namespace tvan {
namespace {

constexpr size_t kPastLimit = 256;

Span Overlap(Time a, Time b, Time from, Time to) {
  const Time first = std::max(a, from);
  const Time last = std::min(b, to);
  return first < last ? last - first : Span(0);
}

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

void LineHealth::Succeeded() {
  if (!down_) failures_ = 0;
}

bool LineHealth::Failed(Instant now, const std::string& why) {
  if (down_) return false;
  ++failures_;
  if (failures_ >= options_.failures_to_down) return GoDown(now, why);
  next_try_ = std::max(next_try_, now.steady + Backoff(failures_ - 1));
  return false;
}

bool LineHealth::GoDown(Instant now, const std::string& why) {
  if (down_) return false;
  const bool was_good = now.steady - up_since_steady_ > options_.backoff_max;
  streak_ = was_good ? 0 : streak_ + 1;
  down_ = true;
  why_ = why;
  failures_ = 0;
  down_since_ = now.wall;
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
  past_.emplace_back(down_since_, now.wall);
  if (past_.size() <= kPastLimit) return;
  // The two oldest become one that covers both: the clocks of messages may stop longer, never shorter.
  past_[1].first = past_[0].first;
  past_.pop_front();
}

Span LineHealth::DownWithin(Time from, Time to) const {
  Span sum{};
  for (const auto& [a, b] : past_) sum += Overlap(a, b, from, to);
  if (down_) sum += Overlap(down_since_, to, from, to);
  return sum;
}

}  // namespace tvan
