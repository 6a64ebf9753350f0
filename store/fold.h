#pragma once
// The rules of a message's life, pure: given where a message stands and what happened, where it stands then and which
// event says so. Every backend uses these, so that none can differ. A Status that is not OK changes nothing:
// store.stage (permanent) when the stage does not allow it.

#include <optional>
#include <string>

#include "store/operations.h"

namespace tvan {

// kQueued, kInDoubt, kSent, kAcknowledged → kSending, one more attempt.
Status FoldAttempt(const AttemptIntent& intent, MessageMeta& meta, Event& event);

// What a settlement did. kNothing: it belongs to an older attempt; nothing changes, no event.
enum class Fold { kNothing, kEventOnly, kMoved };
// kSending → kSent | kQueued | kInDoubt. A message that an answer already moved on keeps its stage.
Fold FoldSettlement(const Settlement& settlement, MessageMeta& meta, Event& event);

// store.stage: not in `from`; or the stage is final; or `to` is kSending (attempts only) or kWithdrawn (withdrawals
// only). Without `to` the event alone is appended, at any stage.
Status FoldChange(const StageChange& change, MessageMeta& meta, Event& event);

// kQueued, kHeld → kWithdrawn, if no attempt was ever recorded.
Status FoldWithdrawal(const WithdrawRequest& request, MessageMeta& meta, Event& event);

// An answer never fails: it moves the stage forward or only appends its event.
Fold FoldAnswer(const AnswerEffect& effect, const std::string& answer_id, Time at, MessageMeta& meta, Event& event);

// What a move of the stage does to the invoice keys that the message claims.
enum class ClaimAct { kKeep, kRelease, kReclaim };
// Refused and withdrawn release; a later real answer after a refusal takes them again where they are still free.
ClaimAct ClaimsAfter(Stage before, Stage after);

// Messages in these stages count as buffered: they wait with us.
inline bool IsWaiting(Stage s) { return s == Stage::kQueued || s == Stage::kHeld; }

}  // namespace tvan
