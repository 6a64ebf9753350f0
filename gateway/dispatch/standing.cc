#include "gateway/dispatch/standing.h"

#include <array>
#include <utility>

#include "gateway/dispatch/release.h"
#include "gateway/dispatch/watch_rules.h"

namespace tvan {
namespace {

struct Word {
  StandingKind kind;
  const char* word;
  Stage stage;
};
constexpr std::array<Word, 10> kWords = {{{StandingKind::kQueued, "queued", Stage::kQueued},
                                          {StandingKind::kHeld, "held", Stage::kHeld},
                                          {StandingKind::kSending, "sending", Stage::kSending},
                                          {StandingKind::kInDoubt, "in_doubt", Stage::kInDoubt},
                                          {StandingKind::kUn999d, "un_999d", Stage::kSent},
                                          {StandingKind::kSilent, "silent", Stage::kSent},
                                          {StandingKind::kAfterT2, "after_t2", Stage::kSent},
                                          {StandingKind::kOnly999, "only_999", Stage::kAcknowledged},
                                          {StandingKind::kOnly999Overdue, "only_999_overdue", Stage::kAcknowledged},
                                          {StandingKind::kWorkItem, "work_item", Stage::kWorkItem}}};

const char* AtT2(const ClassPolicy& policy) {
  if (policy.resend == ResendMode::kAsk) return "ask";
  return policy.resend == ResendMode::kAutomatic && policy.max_resends > 0 ? "resend" : "work_item";
}

// Due after so much of open time; while the line is not open nobody can say when that is.
Time DueAt(const MessageMeta& m, Span after, const WatchFacts& facts) {
  return facts.open_since == kForever ? kForever : facts.now + (after - Waited(m, facts));
}

Standing OfSent(const MessageMeta& m, const WatchFacts& facts, const ClassPolicy& policy) {
  const Span waited = Waited(m, facts);
  if (waited < policy.t1_silent) return {StandingKind::kUn999d, "alarm", DueAt(m, policy.t1_silent, facts)};
  const bool after_t2 = waited >= policy.t2_resend;
  return {after_t2 ? StandingKind::kAfterT2 : StandingKind::kSilent, AtT2(policy), DueAt(m, policy.t2_resend, facts)};
}

Standing OfAcknowledged(const MessageMeta& m, const WatchFacts& facts, const ClassPolicy& policy) {
  const bool overdue = Waited(m, facts) >= policy.t_999_only;
  return {overdue ? StandingKind::kOnly999Overdue : StandingKind::kOnly999, "work_item",
          DueAt(m, policy.t_999_only, facts)};
}

}  // namespace

const char* ToString(StandingKind kind) {
  for (const Word& w : kWords)
    if (w.kind == kind) return w.word;
  return "unknown";
}

std::optional<StandingKind> ParseStanding(std::string_view word) {
  for (const Word& w : kWords)
    if (w.word == word) return w.kind;
  return std::nullopt;
}

Stage StageOf(StandingKind kind) {
  for (const Word& w : kWords)
    if (w.kind == kind) return w.stage;
  return Stage::kQueued;
}

std::vector<std::string> DecisionsFor(Stage stage) {
  if (stage == Stage::kHeld) return {"release", "give_up"};
  if (stage == Stage::kWorkItem) return {"resend", "give_up"};
  return {};
}

Standing StandingOf(const MessageMeta& m, const WatchFacts& facts, const ClassPolicy& policy) {
  switch (m.stage) {
    case Stage::kHeld:
      return {StandingKind::kHeld, OwnerOfHold(m.reason)};
    case Stage::kSending:
      return {StandingKind::kSending, ""};
    case Stage::kInDoubt:
      return {StandingKind::kInDoubt, "search"};
    case Stage::kSent:
      return OfSent(m, facts, policy);
    case Stage::kAcknowledged:
      return OfAcknowledged(m, facts, policy);
    case Stage::kWorkItem:
      return {StandingKind::kWorkItem, "operator"};
    default:
      return {};
  }
}

}  // namespace tvan
