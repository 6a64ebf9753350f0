#include "gateway/dispatch/watcher.h"

#include <algorithm>

#include "gateway/core/log.h"
#include "gateway/dispatch/deadline.h"
#include "gateway/dispatch/release.h"
#include "gateway/dispatch/work_item.h"

namespace tvan {
namespace {

constexpr size_t kMostChanges = 1024;                 // in one act
constexpr Span kLookAgain = std::chrono::minutes(1);  // at what could not be read
constexpr Span kReadRetry = std::chrono::seconds(1);  // doubled with each failure in a row, up to 32 times

std::optional<MessageView> FindOne(const Store& store, const MessageId& id) {
  FindBy by;
  by.kind = FindBy::Kind::kGatewayId;
  by.gateway_id = id;
  Result<Found> found = store.Find(by);
  if (!found.ok() || found->messages.empty()) return std::nullopt;  // unreadable now: the next round looks again
  return std::move(found->messages.front());
}

}  // namespace

Watcher::Watcher(DispatchParts& parts, const LineHealth& health, const LinePhases& phases, Unreadables& unreadables,
                 std::function<void()> wake)
    : parts_(parts),
      health_(health),
      phases_(phases),
      unreadables_(unreadables),
      wake_(std::move(wake)),
      census_(parts.metrics) {
  Executor::Options options;
  options.name = "line-search";
  options.queue_limit = 1;
  pool_ = Executor::Make(options, parts.clock, parts.metrics);
}

// What cannot be read stays as it is: nobody can send it again, and it is listed.
Status Watcher::RecoverSending(const Outbox& outbox) {
  uint64_t after = 0;
  while (true) {
    const auto page = ReadListing(parts_.store, unreadables_, Stage::kSending, after, kPage, parts_.Wall());
    if (!page.ok()) return page.status();
    if (page->empty()) return {};
    std::vector<Settlement> doubts;
    for (const MessageMeta& meta : *page) {
      if (outbox.InFlight(meta.gateway_id)) continue;
      Settlement s;
      s.gateway_id = meta.gateway_id;
      s.attempt = meta.attempts;
      s.at = parts_.Wall();
      s.reason = std::string("dispatch.restart"_reason.text());
      doubts.push_back(std::move(s));
    }
    if (doubts.empty()) continue;
    Log(LogLevel::kWarning, "dispatch.recovered", {{"in_doubt", std::to_string(doubts.size())}});
    if (const Status settled = parts_.store.Settle(parts_.fence, doubts); !settled.ok()) return settled;
  }
}

WatchFacts Watcher::Facts(const MessageMeta& meta, Instant now) const {
  WatchFacts facts = FactsOf(parts_, *line_clock_, meta, now.wall);
  facts.takes = &health_.takes();
  return facts;
}

void Watcher::Change(StageChange change) {
  changes_.push_back(std::move(change));
  if (changes_.size() >= kMostChanges) WriteChanges();
}

void Watcher::WriteChanges() {
  if (changes_.empty()) return;
  const auto done = parts_.store.Change(parts_.fence, changes_);
  changes_.clear();
  // store.stage means that an answer was faster; a failing store is told to the operator by whoever sends next.
  if (!done.ok()) Log(LogLevel::kWarning, "dispatch.store", {{"status", done.status().ToString()}});
}

void Watcher::Alarm(const MessageMeta& meta, Instant now) {
  Log(LogLevel::kError, "dispatch.silent",
      {{"mtdiep", meta.gateway_id.value()}, {"sent", FormatTime(meta.stage_since)}});
  parts_.metrics
      .GetCounter("tvan_dispatch_silent_total", "Sent messages without any answer after T1: alarms",
                  {{"class", std::string(tvan::ToString(meta.cls))}})
      .Add();
  Change(ChangeOf(meta, EventKind::kSilent, now.wall, "dispatch.silent"_reason));
}

void Watcher::Look(const MessageMeta& meta, const WatchFacts& facts, Instant now) {
  const ClassPolicy& policy = parts_.Policy(meta.cls);
  if (NothingYet(meta, facts, policy)) return;
  const std::optional<MessageView> view = FindOne(parts_.store, meta.gateway_id);
  if (!view || view->meta.stage != meta.stage) return;
  const WatchVerdict verdict = Watch(view->meta, view->events, facts, policy);
  if (verdict.step == WatchStep::kSearch) AddSearch(view->meta, now);
  if (verdict.step == WatchStep::kResend && resends_.size() < kMostResends &&
      WaitOf(view->meta, now) != ParentWait::kYes && resend_ids_.insert(meta.gateway_id).second)
    resends_.push_back(meta.gateway_id);
  if (verdict.step == WatchStep::kSilent) Alarm(meta, now);
  if (verdict.step == WatchStep::kWorkItem) MakeWorkItem(meta, verdict.reason, now);
}

// The page of a stage after its cursor; nullopt: it cannot be read. Then the stage rests and is begun again.
std::optional<std::vector<MessageMeta>> Watcher::ReadStage(Stage stage, Instant now) {
  uint64_t& after = cursor_[stage];
  Failing& unreadable = unreadable_[stage];
  if (now.steady < unreadable.until) return watching_ = true, std::nullopt;
  if (after == 0) census_.Begin(stage);
  Result<std::vector<MessageMeta>> page = ReadListing(parts_.store, unreadables_, stage, after, kPage, now.wall);
  if (page.ok() && !page->empty()) return std::move(page).value();
  if (page.ok()) {  // up to the end
    unreadable = {};
    census_.End(stage);
    return std::move(page).value();
  }
  unreadable.until = now.steady + kReadRetry * (1 << std::min(unreadable.failures++, 5U));
  after = 0;
  watching_ = true;
  Log(LogLevel::kError, "dispatch.store", {{"stage", ToString(stage)}, {"status", page.status().ToString()}});
  return std::nullopt;
}

void Watcher::WatchStage(Stage stage, Instant now) {
  for (uint32_t i = 0; i < kPages; ++i) {
    const bool from_begin = cursor_[stage] == 0;
    const auto page = ReadStage(stage, now);
    if (!page) return;
    for (const MessageMeta& meta : *page) {
      const WatchFacts facts = Facts(meta, now);
      census_.Count(meta, StandingOf(meta, facts, parts_.Policy(meta.cls)));
      Look(meta, facts, now);
    }
    watching_ = watching_ || (stage != Stage::kWorkItem && !page->empty());
    if (!page->empty()) continue;
    cursor_[stage] = 0;
    if (i > 0 || from_begin) return;
  }
}

// A hold ends when the contract book says so, or by an operator; before its deadline somebody is told, after it the
// message is a person's matter.
void Watcher::LookAtHeld(const MessageMeta& meta, const ContractSnapshot& book, Instant now) {
  if (IsHeldByContract(meta.reason)) {
    const ReleaseVerdict verdict = JudgeRelease(book, meta, now.wall);
    if (!verdict.held) {
      StageChange change = ChangeOf(meta, EventKind::kReleased, now.wall, "dispatch.hold_ended"_reason);
      change.to = Stage::kQueued;
      return Change(std::move(change));
    }
    if (verdict.held->text() != meta.reason) return Change(HoldOf(parts_, meta, verdict, now.wall));
  }
  const bool by_agreement = meta.reason == kHeldByAgreement.text();
  const Time deadline = parts_.options.deadlines.Of(meta);
  if (now.wall < deadline - parts_.options.hold_alarm) return;
  // What our own agreement holds is nobody's to decide one by one: it stays, and goes when the agreement holds again.
  if (now.wall >= deadline && !by_agreement) return MakeWorkItem(meta, "dispatch.held_overdue"_reason, now);
  if (held_alarms_.size() >= kMostSearches) held_alarms_.clear();
  if (!held_alarms_.insert(by_agreement ? MessageId() : meta.gateway_id).second) return;  // one alarm for them all
  Log(LogLevel::kError, "dispatch.held_due",
      {{"mtdiep", meta.gateway_id.value()}, {"reason", meta.reason}, {"due", FormatTime(deadline)}});
  parts_.metrics.GetCounter("tvan_dispatch_held_due_total", "Held messages whose deadline came near").Add();
}

// What our own agreement held may be the whole backlog.
void Watcher::WatchHeld(Instant now) {
  const auto book = parts_.contracts.snapshot();
  for (uint32_t i = 0; i < kPages; ++i) {
    const bool from_begin = cursor_[Stage::kHeld] == 0;
    const auto page = ReadStage(Stage::kHeld, now);
    if (!page) return;
    for (const MessageMeta& meta : *page) {
      census_.Count(meta, {StandingKind::kHeld, OwnerOfHold(meta.reason)});
      LookAtHeld(meta, *book, now);
    }
    watching_ = watching_ || !page->empty();
    if (!page->empty()) continue;
    cursor_[Stage::kHeld] = 0;
    if (i > 0 || from_begin) return;
  }
}

void Watcher::MakeWorkItem(const MessageMeta& meta, Reason reason, Instant now) {
  Change(WorkItemOf(parts_, meta, meta.stage, now.wall, reason));
}

void Watcher::LookAtUnreadables(Instant now) {
  if (now.steady >= next_look_again_) {
    next_look_again_ = now.steady + kLookAgain;
    unreadables_.LookAgain();
  }
  if (unreadables_.Changed()) census_.SetUnreadable(unreadables_.rows());
}

void Watcher::Tick(Instant now) {
  watching_ = false;
  line_clock_ = LineClockOf(parts_, health_, phases_);
  if (!searching_) {
    to_search_.clear();
    work_items_.clear();
  }
  for (const Stage stage : {Stage::kInDoubt, Stage::kSent, Stage::kAcknowledged, Stage::kWorkItem})
    WatchStage(stage, now);
  WatchHeld(now);
  LookAtUnreadables(now);
  census_.Publish(now.wall);
  WriteChanges();
  if (!searching_ && now.steady >= search_rest_) BeginSearch(now);
}

// Of a message without an attempt that we know of, the first one may not have been asked for (recovery.h).
ParentWait Watcher::WaitOf(const MessageMeta& meta, Instant now) const {
  if (meta.attempts > 0) return ParentWait::kNo;
  const WaitEnds ends = EndsOfWait(meta, parts_.options.max_parent_wait, parts_.options.deadlines);
  return WaitForParent(parts_.store, meta, now.wall, ends, parts_.options.acknowledged_ends_wait);
}

// Such a message is released as from its queue. One that was sent before waits for our own agreement alone.
bool Watcher::MayGo(Outgoing& message, Instant now) {
  const MessageMeta& meta = message.meta;
  const auto book = parts_.contracts.snapshot();
  if (meta.attempts > 0) return JudgeRelease(*book, meta, now.wall).held != kHeldByAgreement;
  const ParentWait wait = WaitOf(meta, now);
  if (wait == ParentWait::kYes) return false;
  Released released = AtRelease(parts_, *book, meta, wait == ParentWait::kOverdue, now.wall);
  if (released.change) Change(std::move(*released.change));
  message.contract = std::move(released.contract);
  return !released.held;
}

std::vector<Outgoing> Watcher::TakeResends(Instant now, uint32_t limit) {
  std::vector<Outgoing> due;
  if (!resends_.empty()) line_clock_ = LineClockOf(parts_, health_, phases_);
  while (due.size() < limit && !resends_.empty()) {
    const MessageId id = resends_.front();
    std::optional<MessageView> view = FindOne(parts_.store, id);
    // Decided again on what is stored now: an answer, a search or a stop may have come between.
    WatchVerdict verdict;
    if (view) verdict = Watch(view->meta, view->events, Facts(view->meta, now), parts_.Policy(view->meta.cls));
    if (verdict.step == WatchStep::kResend && verdict.alone && !due.empty()) break;  // with the next call
    resends_.pop_front();
    resend_ids_.erase(id);
    if (verdict.step != WatchStep::kResend) continue;
    Outgoing resend{std::move(view->meta), nullptr, verdict.alone};
    if (!MayGo(resend, now)) continue;
    due.push_back(std::move(resend));
    if (verdict.alone) break;
  }
  WriteChanges();
  return due;
}

}  // namespace tvan
