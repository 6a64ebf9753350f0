#include "store/fold.h"

namespace tvan {
namespace {

void MoveTo(Stage stage, Time at, const std::string& reason, MessageMeta& meta) {
  if (stage != meta.stage) meta.stage_since = at;
  meta.stage = stage;
  const bool explained = stage == Stage::kHeld || stage == Stage::kInDoubt || stage == Stage::kWorkItem ||
                         stage == Stage::kRefused || stage == Stage::kQueued;
  meta.reason = explained ? reason : std::string();
}

// Progress of a message: a stage moves to a higher rank only (operations of attempts and operators apart).
int Rank(Stage stage) {
  if (IsFinal(stage)) return 3;
  if (stage == Stage::kWorkItem) return 2;
  return stage == Stage::kAcknowledged ? 1 : 0;
}

bool MovesForward(const AnswerEffect& effect, Stage now) {
  const Stage then = *effect.stage;
  if (Rank(then) > Rank(now)) return true;
  // P3: a later real answer wins over a refusal.
  return now == Stage::kRefused && effect.event == EventKind::kAnswer &&
         (then == Stage::kAnswered || then == Stage::kPartly);
}

// A system code names no attempt. After a single one it speaks of that one: the message goes back to its queue. After
// several it may be an old one's: only a search can tell, so the message is in doubt.
Stage BackTo(const MessageMeta& meta) { return meta.attempts > 1 || meta.restored ? Stage::kInDoubt : Stage::kQueued; }

// An acknowledged message has newer news than a system code; a final one or a work item all the more.
bool CanGoBack(Stage stage) { return stage == Stage::kSent || stage == Stage::kInDoubt; }

Status WrongStage(const MessageMeta& meta, const char* what) {
  return Status::Permanent("store.stage"_reason, meta.gateway_id.value() + " is " + ToString(meta.stage) + ": " + what);
}

}  // namespace

Status FoldAttempt(const AttemptIntent& intent, MessageMeta& meta, Event& event) {
  if (intent.from && *intent.from != meta.stage) return WrongStage(meta, "another stage was expected");
  const bool allowed = meta.stage == Stage::kQueued || meta.stage == Stage::kInDoubt || meta.stage == Stage::kSent ||
                       meta.stage == Stage::kAcknowledged;
  if (!allowed) return WrongStage(meta, "no attempt may begin");
  if (meta.attempts == 0 || meta.last_line != intent.line.value()) meta.search_from = intent.search_from;
  ++meta.attempts;
  meta.last_attempt_at = intent.at;
  meta.last_not_after = intent.not_after;
  meta.last_line = intent.line.value();
  meta.turned_back = 0;
  MoveTo(Stage::kSending, intent.at, {}, meta);
  event = Event{.kind = EventKind::kAttempt, .at = intent.at, .attempt = meta.attempts, .detail = intent.line.value()};
  if (!intent.contract.empty()) event.detail += "; contract: " + intent.contract;
  return {};
}

Fold FoldSettlement(const Settlement& settlement, MessageMeta& meta, Event& event) {
  if (settlement.attempt != meta.attempts || meta.attempts == 0) return Fold::kNothing;
  using Outcome = Settlement::Outcome;
  const EventKind kind = settlement.outcome == Outcome::kSent      ? EventKind::kSent
                         : settlement.outcome == Outcome::kNotSent ? EventKind::kNotSent
                                                                   : EventKind::kInDoubt;
  event = Event{.kind = kind,
                .at = settlement.at,
                .attempt = settlement.attempt,
                .reason = settlement.reason,
                .detail = settlement.detail};
  if (meta.stage != Stage::kSending) return Fold::kEventOnly;
  const Stage to = meta.turned_back == settlement.attempt    ? BackTo(meta)
                   : settlement.outcome == Outcome::kSent    ? Stage::kSent
                   : settlement.outcome == Outcome::kNotSent ? Stage::kQueued
                                                             : Stage::kInDoubt;
  MoveTo(to, settlement.at, settlement.reason, meta);
  return Fold::kMoved;
}

Status FoldChange(const StageChange& change, MessageMeta& meta, Event& event) {
  if (change.from && *change.from != meta.stage) return WrongStage(meta, "another stage was expected");
  if (change.to) {
    if (IsFinal(meta.stage)) return WrongStage(meta, "a final stage stays");
    if (*change.to == Stage::kSending) return WrongStage(meta, "only an attempt makes it sending");
    if (*change.to == Stage::kWithdrawn) return WrongStage(meta, "only its provider withdraws it");
    MoveTo(*change.to, change.at, change.reason, meta);
  }
  event = Event{.kind = change.event,
                .at = change.at,
                .attempt = meta.attempts,
                .reason = change.reason,
                .detail = change.detail};
  return {};
}

Status FoldWithdrawal(const WithdrawRequest& request, MessageMeta& meta, Event& event) {
  if (meta.restored) return WrongStage(meta, "it may have been sent before the store was restored");
  if (meta.attempts > 0 || !IsWaiting(meta.stage)) return WrongStage(meta, "it cannot be withdrawn after an attempt");
  MoveTo(Stage::kWithdrawn, request.at, {}, meta);
  event = Event{.kind = EventKind::kWithdrawn, .at = request.at, .proof = request.proof};
  return {};
}

Fold FoldAnswer(const AnswerEffect& effect, const std::string& answer_id, Time at, MessageMeta& meta, Event& event) {
  event = Event{.kind = effect.event,
                .at = at,
                .attempt = meta.attempts,
                .reason = effect.reason,
                .detail = effect.detail,
                .answer_id = answer_id};
  if (effect.back_to_queue) {
    if (meta.stage == Stage::kSending) meta.turned_back = meta.attempts;  // goes back when this attempt is settled
    if (!CanGoBack(meta.stage)) return Fold::kEventOnly;
    MoveTo(BackTo(meta), at, effect.reason, meta);
    return Fold::kMoved;
  }
  if (!effect.stage || !MovesForward(effect, meta.stage)) return Fold::kEventOnly;
  MoveTo(*effect.stage, at, effect.reason, meta);
  return Fold::kMoved;
}

ClaimAct ClaimsAfter(Stage before, Stage after) {
  const auto free = [](Stage s) { return s == Stage::kRefused || s == Stage::kWithdrawn; };
  if (free(after) && !free(before)) return ClaimAct::kRelease;
  if (free(before) && !free(after)) return ClaimAct::kReclaim;
  return ClaimAct::kKeep;
}

}  // namespace tvan
