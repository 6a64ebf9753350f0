// What the scheduler learns about its line: outcomes, refusals of single messages, probes; and what it shows.
#include <algorithm>

#include "gateway/core/log.h"
#include "gateway/dispatch/scheduler.h"
#include "gateway/dispatch/system_codes.h"
#include "gateway/dispatch/work_item.h"

namespace tvan {
namespace {

std::optional<ProviderId> ProviderOfAll(const SendResult& result) {
  const ProviderId& first = result.messages.front().meta.provider();
  const bool one = std::all_of(result.messages.begin(), result.messages.end(),
                               [&first](const Outgoing& m) { return m.meta.provider() == first; });
  return one ? std::optional(first) : std::nullopt;
}

bool IsPermanent(const Status& status) { return !status.ok() && status.disposition() == Disposition::kPermanent; }

}  // namespace

void Scheduler::WentDown(const std::string& why) {
  pacer_.Failed(parts_.clock.SteadyNow());
  parts_.metrics.GetCounter("tvan_line_down_total", "Times that the line went down").Add();
  Log(LogLevel::kError, "dispatch.line_down", {{"line", parts_.options.line.value()}, {"why", why}});
}

// A message that met a code before, and meets one again while others sent since were acknowledged: it is the message
// and not the service. The mark stands in its event log.
bool Scheduler::IsItsOwn(const DownOrder& down, Instant now) {
  if (down.about.empty()) return false;
  FindBy by;
  by.gateway_id = down.about;
  const auto found = parts_.store.Find(by);
  if (!found.ok() || found->messages.empty()) return false;
  const MessageView& view = found->messages.front();
  const CodesMet before = CodesMetBy(view.events, view.meta.attempts);
  if (before.codes == 0 || !witnesses_.AnyAcknowledged(parts_.store, down.about, before.last)) return false;
  StageChange mark{.gateway_id = down.about, .event = EventKind::kReleased};
  mark.at = now.wall;
  mark.reason = std::string(kSystemCodeAlone.text());
  mark.detail = down.detail;
  const auto written = parts_.store.Change(parts_.fence, {mark});
  if (!written.ok() || !written->front().ok()) return false;
  Log(LogLevel::kError, "dispatch.system_code_alone",
      {{"mtdiep", down.about.value()}, {"times", std::to_string(before.marks + 1)}, {"detail", down.detail}});
  parts_.metrics
      .GetCounter("tvan_dispatch_system_codes_alone_total",
                  "System codes of one message while others were acknowledged")
      .Add();
  faults_.MessageRefused(now.wall, view.meta.provider(), Status::Permanent(kSystemCodeAlone, down.detail));
  return true;
}

// A system code: the probes see nothing of what is wrong.
void Scheduler::ObeyDown(const DownOrder& down, Instant now) {
  if (health_.down() || IsItsOwn(down, now)) return;
  const std::string why = std::string(down.reason.text()) + ": " + down.detail;
  faults_.SystemCode(now.wall, down.detail);
  if (health_.GoDown(now, why, LineHealth::Cause::kProbesMiss)) WentDown(why);
}

// The line took nothing of a request. A canary says by its probes what the line is worth, not here.
void Scheduler::LearnFailure(const Status& fault, const SendResult& result, Instant now) {
  if (IsTooLate(fault)) return health_.Rest(now, parts_.options.backoff_min);
  faults_.Failed(now.wall, fault, ProviderOfAll(result));
  if (result.messages.front().canary) return;
  pacer_.Failed(now.steady);
  // The line refuses the request itself: an operator's matter, trying again at once is no help.
  const bool down = IsPermanent(fault) ? health_.GoDown(now, fault.ToString()) : health_.Failed(now, fault.ToString());
  if (down) WentDown(fault.ToString());
}

void Scheduler::LearnTaken(const MessageMeta& meta, Time recorded_at, Instant now) {
  suspects_.Taken(meta.gateway_id);
  witnesses_.Took(meta.gateway_id, recorded_at);
  last_call_.Took(meta, recorded_at);
  faults_.Taken(now.wall, meta.provider());
}

void Scheduler::Learn(const SendResult& result, Instant now) {
  const auto is_ok = [](const Status& s) { return s.ok(); };
  const bool any_ok = std::any_of(result.statuses.begin(), result.statuses.end(), is_ok);
  if (result.messages.front().canary) prober_.CanaryEnded(result.statuses.front());
  if (any_ok && health_.Succeeded(now)) WentDown(health_.why());
  const Status* worst = nullptr;
  for (size_t i = 0; i < result.statuses.size(); ++i) {
    const Status& status = result.statuses[i];
    const MessageId& id = result.messages[i].meta.gateway_id;
    drain_.Ended(result.messages[i].meta, status);
    if (status.ok()) {
      LearnTaken(result.messages[i].meta, result.recorded_at, now);
      continue;
    }
    if (any_ok) faults_.MessageRefused(now.wall, result.messages[i].meta.provider(), status);
    // Refused while others were taken: the line is well, this message is a person's matter. A request refused as a
    // whole says nothing about one message of it.
    if (IsPermanent(status) && (any_ok || suspects_.Refused(id, result.statuses.size() - 1)))
      Isolate(result, i);
    else if (worst == nullptr || IsPermanent(status))
      worst = &status;
  }
  if (worst != nullptr || !isolated_.empty()) picker_.Rewind();
  if (worst != nullptr && !any_ok) LearnFailure(*worst, result, now);
}

void Scheduler::Isolate(const SendResult& result, size_t i) {
  const Outgoing& message = result.messages[i];
  isolated_.push_back(WorkItemOf(parts_, message.meta, message.resend() ? Stage::kInDoubt : Stage::kQueued,
                                 result.ended_at, "dispatch.refused_by_line"_reason, result.statuses[i].ToString()));
}

void Scheduler::WriteIsolated() {
  if (isolated_.empty()) return;
  if (const auto done = parts_.store.Change(parts_.fence, isolated_); !done.ok())
    Log(LogLevel::kWarning, "dispatch.store", {{"status", done.status().ToString()}});
  isolated_.clear();
}

void Scheduler::Measure() {
  const auto measured = parts_.store.Measure();
  if (!measured) return;  // the store has logged why; the gauges keep what was known
  const Measures& measures = *measured;
  Metrics& m = parts_.metrics;
  for (const Stage stage : {Stage::kQueued, Stage::kHeld, Stage::kSending, Stage::kInDoubt, Stage::kSent,
                            Stage::kAcknowledged, Stage::kWorkItem}) {
    double count = 0;
    for (const auto& [s, n] : measures.stages)
      if (s == stage) count = static_cast<double>(n);
    m.GetGauge("tvan_messages", "Open messages by stage", {{"stage", ToString(stage)}}).Set(count);
  }
  MeasureQueues(measures, parts_.Now().wall);
  m.GetGauge("tvan_dispatch_waiting_for_parent", "Queued messages that wait for an earlier one")
      .Set(static_cast<double>(picker_.waiting()));
  MeasureDrain(measures, parts_.Now());
}

void Scheduler::MeasureDrain(const Measures& measures, Instant now) {
  DrainMeter::Line line{now};
  for (const auto& [cls, state] : phases_.states()) {
    if (phases_.MaySend(cls, now.wall)) line.sending.push_back(cls);
    line.draining = line.draining || state.phase == Phase::kDraining;
  }
  line.well = health_.MaySend(now.steady);
  line.pace_per_s = pacer_.rate();
  line.waiting_for_parent = picker_.waiting();
  drain_.Take(measures, *watcher_.census(), line);
}

void Scheduler::MeasureQueues(const Measures& measures, Time now) {
  for (const MessageClass cls : kSentClasses) {
    double depth = 0;
    Time oldest = now;
    for (const QueueDepth& queue : measures.queues) {
      if (queue.key.cls != cls) continue;
      depth += static_cast<double>(queue.messages);
      if (queue.oldest_accepted_at.us != 0) oldest = std::min(oldest, queue.oldest_accepted_at);
    }
    const Labels labels{{"class", std::string(tvan::ToString(cls))}};
    parts_.metrics.GetGauge("tvan_dispatch_queue_messages", "Queued messages by class", labels).Set(depth);
    parts_.metrics
        .GetGauge("tvan_dispatch_queue_oldest_seconds", "Age of the oldest queued message since acceptance", labels)
        .Set(static_cast<double>((now - oldest).count()) / 1e6);
  }
}

}  // namespace tvan
