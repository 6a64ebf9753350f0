#pragma once
// Where an open message stands on its way through silence and doubt (P3), in words for people and machines, and how
// many stand where. Plain values and pure functions.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/core/envelope.h"
#include "gateway/core/ids.h"
#include "gateway/core/time.h"
#include "store/stages.h"

namespace tvan {

// | word             | what it says                                                        | what follows            |
// | queued, held     | as the stage                                                        | –                       |
// | sending          | an attempt is recorded and not settled                              | the line's answer       |
// | in_doubt         | the outcome of an attempt is unknown                                | search, then resend     |
// | un_999d          | the line took it; neither 999 nor answer, and T1 has not passed     | alarm and search at T1  |
// | silent           | T1 has passed: alarmed, searched for; it waits for T2               | at T2, by the switch    |
// | after_t2         | T2 has passed: the last search, on a line that is proven well       | resend, or a person     |
// | only_999         | acknowledged, no answer yet                                         | a work item at its T    |
// | only_999_overdue | its T has passed: the last search                                   | a person                |
// | work_item        | a person must decide                                                | by the operator         |
enum class StandingKind {
  kQueued,
  kHeld,
  kSending,
  kInDoubt,
  kUn999d,
  kSilent,
  kAfterT2,
  kOnly999,
  kOnly999Overdue,
  kWorkItem,
};
const char* ToString(StandingKind kind);
std::optional<StandingKind> ParseStanding(std::string_view word);
Stage StageOf(StandingKind kind);

struct Standing {
  StandingKind kind = StandingKind::kQueued;
  std::string_view next{};  // alarm, ask, resend, work_item, search; by an operator: operator; else empty
  Time next_at = kForever;  // not before; kForever: by somebody's word, or the clocks stand still
};

// What an operator may decide about a message in this stage: resend, release, give_up. Empty: nothing.
std::vector<std::string> DecisionsFor(Stage stage);

// The watched messages of one standing, class and reason.
struct CensusRow {
  StandingKind kind = StandingKind::kInDoubt;
  MessageClass cls = MessageClass::kUncoded;
  std::string reason{};  // of in_doubt, held and work_item
  uint64_t messages = 0;
  Time oldest_accepted_at{}, oldest_since{};  // of the stage
  std::string next{};
  Time next_at = kForever;  // the earliest
};

// A message whose record cannot be read: it cannot be sent, others go on without it.
struct UnreadableRow {
  std::string place;  // the stage, or the queue as provider/class
  uint64_t acceptance = 0;
  MessageId gateway_id{};
  Time seen_at{};
  std::string status{};
};

struct Census {
  Time at{};  // the youngest count
  std::vector<CensusRow> rows{};
  std::vector<UnreadableRow> unreadable{};
  std::vector<std::pair<ProviderId, uint64_t>> un_999d{};  // messages of each provider that were sent, without a 999
  // Acknowledged messages without an answer, by the minute until which law wants it; kForever: no term is known.
  std::vector<std::pair<Time, uint64_t>> answers_due{};
};

}  // namespace tvan
