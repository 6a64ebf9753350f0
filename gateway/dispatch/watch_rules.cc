#include "gateway/dispatch/watch_rules.h"

#include <algorithm>

#include "gateway/dispatch/system_codes.h"

namespace tvan {
namespace {

constexpr uint32_t kWorkItemSearches = 3;  // of one work item
constexpr uint32_t kDoubtsToGoAlone = 2;   // in a row
constexpr uint32_t kFewestDoubts = 3;      // before a person is asked

// The last event of a kind in the present stage; 0: none.
Time Last(const std::vector<Event>& events, EventKind kind, Time since) {
  Time last{};
  for (const Event& e : events)
    if (e.kind == kind && e.at >= since) last = std::max(last, e.at);
  return last;
}

// How often the line said OK since a system code last turned the message back: that was no silence.
uint32_t SentInARow(const std::vector<Event>& events) {
  uint32_t sent = 0;
  for (const Event& e : events) {
    if (e.reason == kSystemCode.text()) sent = 0;
    sent += e.kind == EventKind::kSent ? 1 : 0;
  }
  return sent;
}

// The line never saw a byte of this attempt: that says nothing about the message.
bool DidNotLeave(const Event& e) {
  return e.reason == "dispatch.closed" || e.reason == "line.not_after" || e.reason == "line.connect" ||
         e.reason == "line.tls";
}

// With one that a lost life of the store may have made.
uint32_t Attempts(const MessageMeta& m) { return m.attempts + (m.restored ? 1 : 0); }

struct Doubts {
  uint32_t count = 0;  // attempts in doubt since the line, or an operator, last took the message on
  Time last, before_last;
};
Doubts DoubtsOf(const std::vector<Event>& events) {
  Doubts doubts;
  for (const Event& e : events) {
    if (e.kind == EventKind::kSent || e.kind == EventKind::kResolved) doubts = {};
    if (e.kind == EventKind::kInDoubt && !DidNotLeave(e)) doubts = {doubts.count + 1, e.at, doubts.last};
  }
  return doubts;
}

// A search counts when it came after `due` on a line that had been open for the settle time; after it the settle time
// passes once more before anything is done ("not found" just after an outage proves nothing).
WatchVerdict SearchThen(Time due, Time searched, const WatchFacts& facts, WatchVerdict then) {
  const Time proven = std::max(due, facts.open_since + facts.settle);
  if (facts.now < proven) return {};
  if (searched < proven) return {WatchStep::kSearch, {}};
  if (facts.now < searched + facts.settle) return {};
  return then;
}

WatchVerdict AfterT2(const std::vector<Event>& events, const ClassPolicy& policy) {
  if (policy.resend == ResendMode::kOff) return {WatchStep::kWorkItem, "dispatch.silent"_reason};
  if (policy.resend == ResendMode::kAsk) return {WatchStep::kWorkItem, "dispatch.silent_ask"_reason};
  // The first "the line said OK" is the send itself, every other one a resend.
  if (SentInARow(events) > policy.max_resends) return {WatchStep::kWorkItem, "dispatch.silent_resends_spent"_reason};
  return {WatchStep::kResend, {}};
}

WatchVerdict WatchSent(const MessageMeta& m, const std::vector<Event>& events, const WatchFacts& facts,
                       const ClassPolicy& policy) {
  const Span waited = Waited(m, facts);
  if (waited < policy.t1_silent) return {};
  if (Last(events, EventKind::kSilent, m.stage_since).us == 0) return {WatchStep::kSilent, {}};
  const Time searched = Last(events, EventKind::kSearched, m.stage_since);
  if (waited < policy.t2_resend) return searched.us != 0 ? WatchVerdict{} : SearchThen({}, searched, facts, {});
  const Time t2 = facts.now - (waited - policy.t2_resend);
  return SearchThen(t2, searched, facts, AfterT2(events, policy));
}

WatchVerdict WatchAcknowledged(const MessageMeta& m, const std::vector<Event>& events, const WatchFacts& facts,
                               const ClassPolicy& policy) {
  const Span waited = Waited(m, facts);
  const Time searched = Last(events, EventKind::kSearched, m.stage_since);
  if (waited >= policy.t_999_only) {
    const Time due = facts.now - (waited - policy.t_999_only);
    return SearchThen(due, searched, facts, {WatchStep::kWorkItem, "dispatch.only_999"_reason});
  }
  // After a resend the 999 may only say that an earlier copy arrived: its answer may have been missed.
  if (Attempts(m) < 2 || searched.us != 0) return {};
  return SearchThen(m.stage_since, searched, facts, {});
}

// A person has it; still the line is read again a few times, since an answer that was missed may be all it needs.
WatchVerdict WatchWorkItem(const MessageMeta& m, const std::vector<Event>& events, const WatchFacts& facts,
                           const ClassPolicy& policy) {
  const auto searches = std::count_if(events.begin(), events.end(), [&m](const Event& e) {
    return e.kind == EventKind::kSearched && e.at >= m.stage_since;
  });
  if (searches >= kWorkItemSearches) return {};
  const Time searched = Last(events, EventKind::kSearched, m.stage_since);
  return SearchThen(std::max(m.stage_since, searched) + policy.t_999_only, searched, facts, {});
}

// The line took others between the last two doubts: it was well, and this message failed again.
bool OthersPassed(const Doubts& doubts, const WatchFacts& facts) {
  return facts.takes != nullptr && std::any_of(facts.takes->begin(), facts.takes->end(), [&doubts](Time t) {
           return doubts.before_last <= t && t <= doubts.last;
         });
}

// A message that never settles while the line takes others is a person's matter; when the line takes nothing at all it
// is given twice the time, since the line may be what is ill.
WatchVerdict WatchInDoubt(const MessageMeta& m, const std::vector<Event>& events, const WatchFacts& facts,
                          const ClassPolicy& policy) {
  const Doubts doubts = DoubtsOf(events);
  const uint32_t most = std::max(kFewestDoubts, policy.max_resends + 1);
  const bool others_pass = doubts.count >= most && OthersPassed(doubts, facts);
  WatchVerdict then{WatchStep::kResend, {}, doubts.count >= kDoubtsToGoAlone};
  if (doubts.count >= (others_pass ? most : 2 * most)) then = {WatchStep::kWorkItem, "dispatch.never_settles"_reason};
  const CodesMet met = CodesMetBy(events);
  then.alone = then.alone || met.marks > 0;
  if (met.marks >= facts.max_system_codes) then = {WatchStep::kWorkItem, "dispatch.system_code_again"_reason};
  const Time searched = Last(events, EventKind::kSearched, m.stage_since);
  // What meets a system code while others do not rests longer each time.
  const Span rest = facts.settle * (1 << std::min(met.marks, 5U));
  return SearchThen(m.stage_since + rest, searched, facts, then);
}

}  // namespace

Span Waited(const MessageMeta& m, const WatchFacts& facts) { return facts.now - m.stage_since - facts.not_open; }

bool NothingYet(const MessageMeta& m, const WatchFacts& facts, const ClassPolicy& policy) {
  if (facts.open_since == kForever) return true;
  const Span age = facts.now - m.stage_since;
  if (m.stage == Stage::kSent) return age < policy.t1_silent;
  if (m.stage == Stage::kAcknowledged) return Attempts(m) < 2 && age < policy.t_999_only;
  if (m.stage == Stage::kWorkItem) return Attempts(m) == 0 || age < policy.t_999_only;
  return m.stage != Stage::kInDoubt || age < facts.settle;
}

WatchVerdict Watch(const MessageMeta& m, const std::vector<Event>& events, const WatchFacts& facts,
                   const ClassPolicy& policy) {
  if (NothingYet(m, facts, policy)) return {};
  if (m.stage == Stage::kSent) return WatchSent(m, events, facts, policy);
  if (m.stage == Stage::kAcknowledged) return WatchAcknowledged(m, events, facts, policy);
  if (m.stage == Stage::kWorkItem) return WatchWorkItem(m, events, facts, policy);
  return WatchInDoubt(m, events, facts, policy);
}

}  // namespace tvan
