#include "gateway/dispatch/system_codes.h"

#include <algorithm>
#include <set>

namespace tvan {
namespace {

// The authority dealt with it as a message: a 999 or an answer of its own, good or bad.
bool IsAcknowledged(const Store& store, const MessageId& id) {
  FindBy by;
  by.gateway_id = id;
  const Result<Found> found = store.Find(by);
  if (!found.ok() || found->messages.empty()) return false;
  const std::vector<Event>& events = found->messages.front().events;
  return std::any_of(events.begin(), events.end(), [](const Event& e) {
    return (e.kind == EventKind::kAcknowledged || e.kind == EventKind::kAnswer) && e.reason != kSystemCode.text();
  });
}

}  // namespace

CodesMet CodesMetBy(const std::vector<Event>& events, uint32_t before) {
  std::set<uint32_t> codes, marks;  // attempts
  Time last{};
  for (const Event& e : events) {
    if (e.kind == EventKind::kResolved) codes.clear(), marks.clear(), last = {};
    if (e.attempt >= before) continue;
    if (e.reason == kSystemCodeAlone.text()) marks.insert(e.attempt);
    if (e.kind != EventKind::kAcknowledged || e.reason != kSystemCode.text()) continue;
    codes.insert(e.attempt);
    last = std::max(last, e.at);
  }
  return {static_cast<uint32_t>(codes.size()), static_cast<uint32_t>(marks.size()), last};
}

void Witnesses::Took(const MessageId& id, Time at) {
  if (taken_.size() >= kMostAtATime && at - taken_[taken_.size() - kMostAtATime].at < kAtATime) return;
  taken_.push_back({id, at});
  if (taken_.size() > kMost) taken_.pop_front();
}

bool Witnesses::AnyAcknowledged(const Store& store, const MessageId& accused, Time since) const {
  const auto first =
      std::find_if(taken_.begin(), taken_.end(), [since](const Taken& taken) { return taken.at >= since; });
  const auto candidates = static_cast<size_t>(taken_.end() - first);
  const size_t stride = candidates / kMostAsked + 1;  // spread over the time since
  for (size_t i = 0; i < candidates; i += stride) {
    const MessageId& id = (first + static_cast<std::ptrdiff_t>(i))->id;
    if (id != accused && IsAcknowledged(store, id)) return true;
  }
  return false;
}

}  // namespace tvan
