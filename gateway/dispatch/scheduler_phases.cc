// The scheduler as the owner of the line's phases: what it tells the calendar, the probes and canaries of a line that
// is verified, and what it shows.
#include <algorithm>

#include "gateway/core/log.h"
#include "gateway/dispatch/scheduler.h"

namespace tvan {
namespace {

constexpr uint32_t kMostCanariesTried = 8;  // in one round, held or gone meanwhile, or looked for in vain

}  // namespace

// Every opening is a ramp. What an operator opened without green is forgiven what it was down for.
void Scheduler::LookAtPhases(Instant now) {
  LineFacts facts;
  facts.now = now.wall;
  if (health_.down()) facts.down = health_.why();
  facts.probed = prober_.newest();
  facts.ramped = pacer_.FullAt(now.steady) <= now.steady;
  facts.clock_off = prober_.clock().off();
  if (const auto opened = phases_.Advance(now, std::move(facts))) {
    if (health_.down()) health_.ProbeEnds(now, true);
    faults_.Well(now.wall);
    Ramp(now, *opened);
  }
  phases_.WatchGreen(now, prober_.newest() ? prober_.newest()->evidence : "none has ended yet");
}

// Since when any class is open on a line that is well.
Time Scheduler::OpenSince(Time now) const {
  const Time since = phases_.OpenSince(now);
  return since == kForever ? kForever : std::max(since, health_.up_since());
}

Prober::Wish Scheduler::Wish(Instant now) const {
  // Down by the record alone, since before a restart: probed as if it were verified.
  const Time down_since = health_.down() ? Time{} : phases_.Since(Phase::kDown);
  return {phases_.MayProbe(now.wall), std::max(phases_.Since(Phase::kVerifying), down_since),
          health_.ProbeDue(now.steady)};
}

void Scheduler::Probe(Instant now) {
  if (prober_.Begin(now, Wish(now))) health_.ProbeBegins();
}

void Scheduler::TakeProbe(Instant now) {
  const std::optional<Status> probe = prober_.Take();
  if (!probe) return;
  if (!probe->ok() && !IsTooLate(*probe)) faults_.Failed(now.wall, *probe);
  if (!health_.probing()) return;
  health_.ProbeEnds(now, probe->ok());
  if (health_.down()) return;
  pacer_.StartRamp(now.steady);  // also when that it was down could not be written
  Log(LogLevel::kInfo, "dispatch.line_up",
      {{"line", parts_.options.line.value()}, {"evidence", prober_.newest()->evidence}});
}

// Level 3. The phases are looked at again when that ends the round.
Status Scheduler::SendCanary(Instant now) {
  if (!prober_.wants_canary() || !outbox_.HasRoom() || is_ordered_down_()) return {};
  if (prober_.TakesCanary(phases_.Since(Phase::kVerifying))) {
    const Result<bool> left = TryCanary(now);
    if (!left.ok()) return left.status();
    if (*left) return prober_.CanaryLeft(), Status();
    prober_.NoCanary(recoverer_.active() ? "a restored store is recovered" : "no message of its classes may go");
  }
  LookAtPhases(now);
  return {};
}

// One queued message takes the way of all others: released, recorded, looked at again, sent. False: there is none.
Result<bool> Scheduler::TryCanary(Instant now) {
  if (recoverer_.active()) return false;
  picker_.Rewind();
  for (uint32_t i = 0; i < kMostCanariesTried; ++i) {
    auto picked = PickOthersFirst(now, 1, [&](MessageClass cls) { return phases_.MaySendCanary(cls, now.wall); });
    if (picked.empty() && !picker_.more()) return false;
    std::vector<Outgoing> released = Release(std::move(picked), now.wall);
    if (released.empty()) continue;
    released.front().canary = true;
    const MessageId id = released.front().meta.gateway_id;
    const Result<uint32_t> sent = outbox_.Send(std::move(released));
    if (!sent.ok()) return sent.status();
    if (*sent == 0) continue;
    Log(LogLevel::kInfo, "dispatch.canary", {{"line", parts_.options.line.value()}, {"mtdiep", id.value()}});
    return true;
  }
  return false;
}

// At each tick, and when the phase has changed.
void Scheduler::MeasureLine() {
  const Dispatcher::View now = view();
  if (shown_phase_ == now.line.phase && look_again_) return;
  shown_phase_ = now.line.phase;
  Metrics& m = parts_.metrics;
  const std::string& line = parts_.options.line.value();
  m.GetGauge("tvan_line_phase", "0 open, 1 draining, 2 closed, 3 ramping, 4 down, 5 verifying", {{"line", line}})
      .Set(static_cast<double>(now.line.phase));
  for (const Phase phase :
       {Phase::kOpen, Phase::kDraining, Phase::kClosed, Phase::kRamping, Phase::kDown, Phase::kVerifying})
    m.GetGauge("tvan_line_in_phase", "1 for the phase that the line is in, else 0",
               {{"line", line}, {"phase", ToString(phase)}})
        .Set(now.line.phase == phase ? 1 : 0);
  for (const FaultClass fault : {FaultClass::kAuthority, FaultClass::kLine, FaultClass::kOwn, FaultClass::kOneProvider})
    m.GetGauge("tvan_line_fault", "1 for whose fault it is that the line does badly, else 0",
               {{"line", line}, {"class", ToString(fault)}})
        .Set(now.fault == fault ? 1 : 0);
  m.GetGauge("tvan_line_rate_per_second", "The pace that sending may have now", {{"line", line}}).Set(now.rate_per_s);
}

// The line as a whole: as open as its most open class.
Dispatcher::View Scheduler::view() const {
  Dispatcher::View view;
  const Time now = parts_.Now().wall;
  view.line = phases_.Line(now);
  view.phases = phases_.record();
  view.probed = prober_.newest();
  view.clock_offset = prober_.clock().offset();
  view.fault = faults_.Decide(now);
  view.fault_evidence.assign(faults_.evidence().begin(), faults_.evidence().end());
  view.rate_per_s = pacer_.rate();
  view.waiting_for_parent = picker_.waiting();
  view.recovery = recoverer_.phase();
  view.down_reason = health_.why();
  view.census = watcher_.census();
  view.drain = drain_.rates();
  if (IsSending(view.line.phase) && health_.down()) view.line.phase = Phase::kDown;
  if (view.line.phase == Phase::kOpen && pacer_.ramping()) view.line.phase = Phase::kRamping;
  return view;
}

}  // namespace tvan
