#include "gateway/dispatch/watcher.h"

#include <algorithm>

#include "gateway/core/log.h"
#include "gateway/dispatch/release.h"

namespace tvan {
namespace {

StageChange ChangeOf(const MessageMeta& meta, EventKind event, Time at, Reason reason) {
  StageChange change;
  change.gateway_id = meta.gateway_id;
  change.event = event;
  change.from = meta.stage;
  change.at = at;
  change.reason = std::string(reason.text());
  return change;
}

std::optional<MessageView> FindOne(const Store& store, const MessageId& id) {
  FindBy by;
  by.kind = FindBy::Kind::kGatewayId;
  by.gateway_id = id;
  Found found = store.Find(by);
  if (found.messages.empty()) return std::nullopt;
  return std::move(found.messages.front());
}

}  // namespace

Watcher::Watcher(DispatchParts& parts, const LineHealth& health, std::function<void()> wake)
    : parts_(parts), health_(health), wake_(std::move(wake)) {
  Executor::Options options;
  options.name = "line-search";
  options.queue_limit = 1;
  pool_ = Executor::Make(options, parts.clock, parts.metrics);
}

Status Watcher::RecoverSending(const Outbox& outbox) {
  uint64_t after = 0;
  while (true) {
    const std::vector<MessageMeta> page = parts_.store.InStage(Stage::kSending, after, kPage);
    if (page.empty()) return {};
    after = page.back().acceptance;
    std::vector<Settlement> doubts;
    for (const MessageMeta& meta : page) {
      if (outbox.InFlight(meta.gateway_id)) continue;
      Settlement s;
      s.gateway_id = meta.gateway_id;
      s.attempt = meta.attempts;
      s.at = parts_.clock.Now();
      s.reason = std::string("dispatch.restart"_reason.text());
      doubts.push_back(std::move(s));
    }
    if (doubts.empty()) continue;
    Log(LogLevel::kWarning, "dispatch.recovered", {{"in_doubt", std::to_string(doubts.size())}});
    if (const Status settled = parts_.store.Settle(parts_.fence, doubts); !settled.ok()) return settled;
  }
}

WatchFacts Watcher::Facts(const MessageMeta& meta, Instant now) const {
  const LineId& line = parts_.options.line;
  const LineState state = parts_.calendar.At(line, meta.cls, now.wall);
  WatchFacts facts;
  facts.now = now.wall;
  facts.settle = parts_.options.in_doubt_settle;
  const bool open = !IsClosed(state, now.wall) && !health_.down();
  facts.open_since = open ? std::max(state.open_since, health_.up_since()) : kForever;
  facts.not_open = ClosedWithin(parts_.calendar.Windows(), line, meta.cls, meta.stage_since, now.wall) +
                   health_.DownWithin(meta.stage_since, now.wall);
  return facts;
}

void Watcher::Change(StageChange change) {
  const auto done = parts_.store.Change(parts_.fence, {change});
  // store.stage means that an answer was faster; a failing store is told to the operator by whoever sends next.
  if (!done.ok()) Log(LogLevel::kWarning, "dispatch.store", {{"status", done.status().ToString()}});
}

void Watcher::Look(const MessageMeta& meta, Instant now) {
  const WatchFacts facts = Facts(meta, now);
  const ClassPolicy& policy = parts_.Policy(meta.cls);
  if (NothingYet(meta, facts, policy)) return;
  const std::optional<MessageView> view = FindOne(parts_.store, meta.gateway_id);
  if (!view || view->meta.stage != meta.stage) return;
  const WatchVerdict verdict = Watch(view->meta, view->events, facts, policy);
  const std::string& id = meta.gateway_id.value();
  if (verdict.step == WatchStep::kSearch && to_search_.size() < kMostSearches) to_search_.push_back(view->meta);
  if (verdict.step == WatchStep::kResend && resends_.size() < kMostResends &&
      resend_ids_.insert(meta.gateway_id).second)
    resends_.push_back(meta.gateway_id);
  if (verdict.step == WatchStep::kSilent) {
    Log(LogLevel::kError, "dispatch.silent", {{"mtdiep", id}, {"sent", FormatTime(meta.stage_since)}});
    parts_.metrics.GetCounter("tvan_dispatch_silent_total", "Sent messages without any answer after T1").Add();
    Change(ChangeOf(meta, EventKind::kSilent, now.wall, "dispatch.silent"_reason));
  }
  if (verdict.step == WatchStep::kWorkItem) {
    Log(LogLevel::kError, "dispatch.work_item", {{"mtdiep", id}, {"reason", std::string(verdict.reason.text())}});
    StageChange change = ChangeOf(meta, EventKind::kWorkItem, now.wall, verdict.reason);
    change.to = Stage::kWorkItem;
    Change(std::move(change));
  }
}

void Watcher::WatchStage(Stage stage, Instant now) {
  uint64_t& after = cursor_[stage];
  for (uint32_t i = 0; i < kPages; ++i) {
    const std::vector<MessageMeta> page = parts_.store.InStage(stage, after, kPage);
    for (const MessageMeta& meta : page) Look(meta, now);
    watching_ = watching_ || (stage != Stage::kWorkItem && !page.empty());
    after = page.empty() ? 0 : page.back().acceptance;
    if (page.size() < kPage) {
      after = 0;
      return;
    }
  }
}

// A hold ends when the contract book says so; nothing else releases it.
void Watcher::WatchHeld(Instant now) {
  uint64_t& after = cursor_[Stage::kHeld];
  const std::vector<MessageMeta> page = parts_.store.InStage(Stage::kHeld, after, kPage);
  after = page.size() < kPage ? 0 : page.back().acceptance;
  const auto book = parts_.contracts.snapshot();
  for (const MessageMeta& meta : page) {
    if (meta.reason != kHeldByMandate.text() || WhyHeld(*book, meta)) continue;
    StageChange change = ChangeOf(meta, EventKind::kReleased, now.wall, kHeldByMandate);
    change.to = Stage::kQueued;
    Change(std::move(change));
  }
  watching_ = watching_ || !page.empty();
}

void Watcher::Tick(Instant now) {
  watching_ = false;
  if (!searching_) to_search_.clear();
  for (const Stage stage : {Stage::kInDoubt, Stage::kSent, Stage::kAcknowledged, Stage::kWorkItem})
    WatchStage(stage, now);
  WatchHeld(now);
  if (!searching_ && !to_search_.empty() && now.steady >= search_rest_) BeginSearch(now);
}

void Watcher::BeginSearch(Instant now) {
  auto search = std::make_shared<Searched>();
  search->messages = std::move(to_search_);
  search->at = now.wall;
  to_search_.clear();
  searching_ = pool_->TrySubmit([this, search] {
    search->status = SearchAll(search->messages);
    {
      const std::lock_guard lock(mutex_);
      searched_ = std::move(*search);
    }
    wake_();
  });
}

// One reading of the line finds the answers of all messages that were first sent at the same position.
Status Watcher::SearchAll(const std::vector<MessageMeta>& messages) const {
  std::set<std::string> read;
  for (const MessageMeta& meta : messages) {
    if (!read.insert(meta.search_from).second) continue;
    const Result<bool> found = parts_.search.Search(parts_.options.line, meta.search_from, meta.gateway_id);
    if (!found.ok()) return found.status();
  }
  return {};
}

bool Watcher::HasSearchResult() const {
  const std::lock_guard lock(mutex_);
  return searched_.has_value();
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
  const Status status = WriteDown(*searched);
  if (status.ok()) {
    search_failures_ = 0;
    return true;
  }
  const Span rest = parts_.options.backoff_min * (int64_t{1} << std::min(search_failures_++, 10U));
  search_rest_ = parts_.clock.SteadyNow() + std::min(rest, parts_.options.backoff_max);
  Log(LogLevel::kWarning, "dispatch.search", {{"status", status.ToString()}});
  return true;
}

// A search that is not written down did not happen.
Status Watcher::WriteDown(const Searched& searched) {
  if (!searched.status.ok()) return searched.status;
  std::vector<StageChange> changes;
  for (const MessageMeta& meta : searched.messages)
    changes.push_back(ChangeOf(meta, EventKind::kSearched, searched.at, "dispatch.not_found"_reason));
  return parts_.store.Change(parts_.fence, changes).status();
}

std::vector<Outgoing> Watcher::TakeResends(Instant now, uint32_t limit) {
  std::vector<Outgoing> due;
  while (due.size() < limit && !resends_.empty()) {
    const MessageId id = std::move(resends_.front());
    resends_.pop_front();
    resend_ids_.erase(id);
    std::optional<MessageView> view = FindOne(parts_.store, id);
    if (!view) continue;
    const WatchFacts facts = Facts(view->meta, now);
    // Decided again on what is stored now: an answer, a search or a stop may have come between.
    if (Watch(view->meta, view->events, facts, parts_.Policy(view->meta.cls)).step == WatchStep::kResend)
      due.push_back({std::move(view->meta)});
  }
  return due;
}

}  // namespace tvan
