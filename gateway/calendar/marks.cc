#include "gateway/calendar/marks.h"

#include <algorithm>

namespace tvan {
namespace {

constexpr Span kBack = std::chrono::hours(24 * 33);  // the longest stop, with its check
constexpr Span kAfter = std::chrono::hours(1);       // for the all-clear
constexpr Span kAhead = std::chrono::hours(24 * 35);

Time SettledAt(const Window& w) { return std::max(EndOf(w), w.verify_until.value_or(Time{})); }

NightMark ByClock(MarkKind kind, Time at, Time now) {
  return {kind, at, now >= at ? MarkState::kPassed : MarkState::kToCome};
}

NightMark ContactMark(const NightFacts& facts) {
  const bool done = facts.contact == ContactState::kSent || facts.contact == ContactState::kNotNeeded;
  const bool late = facts.contact == ContactState::kOverdue;
  return {MarkKind::kContactDue, facts.contact_due,
          done   ? MarkState::kPassed
          : late ? MarkState::kOverdue
                 : MarkState::kToCome};
}

NightMark NormalMark(const Window& w, const NightFacts& facts) {
  const bool open = facts.phase == Phase::kOpen || facts.phase == Phase::kDraining;
  MarkState state = MarkState::kToCome;
  if (facts.now >= EndOf(w) && open)
    state = MarkState::kPassed;
  else if (w.verify_until && facts.now >= *w.verify_until)
    state = MarkState::kOverdue;
  return {MarkKind::kNormal, w.verify_until, state};
}

bool Earlier(const NightMark& left, const NightMark& right) {
  return left.at.value_or(kForever) < right.at.value_or(kForever);
}

}  // namespace

std::array<NightMark, 6> MarksOf(const Window& w, const NightFacts& facts) {
  const auto noticed = w.created_at.us == 0 ? std::nullopt : std::optional(w.created_at);
  std::array<NightMark, 6> marks = {NightMark{MarkKind::kNotice, noticed, MarkState::kPassed},
                                    ContactMark(facts),
                                    ByClock(MarkKind::kDrain, w.start - facts.drain_before, facts.now),
                                    ByClock(MarkKind::kStop, w.start, facts.now),
                                    ByClock(MarkKind::kVerify, EndOf(w), facts.now),
                                    NormalMark(w, facts)};
  NightMark* next = nullptr;
  for (NightMark& mark : marks)
    if (mark.state == MarkState::kToCome && (next == nullptr || Earlier(mark, *next))) next = &mark;
  if (next != nullptr) next->state = MarkState::kNext;
  return marks;
}

std::optional<Window> NightOf(const std::vector<Window>& windows, const LineId& line, Time now,
                              const std::string& unsettled, bool rehearsals) {
  std::optional<Window> going_on, next;
  for (Window& w : ClosingWindows(windows, now - kBack, now + kAhead, rehearsals)) {
    if (!w.line.empty() && w.line != line) continue;
    if (!unsettled.empty() && w.id == unsettled) return w;
    const bool over = now >= SettledAt(w) + kAfter;
    if (w.start > now) {
      if (!next) next = std::move(w);  // they come in order of start
    } else if (!over && (!going_on || EndOf(*going_on) < EndOf(w))) {
      going_on = std::move(w);
    }
  }
  const bool soon = next && next->start - now < kAfter;
  const bool settled = going_on && now >= SettledAt(*going_on);
  return going_on && !(settled && soon) ? going_on : next;
}

}  // namespace tvan
