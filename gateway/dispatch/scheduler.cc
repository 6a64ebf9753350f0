#include "gateway/dispatch/scheduler.h"

#include <algorithm>

#include "gateway/core/log.h"
#include "gateway/dispatch/release.h"

namespace tvan {
namespace {

constexpr uint32_t kMostBatchesAStep = 64;
constexpr Span kStoreRetry = std::chrono::seconds(1);

LineHealth::Options HealthOptions(const Dispatcher::Options& o) {
  LineHealth::Options h;
  h.backoff_min = o.backoff_min;
  h.backoff_max = o.backoff_max;
  h.seed = o.seed;
  return h;
}

Span TickOf(const Dispatcher::Options& o) {
  return std::clamp<Span>(o.in_doubt_settle / 4, std::chrono::milliseconds(50), std::chrono::seconds(1));
}

}  // namespace

Scheduler::Scheduler(DispatchParts& parts, std::function<void()> wake, std::function<bool()> is_ordered_down)
    : parts_(parts),
      wake_(std::move(wake)),
      is_ordered_down_(std::move(is_ordered_down)),
      phases_(parts),
      health_(HealthOptions(parts.options), parts.Now()),
      prober_(parts, wake_),
      pacer_({parts.options.ramp_start_per_s, parts.options.ramp_growth_per_s, parts.options.max_per_s},
             parts.clock.SteadyNow()),
      drain_({{0, parts.options.ramp_start_per_s, parts.options.ramp_growth_per_s, parts.options.max_per_s},
              parts.options.batch,
              parts.options.deadlines}),
      unreadables_(parts.store, parts.metrics),
      picker_(parts.store,
              {parts.options.max_parent_wait, parts.options.acknowledged_ends_wait, std::max(1U, parts.options.batch),
               parts.options.deadlines},
              unreadables_),
      watcher_(parts, health_, phases_, unreadables_, wake_),
      recoverer_(parts, unreadables_, wake_),
      outbox_(parts, wake_),
      last_call_(parts),
      tick_(TickOf(parts.options)) {
  if (HasBacklog() || !phases_.Ramping().empty()) Ramp(parts.Now(), "start");
}

// More than one request's worth waits: it must not leave as a flush.
bool Scheduler::HasBacklog() const {
  uint64_t waiting = 0;
  const auto measures = parts_.store.Measure();
  if (!measures) return true;  // nobody knows: rather a ramp for nothing than a flush
  for (const auto& [stage, count] : measures->stages)
    if (stage == Stage::kQueued || stage == Stage::kSending || stage == Stage::kInDoubt) waiting += count;
  return waiting > parts_.options.batch;
}

void Scheduler::Ramp(Instant now, const std::string& why) {
  pacer_.StartRamp(now.steady);
  picker_.Rewind();
  Log(LogLevel::kInfo, "dispatch.ramp", {{"line", parts_.options.line.value()}, {"after", why}});
}

void Scheduler::Tick(Instant now) {
  next_tick_ = now.steady + tick_;
  sent_something_ = look_again_ = false;
  watcher_.Tick(now);
  last_call_.Tick(now.wall, phases_.states());
  Measure();
  picker_.Rewind();
}

std::vector<Outgoing> Scheduler::Release(std::vector<Picker::Picked> picked, Time now) {
  const auto book = parts_.contracts.snapshot();
  std::vector<Outgoing> released;
  std::vector<StageChange> changes;
  for (Picker::Picked& p : picked) {
    Released one = AtRelease(parts_, *book, p.meta, p.parent_overdue, now);
    if (one.change) changes.push_back(std::move(*one.change));
    sent_something_ = sent_something_ || one.held;  // it wants to be watched
    if (!one.held) released.push_back({.meta = std::move(p.meta), .contract = std::move(one.contract)});
  }
  if (changes.empty()) return released;
  if (const auto done = parts_.store.Change(parts_.fence, changes); !done.ok())
    Log(LogLevel::kWarning, "dispatch.store", {{"status", done.status().ToString()}});
  return released;
}

// What the line has just refused stands back while there is anything else, and of several such the one that was refused
// longest ago goes first; what it ever refused goes alone.
std::vector<Picker::Picked> Scheduler::PickOthersFirst(Instant now, uint32_t room,
                                                       const std::function<bool(MessageClass)>& may_send) {
  const auto suspicion = [this](const Picker::Picked& p) { return suspects_.Suspicion(p.meta.gateway_id); };
  Picker::Ask ask{may_send};
  ask.messages = room;
  ask.stand = [this](const MessageId& id) {
    if (suspects_.Suspicion(id) > 0) return Picker::Stand::kBack;
    return suspects_.Known(id) ? Picker::Stand::kAlone : Picker::Stand::kWithOthers;
  };
  std::vector<Picker::Picked> picked = picker_.Pick(now, ask);
  if (!picked.empty() || picker_.more() || suspects_.size() == 0) return picked;
  picker_.Rewind();
  ask.messages = static_cast<uint32_t>(suspects_.size());
  ask.stand = {};
  picked = picker_.Pick(now, ask);
  if (picked.empty()) return picked;
  const auto first = std::min_element(picked.begin(), picked.end(),
                                      [&](const auto& a, const auto& b) { return suspicion(a) < suspicion(b); });
  return {std::move(*first)};
}

// Resends and first sends do not share a request: what may be poison is kept from what is not. They take turns.
std::vector<Outgoing> Scheduler::NextBatch(Instant now, uint32_t room, bool& more) {
  if (!std::exchange(resent_last_, false)) {
    std::vector<Outgoing> resends = watcher_.TakeResends(now, room);
    more = resent_last_ = !resends.empty();
    if (more) return resends;
  }
  std::vector<Picker::Picked> picked =
      PickOthersFirst(now, room, [&](MessageClass cls) { return phases_.MaySend(cls, now.wall); });
  more = !picked.empty() || picker_.more() || watcher_.has_resends();
  return Release(std::move(picked), now.wall);
}

// True: there may be more to do at once.
Result<bool> Scheduler::SendOne(Instant now) {
  if (recoverer_.active()) return false;
  if (!outbox_.HasRoom() || !health_.MaySend(now.steady) || !phases_.AnyOpen(now.wall) || is_ordered_down_())
    return false;
  const uint32_t allowed = pacer_.Allowed(now.steady);
  starved_ = allowed == 0;
  if (starved_) {
    next_token_ = pacer_.NextAt(now.steady);
    return false;
  }
  const uint32_t room = std::min(std::max(1U, parts_.options.batch), allowed);
  bool more = false;
  std::vector<Outgoing> messages = NextBatch(now, room, more);
  if (messages.empty()) return more;
  const Result<uint32_t> sent = outbox_.Send(std::move(messages));
  if (!sent.ok()) return sent.status();
  pacer_.Spend(*sent);
  sent_something_ = sent_something_ || *sent > 0;
  return more;
}

Status Scheduler::StoreTrouble(const Status& status, Instant now) {
  if (IsFenced(status)) return status;
  const uint32_t doublings = std::min(store_failures_++, 5U);
  retry_at_ = now.steady + kStoreRetry * (1 << doublings);
  picker_.Rewind();
  faults_.Failed(now.wall, status);
  Log(LogLevel::kError, "dispatch.store", {{"status", status.ToString()}});
  return {};
}

bool Scheduler::SettleEnded() {
  if (const Status settled = outbox_.Settle(outbox_.TakeResults()); !settled.ok())
    Log(LogLevel::kError, "dispatch.store", {{"status", settled.ToString()}});
  return outbox_.idle();
}

Result<Steady> Scheduler::Step(const std::vector<DownOrder>& downs) {
  const Instant now = parts_.Now();
  look_again_ = true;  // whoever woke us may have moved a message
  const std::vector<SendResult> results = outbox_.TakeResults();
  for (const SendResult& result : results) Learn(result, now);
  for (const DownOrder& down : downs) ObeyDown(down, now);
  TakeProbe(now);
  LookAtPhases(now);
  Status status = outbox_.Settle(results);
  WriteIsolated();
  if (status.ok() && now.steady >= retry_at_ && (!recovered_ || now.steady >= next_tick_)) {
    status = watcher_.RecoverSending(outbox_);
    recovered_ = recovered_ || status.ok();
  }
  const bool searched = watcher_.TakeSearchResult();
  if (status.ok() && recovered_ && (searched || now.steady >= next_tick_)) Tick(now);
  Probe(now);
  if (status.ok() && recovered_ && recoverer_.active() && now.steady >= retry_at_)
    status = recoverer_.Step(now, OpenSince(now.wall));
  if (status.ok() && recovered_ && now.steady >= retry_at_) status = SendCanary(now);
  unfinished_ = false;
  for (uint32_t i = 0; status.ok() && recovered_ && now.steady >= retry_at_; ++i) {
    unfinished_ = i == kMostBatchesAStep;
    if (unfinished_) break;
    const Result<bool> more = SendOne(parts_.Now());
    status = more.status();
    if (!more.ok() || !*more) break;
    store_failures_ = 0;
  }
  if (!status.ok() && now.steady >= retry_at_) status = StoreTrouble(status, now);
  if (!status.ok() && IsFenced(status)) return status;
  MeasureLine();
  return NextStep(parts_.Now());
}

// Unreadable: look again, never sleep on a message.
bool Scheduler::AnyWaiting() const {
  const Result<std::vector<QueueKey>> queues = parts_.store.Queues();
  return !queues.ok() || !queues->empty();
}

// When the line alone wants to be looked at: its phases, its probes, the end of its ramp.
Steady Scheduler::NextOfLine(Instant now) {
  Steady next = std::min(phases_.NextLook(now), prober_.NextDue(now, Wish(now)));
  if (!phases_.Ramping().empty()) next = std::min(next, pacer_.FullAt(now.steady));
  for (const auto& [cls, state] : phases_.states()) {
    next = std::min(next, SteadyAt(state.next_change, now));
    if (now.wall < state.not_after) next = std::min(next, SteadyAt(state.not_after, now));
  }
  return next;
}

Steady Scheduler::NextStep(Instant now) {
  if (now.steady < retry_at_) return retry_at_;
  if (unfinished_ || recoverer_.more()) return now.steady;
  Steady next = NextOfLine(now);
  const bool open = phases_.AnyOpen(now.wall);
  if (now.steady < health_.next_try()) next = std::min(next, health_.next_try());
  if (starved_ && open && health_.MaySend(now.steady)) next = std::min(next, next_token_);
  if (recoverer_.active()) next = std::min(next, std::max(next_tick_, now.steady + Span(1)));
  const bool ticking = watcher_.watching() || sent_something_ || watcher_.has_resends();
  if (look_again_ || !outbox_.idle() || (open && (ticking || AnyWaiting()))) next = std::min(next, next_tick_);
  return next;
}

void Scheduler::Drain() {
  outbox_.Drain();
  watcher_.Drain();
  recoverer_.Drain();
  prober_.Drain();
}

}  // namespace tvan
