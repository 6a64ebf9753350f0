#include "gateway/dispatch/last_call.h"

#include <algorithm>

#include "gateway/dispatch/system_codes.h"

namespace tvan {

Span Percentile95(std::deque<Span> samples) {
  const auto at = samples.begin() + static_cast<std::ptrdiff_t>((samples.size() - 1) * 95 / 100);
  std::nth_element(samples.begin(), at, samples.end());
  return *at;
}

void LastCall::Took(const MessageMeta& meta, Time at) {
  OfClass& of = classes_[meta.cls];
  if (of.followed.size() < kFollowed) of.followed.push_back({meta.gateway_id, at});
}

// nullopt: not yet, or it will never be known.
std::optional<Span> LastCall::TimeTo999(const Followed& one, Time now) const {
  FindBy by;
  by.gateway_id = one.id;
  const Result<Found> found = parts_.store.Find(by);
  if (found.ok() && !found->messages.empty()) {
    for (const Event& e : found->messages.front().events) {
      const bool answered = e.kind == EventKind::kAcknowledged || e.kind == EventKind::kAnswer;
      if (answered && e.at >= one.sent && e.reason != kSystemCode.text()) return e.at - one.sent;
    }
  }
  return now - one.sent >= kLongest ? std::optional(kLongest) : std::nullopt;
}

void LastCall::Look(OfClass& of, Time now, Time open_since) {
  std::erase_if(of.followed, [open_since](const Followed& one) { return one.sent < open_since; });
  for (size_t i = std::min(kLooksATick, of.followed.size()); i > 0; --i) {
    const Followed one = std::move(of.followed.front());
    of.followed.pop_front();
    const std::optional<Span> took = TimeTo999(one, now);
    if (!took) {
      of.followed.push_back(one);
      continue;
    }
    of.samples.push_back(*took);
    if (of.samples.size() > kSamples) of.samples.pop_front();
    of.fresh = true;
  }
}

void LastCall::Tick(Time now, const std::map<MessageClass, LineState>& states) {
  for (auto& [cls, of] : classes_) {
    const auto state = states.find(cls);
    if (state == states.end()) continue;
    Look(of, now, state->second.open_since);
    if (!of.fresh || of.samples.size() < kFewest) continue;
    of.fresh = false;
    parts_.calendar.SetLastCall(cls, Percentile95(of.samples));
    parts_.metrics
        .GetGauge("tvan_line_999_p95_seconds", "95th percentile of the time from sent to 999, lately",
                  {{"class", std::string(tvan::ToString(cls))}})
        .Set(static_cast<double>(Percentile95(of.samples).count()) / 1e6);
  }
}

}  // namespace tvan
