#include "gateway/calendar/phase.h"

namespace tvan {
namespace {

constexpr size_t kLongestEvidence = 500;
constexpr int kAnswered = 2;   // the level of a probe that the service answered
constexpr int kMostSteps = 8;  // open → closed → … never goes round; a bound all the same

class Machine {
 public:
  Machine(const LineState& says, const LineFacts& facts, const PhaseRules& rules)
      : says_(says), facts_(facts), rules_(rules) {}

  // One transition, or none.
  std::optional<ClassPhase> Step(const ClassPhase& p) const {
    if (says_.phase == Phase::kClosed) return ByWindow(p);
    if (facts_.clock_off) return ByClock(p);
    if (p.phase == Phase::kClosed) return Ended(p);
    if (IsSending(p.phase) && says_.open_since > p.since)
      return To(p, Phase::kVerifying, facts_.now, "a stop ended at " + FormatTime(says_.open_since) + ", unseen");
    if (p.phase == Phase::kDown || p.phase == Phase::kVerifying) return Opening(p);
    if (facts_.down) return To(p, Phase::kDown, facts_.now, *facts_.down);
    return Sending(p);
  }

  bool BrokeGlass(const ClassPhase& before) const {
    return facts_.break_glass && facts_.break_glass->at >= before.since &&
           (before.phase == Phase::kVerifying || before.phase == Phase::kDown);
  }

 private:
  ClassPhase To(const ClassPhase& from, Phase phase, Time since, const std::string& evidence) const {
    ClassPhase next{phase, since, from.window, evidence.substr(0, kLongestEvidence), from.sending_since};
    if (!IsSending(phase))
      next.sending_since = kForever;
    else if (!IsSending(from.phase))
      next.sending_since = since;
    if (phase == Phase::kDown) next.window.clear();
    return next;
  }

  std::optional<ClassPhase> ByWindow(const ClassPhase& p) const {
    if (p.phase == Phase::kClosed && p.window == says_.window) return std::nullopt;
    ClassPhase next = To(p, Phase::kClosed, facts_.now, "by its window");
    next.window = says_.window;
    return next;
  }

  std::optional<ClassPhase> ByClock(const ClassPhase& p) const {
    if (p.phase == Phase::kClosed && p.window.empty()) return std::nullopt;
    ClassPhase next = To(p, Phase::kClosed, facts_.now, *facts_.clock_off);
    next.window.clear();
    return next;
  }

  bool IsFresh(const ClassPhase& p) const { return facts_.probed && facts_.probed->at >= p.since; }
  bool Answers(const ClassPhase& p) const { return IsFresh(p) && facts_.probed->level >= kAnswered; }

  // Without a window it was closed by our clock. Nothing is known of that before the first probe of a new process.
  ClassPhase Ended(const ClassPhase& p) const {
    if (!p.window.empty()) return To(p, Phase::kVerifying, facts_.now, "the stop is over");
    if (!Answers(p))
      return To(p, Phase::kVerifying, facts_.now, "it was closed by our clock, which is compared anew since a restart");
    return To(p, Phase::kVerifying, facts_.probed->at, "our clock can be trusted again: " + facts_.probed->evidence);
  }

  std::optional<ClassPhase> Opening(const ClassPhase& p) const {
    if (BrokeGlass(p))
      return To(p, Phase::kRamping, facts_.now,
                "without green, by " + facts_.break_glass->author + ": " + facts_.break_glass->reason);
    if (facts_.down) return std::nullopt;
    if (p.phase == Phase::kDown && !Answers(p)) return std::nullopt;
    if (p.phase == Phase::kDown)
      return To(p, Phase::kVerifying, facts_.probed->at, "it answers again: " + facts_.probed->evidence);
    if (!IsFresh(p) || !facts_.probed->green || !MayOpen()) return std::nullopt;
    return To(p, Phase::kRamping, facts_.now, facts_.probed->evidence);
  }

  bool MayOpen() const {
    return rules_.open_policy == OpenPolicy::kGreenAfterPlannedEnd || !says_.verify_until ||
           facts_.now >= *says_.verify_until;
  }

  std::optional<ClassPhase> Sending(const ClassPhase& p) const {
    if (p.phase == Phase::kRamping)
      return facts_.ramped ? std::optional(To(p, Phase::kOpen, facts_.now, "the pace is full")) : std::nullopt;
    if (p.phase == says_.phase && p.window == says_.window) return std::nullopt;
    if (p.phase == Phase::kOpen && says_.phase == Phase::kOpen) return std::nullopt;
    const bool draining = says_.phase == Phase::kDraining;
    ClassPhase next = To(p, says_.phase, facts_.now,
                         draining ? "a stop begins at " + FormatTime(says_.next_stop) : "no stop is near any more");
    next.window = says_.window;
    return next;
  }

  const LineState& says_;
  const LineFacts& facts_;
  const PhaseRules& rules_;
};

// Behind a stop it begins verifying: nobody knows what the line was before.
ClassPhase First(const LineState& says, Time now) {
  ClassPhase first{says.phase, now, says.window, "first record of this line", now};
  if (says.phase != Phase::kClosed && says.open_since.us != 0) first.phase = Phase::kVerifying;
  if (!IsSending(first.phase)) first.sending_since = kForever;
  return first;
}

}  // namespace

ClassPhase NextPhase(const std::optional<ClassPhase>& before, const LineState& says, const LineFacts& facts,
                     const PhaseRules& rules) {
  const Machine machine(says, facts, rules);
  ClassPhase phase = before ? *before : First(says, facts.now);
  for (int i = 0; i < kMostSteps; ++i) {
    std::optional<ClassPhase> next = machine.Step(phase);
    if (!next) break;
    // What an operator opened stays open for a step: whoever sends forgives the line what it was down for.
    const bool by_hand = next->phase == Phase::kRamping && machine.BrokeGlass(phase);
    phase = std::move(*next);
    if (by_hand) break;
  }
  return phase;
}

}  // namespace tvan
