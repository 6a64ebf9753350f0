#pragma once
// What an open message that was sent, or may have been, needs now (P3): in doubt → search, settle time, resend, from
// the second doubt on alone, and at last a person; silent → alarm, search, then by switch; only a 999 → search, then a
// person (and a few searches more, as often as t_999_only). Pure: decided from the stored message and its event log, so
// that a restart forgets nothing.

#include <deque>
#include <vector>

#include "gateway/dispatch/dispatcher.h"

namespace tvan {

// What is known of the line. Its clocks stop while it is not open.
struct WatchFacts {
  Time now;
  Time open_since;  // open and up without a break since then, as this process has seen it; kForever: not open
  Span not_open{};  // how much of [stage_since, now] it was not open
  Span settle{};    // in_doubt_settle
  uint32_t max_system_codes = 5;
  const std::deque<Time>* takes = nullptr;  // when the line took messages; borrowed, none: not known
};

enum class WatchStep {
  kNothing,
  kSilent,    // write the event, raise the alarm; a search follows
  kSearch,    // read the answers again
  kResend,    // the same bytes under the same MTDiep
  kWorkItem,  // a person must look
};
struct WatchVerdict {
  WatchStep step = WatchStep::kNothing;
  Reason reason;       // kWorkItem
  bool alone = false;  // kResend: in a request of its own, it may be what makes a request fail
};

// How long it has been in its stage while the line was open.
Span Waited(const MessageMeta& message, const WatchFacts& facts);
// Where it stands, by the same clocks as Watch; needs no event log.
Standing StandingOf(const MessageMeta& message, const WatchFacts& facts, const ClassPolicy& policy);
// True: too young to need its event log. Cheap, for scanning.
bool NothingYet(const MessageMeta& message, const WatchFacts& facts, const ClassPolicy& policy);
WatchVerdict Watch(const MessageMeta& message, const std::vector<Event>& events, const WatchFacts& facts,
                   const ClassPolicy& policy);

}  // namespace tvan
