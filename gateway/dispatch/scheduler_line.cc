// What the scheduler learns about its line: outcomes, refusals of single messages, probes; and what it shows.
#include <algorithm>

#include "gateway/core/log.h"
#include "gateway/dispatch/scheduler.h"

namespace tvan {
namespace {

bool IsTooLate(const Status& status) {
  return status.reason() == "line.not_after"_reason || status.reason() == "dispatch.closed"_reason;
}

bool IsPermanent(const Status& status) { return !status.ok() && status.disposition() == Disposition::kPermanent; }

}  // namespace

void Scheduler::WentDown(const std::string& why) {
  pacer_.Failed(parts_.clock.SteadyNow());
  parts_.metrics.GetCounter("tvan_line_down_total", "Times that the line went down").Add();
  Log(LogLevel::kError, "dispatch.line_down", {{"line", parts_.options.line.value()}, {"why", why}});
}

// A system code: the probes see nothing of what is wrong.
void Scheduler::ObeyDown(const DownOrder& down, Instant now) {
  const std::string why = std::string(down.reason.text()) + ": " + down.detail;
  if (health_.GoDown(now, why, LineHealth::Cause::kProbesMiss)) WentDown(why);
}

void Scheduler::LearnFailure(const Status& fault, Instant now) {
  if (IsTooLate(fault)) return health_.Rest(now, parts_.options.backoff_min);
  pacer_.Failed(now.steady);
  // The line refuses the request itself: an operator's matter, trying again at once is no help.
  const bool down = IsPermanent(fault) ? health_.GoDown(now, fault.ToString()) : health_.Failed(now, fault.ToString());
  if (down) WentDown(fault.ToString());
}

void Scheduler::Learn(const SendResult& result, Instant now) {
  const auto is_ok = [](const Status& s) { return s.ok(); };
  const bool any_ok = std::any_of(result.statuses.begin(), result.statuses.end(), is_ok);
  if (any_ok) health_.Succeeded(now.wall);
  const Status* worst = nullptr;
  for (size_t i = 0; i < result.statuses.size(); ++i) {
    const Status& status = result.statuses[i];
    const MessageId& id = result.messages[i].meta.gateway_id;
    if (status.ok()) suspects_.Taken(id);
    if (status.ok()) continue;
    // Refused while others were taken: the line is well, this message is a person's matter. A request refused as a
    // whole says nothing about one message of it.
    if (IsPermanent(status) && (any_ok || suspects_.Refused(id, result.statuses.size() - 1)))
      Isolate(result, i);
    else if (worst == nullptr || IsPermanent(status))
      worst = &status;
  }
  if (worst != nullptr || !isolated_.empty()) picker_.Rewind();
  if (worst != nullptr && !any_ok) LearnFailure(*worst, now);
}

void Scheduler::Isolate(const SendResult& result, size_t i) {
  const Outgoing& message = result.messages[i];
  StageChange change{.gateway_id = message.meta.gateway_id, .event = EventKind::kWorkItem};
  change.from = message.resend() ? Stage::kInDoubt : Stage::kQueued;
  change.to = Stage::kWorkItem;
  change.at = result.ended_at;
  change.reason = std::string("dispatch.refused_by_line"_reason.text());
  change.detail = result.statuses[i].ToString();
  Log(LogLevel::kError, "dispatch.work_item",
      {{"mtdiep", change.gateway_id.value()}, {"reason", change.reason}, {"detail", change.detail}});
  isolated_.push_back(std::move(change));
}

void Scheduler::WriteIsolated() {
  if (isolated_.empty()) return;
  if (const auto done = parts_.store.Change(parts_.fence, isolated_); !done.ok())
    Log(LogLevel::kWarning, "dispatch.store", {{"status", done.status().ToString()}});
  isolated_.clear();
}

void Scheduler::Probe(Instant now) {
  if (!health_.ProbeDue(now.steady) || !AnyOpen(now.wall)) return;
  const bool taken = probe_pool_->TrySubmit([this] {
    Result<ProbeReport> report = parts_.channel.Probe();
    {
      const std::lock_guard lock(mutex_);
      probe_ = std::move(report);
    }
    wake_();
  });
  if (taken) health_.ProbeBegins();
}

void Scheduler::TakeProbe(Instant now) {
  std::optional<Result<ProbeReport>> probe;
  {
    const std::lock_guard lock(mutex_);
    probe.swap(probe_);
  }
  if (!probe) return;
  const std::string& line = parts_.options.line.value();
  health_.ProbeEnds(now, probe->ok());
  if (!probe->ok()) {
    Log(LogLevel::kWarning, "dispatch.probe", {{"line", line}, {"status", probe->status().ToString()}});
    return;
  }
  pacer_.StartRamp(now.steady);
  picker_.Rewind();
  Log(LogLevel::kInfo, "dispatch.line_up", {{"line", line}, {"evidence", (*probe)->evidence}});
}

void Scheduler::Measure() {
  const Measures measures = parts_.store.Measure();
  Metrics& m = parts_.metrics;
  for (const Stage stage : {Stage::kQueued, Stage::kHeld, Stage::kSending, Stage::kInDoubt, Stage::kSent,
                            Stage::kAcknowledged, Stage::kWorkItem}) {
    double count = 0;
    for (const auto& [s, n] : measures.stages)
      if (s == stage) count = static_cast<double>(n);
    m.GetGauge("tvan_messages", "Open messages by stage", {{"stage", ToString(stage)}}).Set(count);
  }
  for (const MessageClass cls : kClasses) {
    double depth = 0;
    for (const QueueDepth& queue : measures.queues)
      if (queue.key.cls == cls) depth += static_cast<double>(queue.messages);
    m.GetGauge("tvan_dispatch_queue_messages", "Queued messages by class",
               {{"class", std::string(tvan::ToString(cls))}})
        .Set(depth);
  }
  m.GetGauge("tvan_dispatch_waiting_for_parent", "Queued messages that wait for an earlier one")
      .Set(static_cast<double>(picker_.waiting()));
  m.GetGauge("tvan_line_phase", "0 open, 1 draining, 2 closed, 3 ramping, 4 down",
             {{"line", parts_.options.line.value()}})
      .Set(static_cast<double>(view().line.phase));
}

// The line as a whole: as open as its most open class.
Dispatcher::View Scheduler::view() const {
  Dispatcher::View view;
  const Time now = parts_.Now().wall;
  view.line.phase = Phase::kClosed;
  for (const auto& [cls, state] : states_)
    if (view.line.since.us == 0 || (view.line.phase == Phase::kClosed && !IsClosed(state, now))) view.line = state;
  view.rate_per_s = pacer_.rate();
  view.waiting_for_parent = picker_.waiting();
  view.down_reason = health_.why();
  if (view.line.phase == Phase::kClosed) return view;
  if (health_.down())
    view.line.phase = Phase::kDown;
  else if (view.line.phase == Phase::kOpen && pacer_.ramping())
    view.line.phase = Phase::kRamping;
  return view;
}

}  // namespace tvan
