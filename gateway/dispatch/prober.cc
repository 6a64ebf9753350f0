#include "gateway/dispatch/prober.h"

#include <algorithm>

#include "gateway/core/log.h"
#include "gateway/dispatch/line_phases.h"

namespace tvan {
namespace {

// By what failed: a connection is level 1, an answer of the service level 2. Of what came too late nothing is known.
int LevelOf(const Status& status) {
  const bool unconnected = status.reason() == "line.connect"_reason || status.reason() == "line.tls"_reason;
  return unconnected || IsTooLate(status) ? 0 : 1;
}

std::string EvidenceOf(const Status& status) {
  if (IsTooLate(status)) return "not probed: " + status.ToString();
  return (LevelOf(status) == 0 ? "L1 failed: " : "L1 green, L2 failed: ") + status.ToString();
}

// Until when its first byte may leave: before the last class stops. 0: windows close every class.
Time ProbeUntil(const DispatchParts& parts, Time now) {
  Time until{};
  for (const MessageClass cls : kSentClasses) {
    const LineState state = parts.calendar.At(parts.options.line, cls, now);
    const bool by_window = state.phase == Phase::kClosed && !state.window.empty();
    if (!by_window) until = std::max(until, state.not_after);
  }
  return std::min(until, now + parts.options.send_timeout);
}

}  // namespace

Prober::Prober(DispatchParts& parts, std::function<void()> wake)
    : parts_(parts), wake_(std::move(wake)), clock_(parts.calendar.rules(), parts.options.line, parts.metrics) {
  Executor::Options options;
  options.name = "line-probe";
  options.queue_limit = 1;
  pool_ = Executor::Make(options, parts.clock, parts.metrics);
}

bool Prober::IsDue(Instant now, const Wish& wish) const {
  if (!wish.allowed || probing_ || wants_canary_ || canary_out_) return false;
  if (wish.tries_again || !began_ || began_->wall < wish.verifying_since) return true;
  return now.steady >= NextDue(now, wish);
}

Steady Prober::NextDue(Instant now, const Wish& wish) const {
  if (!wish.allowed || probing_ || wants_canary_ || canary_out_) return kSteadyForever;  // its end wakes
  if (!began_) return now.steady;
  const bool often = wish.verifying_since.us != 0 || clock_.off();
  const Span every = often ? parts_.options.probe_every : parts_.options.clock_probe_every;
  return every == Span(0) ? kSteadyForever : began_->steady + every;
}

bool Prober::Begin(Instant now, const Wish& wish) {
  if (!IsDue(now, wish)) return false;
  probing_ = pool_->TrySubmit([this] {
    // Looked at once more: it may have waited, and a window may have come. By Wall(), as all that is decided: a clock
    // that ran ahead and was put right is still ahead there, and must not open the line.
    const Instant now = parts_.Now();
    const Time until = ProbeUntil(parts_, now.wall);
    const bool closed = now.wall >= until;
    Answer answer{closed ? Result<ProbeReport>(Status::Transient("dispatch.closed"_reason, "a window closes the line"))
                         : parts_.channel.Probe(SteadyAt(until, now)),
                  parts_.Wall()};
    {
      const std::lock_guard lock(mutex_);
      answer_ = std::move(answer);
    }
    wake_();
  });
  began_ = now;
  return probing_;
}

std::optional<Status> Prober::Take() {
  std::optional<Answer> answer;
  {
    const std::lock_guard lock(mutex_);
    answer.swap(answer_);
  }
  if (!answer) return std::nullopt;
  probing_ = false;
  const Status status = answer->report.status();
  newest_ = ProbeRound{began_->wall, false, LevelOf(status), EvidenceOf(status)};
  if (!status.ok()) {
    Log(LogLevel::kWarning, "dispatch.probe", {{"line", parts_.options.line.value()}, {"status", status.ToString()}});
    return status;
  }
  clock_.Take(*answer->report, answer->ended);
  newest_->level = 2;
  newest_->evidence = "L1 and L2 green: " + answer->report->evidence;
  if (clock_.off()) {
    newest_->evidence += "; " + *clock_.off();
    return status;
  }
  wants_canary_ = !parts_.options.canary_classes.empty();
  newest_->green = !wants_canary_;
  return status;
}

bool Prober::TakesCanary(Time verifying_since) {
  if (canary_ && (verifying_since.us == 0 || canary_->round < verifying_since)) canary_.reset();
  if (!canary_ || (!canary_->green && began_->steady >= canary_->again)) return true;
  wants_canary_ = false;
  newest_->green = canary_->green;
  newest_->level = canary_->green ? 3 : 2;
  newest_->evidence += "; " + canary_->showed;
  return false;
}

void Prober::CanaryEnded(const Status& status) {
  canary_out_ = false;
  newest_->green = status.ok();
  newest_->level = status.ok() ? 3 : 2;
  newest_->evidence += status.ok() ? "; L3 green: the canary was taken" : "; L3 failed: " + status.ToString();
  const uint32_t reds = status.ok() ? 0 : canary_ ? canary_->reds + 1 : 1;
  const Span longest = std::max(parts_.options.probe_every, parts_.options.backoff_max);
  Span rest = parts_.options.probe_every;
  for (uint32_t i = 1; i < reds && rest < longest; ++i) rest = std::min(2 * rest, longest);
  const std::string at = FormatTime(newest_->at);
  canary_ = Canary{newest_->at, status.ok(), reds, began_->steady + rest,
                   status.ok() ? "L3 green: a canary was taken in the round of " + at
                               : "L3 failed in the round of " + at + ", again from " + FormatTime(newest_->at + rest) +
                                     ": " + status.ToString()};
}

void Prober::NoCanary(const std::string& why) {
  wants_canary_ = false;
  newest_->green = true;
  newest_->evidence += "; no canary: " + why;
}

}  // namespace tvan
