// The watcher's searches: what is searched for next, on the pool, and what is learned from it.
#include <algorithm>

#include "gateway/core/log.h"
#include "gateway/dispatch/watcher.h"

namespace tvan {
namespace {

constexpr uint32_t kFailuresToStop = 3;   // positions in a row that could not be searched: it is the line
constexpr uint32_t kFailuresToAlarm = 3;  // of one position

// No position's fault: nothing can be read now.
bool IsOfReceiver(const Status& status) {
  return status.reason() == "feedback.stopped"_reason || status.reason() == "feedback.closed"_reason ||
         status.reason() == "feedback.behind"_reason;
}

Span Doubled(Span shortest, uint32_t failures, Span longest) {
  return std::min<Span>(shortest * (int64_t{1} << std::min(failures, 10U)), longest);
}

}  // namespace

// Of a message without an attempt that we know of, the reading begins where its lost ones may have been answered.
void Watcher::AddSearch(MessageMeta meta, Instant now) {
  if (meta.attempts == 0) meta.search_from = parts_.restored_from;
  const auto resting = unsearchable_.find(meta.search_from);
  if (resting != unsearchable_.end() && now.steady < resting->second.until) return;
  std::vector<MessageMeta>& list = meta.stage == Stage::kWorkItem ? work_items_ : to_search_;
  if (list.size() < kMostSearches) list.push_back(std::move(meta));
}

// A work item can wait: of them one position at a time, and none before anything else.
std::vector<MessageMeta> Watcher::NextSearch() {
  std::vector<MessageMeta> next = std::exchange(to_search_, {});
  if (!next.empty() || work_items_.empty()) return next;
  const std::string from = work_items_.front().search_from;
  for (MessageMeta& meta : std::exchange(work_items_, {}))
    if (meta.search_from == from) next.push_back(std::move(meta));
  return next;
}

void Watcher::BeginSearch(Instant now) {
  if (parts_.recovering) return;
  auto search = std::make_shared<Searched>();
  search->messages = NextSearch();
  search->at = now.wall;
  if (search->messages.empty()) return;
  searching_ = pool_->TrySubmit([this, search] {
    search->outcomes = SearchAll(search->messages);
    {
      const std::lock_guard lock(mutex_);
      searched_ = std::move(*search);
    }
    wake_();
  });
}

// One reading of the line finds the answers of all messages that were first sent at the same position.
Watcher::Outcomes Watcher::SearchAll(const std::vector<MessageMeta>& messages) const {
  Outcomes outcomes;
  uint32_t failures = 0;  // in a row
  for (const MessageMeta& meta : messages) {
    if (outcomes.count(meta.search_from) > 0) continue;
    if (failures == kFailuresToStop) break;
    const Status status = parts_.search.Search(parts_.options.line, meta.search_from, meta.gateway_id).status();
    if (IsOfReceiver(status)) break;
    failures = status.ok() ? 0 : failures + 1;
    outcomes[meta.search_from] = status;
  }
  return outcomes;
}

bool Watcher::HasSearchResult() const {
  const std::lock_guard lock(mutex_);
  return searched_.has_value();
}

// A position that fails rests by itself, longer each time, and is told to the operator.
void Watcher::LearnOutcomes(const Outcomes& outcomes) {
  const Steady now = parts_.clock.SteadyNow();
  for (const auto& [position, status] : outcomes) {
    if (status.ok()) {
      unsearchable_.erase(position);
      continue;
    }
    if (unsearchable_.size() >= kMostSearches) unsearchable_.clear();
    Failing& failing = unsearchable_[position];
    failing.until = now + Doubled(parts_.options.backoff_min, failing.failures++, parts_.options.backoff_max);
    parts_.metrics.GetCounter("tvan_dispatch_search_failures_total", "Positions that could not be searched").Add();
    Log(failing.failures < kFailuresToAlarm ? LogLevel::kWarning : LogLevel::kError, "dispatch.search",
        {{"status", status.ToString()}, {"failures", std::to_string(failing.failures)}});
  }
  parts_.metrics.GetGauge("tvan_dispatch_unsearchable_positions", "Positions whose last search failed")
      .Set(static_cast<double>(unsearchable_.size()));
}

// Whether an answer was found shows in the stage that it moved: an old answer that moved nothing is no answer to the
// attempt in question. `from` makes the event fail for messages that were found.
bool Watcher::TakeSearchResult() {
  std::optional<Searched> searched;
  {
    const std::lock_guard lock(mutex_);
    searched.swap(searched_);
  }
  if (!searched) return false;
  searching_ = false;
  LearnOutcomes(searched->outcomes);
  const bool any_ok = std::any_of(searched->outcomes.begin(), searched->outcomes.end(),
                                  [](const auto& outcome) { return outcome.second.ok(); });
  const Status written = WriteDown(*searched);
  if (!written.ok()) Log(LogLevel::kWarning, "dispatch.store", {{"status", written.ToString()}});
  if (any_ok && written.ok()) {
    search_failures_ = 0;
    return true;
  }
  search_rest_ =
      parts_.clock.SteadyNow() + Doubled(parts_.options.backoff_min, search_failures_++, parts_.options.backoff_max);
  return true;
}

// A search that is not written down did not happen. What it found has moved on: `from` refuses the event.
Status Watcher::WriteDown(const Searched& searched) {
  std::vector<StageChange> changes;
  std::vector<MessageClass> classes;
  for (const MessageMeta& meta : searched.messages) {
    const auto outcome = searched.outcomes.find(meta.search_from);
    if (outcome == searched.outcomes.end() || !outcome->second.ok()) continue;
    changes.push_back(ChangeOf(meta, EventKind::kSearched, searched.at, "dispatch.not_found"_reason));
    classes.push_back(meta.cls);
  }
  if (changes.empty()) return {};
  const auto done = parts_.store.Change(parts_.fence, changes);
  if (!done.ok()) return done.status();
  for (size_t i = 0; i < done->size() && i < classes.size(); ++i)
    parts_.metrics
        .GetCounter(
            "tvan_dispatch_searches_total", "Messages that a search read the line for",
            {{"class", std::string(ToString(classes[i]))}, {"outcome", (*done)[i].ok() ? "not_found" : "found"}})
        .Add();
  return {};
}

}  // namespace tvan
