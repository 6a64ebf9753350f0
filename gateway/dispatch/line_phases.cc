#include "gateway/dispatch/line_phases.h"

#include <algorithm>
#include <utility>

#include "gateway/calendar/line_now.h"
#include "gateway/core/log.h"

namespace tvan {
namespace {

constexpr size_t kMostPauses = 256;
constexpr uint32_t kMostRecords = 1024;  // read at the start: the pauses kept, and some
constexpr Span kStoreRetry = std::chrono::seconds(1);
constexpr Span kAlarmAgain = std::chrono::minutes(5);
constexpr Span kProbeLasts = std::chrono::seconds(15);  // to its last byte: connection, handshake, and some

}  // namespace

LineStates StatesOf(const DispatchParts& parts, Time now) {
  LineStates states;
  for (const MessageClass cls : kSentClasses) states[cls] = parts.calendar.At(parts.options.line, cls, now);
  return states;
}

LineState MostOpen(const LineStates& states, Time now) {
  const LineState* most = &states.begin()->second;
  for (const auto& [cls, state] : states) {
    const auto rank = [now](const LineState& s) {
      return std::pair(Openness(s.phase), IsSending(s.phase) && !IsClosed(s, now));
    };
    if (rank(state) > rank(*most)) most = &state;
  }
  return *most;
}

LinePhases::LinePhases(DispatchParts& parts)
    : parts_(parts),
      not_green_(parts.metrics.GetGauge("tvan_line_not_green",
                                        "1 while the line is verified past its time without green probes",
                                        {{"line", parts.options.line.value()}})),
      record_(parts.calendar.Phases(parts.options.line)) {
  parts.latest->Of(record_.at);
  ReadHistory();
  Look(parts.Wall());
}

void LinePhases::ReadHistory() {
  auto history = parts_.calendar.PhaseHistory(parts_.options.line, {.limit = kMostRecords});
  if (!history.ok()) {
    Log(LogLevel::kWarning, "dispatch.phase_history", {{"status", history.status().ToString()}});
    history = std::vector<PhaseRecord>{record_};
  }
  if (!history->empty() && history->front().epoch > 1) unknown_until_ = history->front().at;
  for (const PhaseRecord& record : *history) Note(record);
}

void LinePhases::Look(Time now) { states_ = StatesOf(parts_, now); }

bool LinePhases::Write(Instant now, const LineFacts& facts) {
  const Result<bool> changed = parts_.calendar.Advance(parts_.options.line, facts);
  if (!changed.ok()) {
    retry_ = now.steady + kStoreRetry;
    Log(LogLevel::kError, "dispatch.phase",
        {{"line", parts_.options.line.value()}, {"status", changed.status().ToString()}});
    return false;
  }
  retry_.reset();
  if (!*changed) return true;
  record_ = parts_.calendar.Phases(parts_.options.line);
  Note(record_);
  return true;
}

// Twice at most: a class that ends its ramp must not take one along that only begins it.
std::optional<std::string> LinePhases::Advance(Instant now, LineFacts facts) {
  std::optional<std::string> opened;
  if (!retry_ || now.steady >= *retry_) {
    const std::vector<MessageClass> before = Ramping();
    const bool ramped = std::exchange(facts.ramped, false);
    const bool written = Write(now, facts);
    const std::vector<MessageClass> after = Ramping();
    for (const MessageClass cls : after)
      if (std::find(before.begin(), before.end(), cls) == before.end()) opened = record_.classes.at(cls).evidence;
    facts.ramped = true;
    if (written && ramped && !opened && !after.empty()) Write(now, facts);
  }
  Look(now.wall);
  return opened;
}

bool LinePhases::MaySend(MessageClass cls, Time now) const {
  const auto found = states_.find(cls);
  return found != states_.end() && !IsClosed(found->second, now);
}

bool LinePhases::MaySendCanary(MessageClass cls, Time now) const {
  const auto found = states_.find(cls);
  return found != states_.end() && parts_.options.canary_classes.count(cls) > 0 && IsForCanary(found->second, now);
}

bool LinePhases::AnyOpen(Time now) const {
  return std::any_of(states_.begin(), states_.end(), [now](const auto& entry) { return !IsClosed(entry.second, now); });
}

// Closed without a window: by our clock, which is looked at by probes.
bool LinePhases::MayProbe(Time now) const {
  return std::any_of(states_.begin(), states_.end(), [now](const auto& entry) {
    const LineState& state = entry.second;
    const bool by_window = state.phase == Phase::kClosed && !state.window.empty();
    return !by_window && (state.next_stop == kForever || now < state.next_stop - kProbeLasts);
  });
}

std::vector<MessageClass> LinePhases::Ramping() const {
  std::vector<MessageClass> ramping;
  for (const auto& [cls, phase] : record_.classes)
    if (phase.phase == Phase::kRamping && cls != MessageClass::kTechnical) ramping.push_back(cls);
  return ramping;
}

Time LinePhases::Since(Phase phase) const {
  Time since{};
  for (const auto& [cls, state] : states_)
    if (state.phase == phase) since = std::max(since, state.since);
  return since;
}

Time LinePhases::OpenSince(Time now) const {
  Time since = kForever;
  for (const auto& [cls, state] : states_)
    if (!IsClosed(state, now)) since = std::min(since, state.open_since);
  return since;
}

void LinePhases::Note(const PhaseRecord& record) {
  for (const auto& [cls, phase] : record.classes) {
    const auto pause = paused_since_.find(cls);
    if (!IsSending(phase.phase) && pause == paused_since_.end()) paused_since_[cls] = phase.since;
    if (!IsSending(phase.phase) || pause == paused_since_.end()) continue;
    Resumed(cls, pause->second, record.at);
    paused_since_.erase(pause);
  }
}

void LinePhases::Resumed(MessageClass cls, Time from, Time to) {
  for (Pause& pause : pauses_)
    if (pause.from == from && pause.to == to) return pause.classes.push_back(cls);
  pauses_.push_back({from, to, {cls}});
  if (pauses_.size() <= kMostPauses) return;
  unknown_until_ = std::max(unknown_until_, pauses_.front().to);
  pauses_.pop_front();
}

std::vector<Window> LinePhases::Pauses() const {
  std::vector<Window> windows;
  const auto add = [&windows](Time from, Time to, std::vector<MessageClass> classes) {
    Window w;
    w.start = from;
    w.end = to;
    w.classes = std::move(classes);
    windows.push_back(std::move(w));
  };
  if (unknown_until_.us > 0) add({0}, unknown_until_, {});
  for (const Pause& pause : pauses_) add(pause.from, pause.to, pause.classes);
  for (const auto& [cls, since] : paused_since_) add(since, kForever, {cls});
  return windows;
}

// By then the line should be green: the end of the check, if the stop has one and it is still to come.
Time LinePhases::GreenBy() const {
  Time by = kForever;
  for (const auto& [cls, state] : states_) {
    if (state.phase != Phase::kVerifying) continue;
    const bool planned = state.verify_until && *state.verify_until > state.since;
    by = std::min(by, planned ? *state.verify_until : state.since + kAlarmAgain);
  }
  return by;
}

void LinePhases::WatchGreen(Instant now, const std::string& evidence) {
  const bool late = now.wall >= GreenBy();
  not_green_.Set(late ? 1 : 0);
  if (!late) return next_alarm_.reset();
  if (next_alarm_ && now.steady < *next_alarm_) return;
  next_alarm_ = now.steady + kAlarmAgain;
  Log(LogLevel::kError, "dispatch.not_green", {{"line", parts_.options.line.value()}, {"probes", evidence}});
}

Steady LinePhases::NextLook(Instant now) const {
  Steady next = next_alarm_.value_or(SteadyAt(GreenBy(), now));
  if (retry_) next = std::min(next, *retry_);
  for (const auto& [cls, state] : states_)
    if (state.phase == Phase::kVerifying && state.verify_until && now.wall < *state.verify_until)
      next = std::min(next, SteadyAt(*state.verify_until, now));
  return next;
}

}  // namespace tvan
