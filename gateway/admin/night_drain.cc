#include "gateway/admin/night_drain.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "gateway/calendar/advice.h"
#include "gateway/calendar/line_now.h"
#include "gateway/intake/convert.h"
#include "gateway/intake/line_convert.h"

namespace tvan {
namespace {

constexpr size_t kMostMailboxes = 64;  // looked at for the oldest item

// What lies ahead of the messages that wait.
struct Ahead {
  DrainRates rates;
  std::vector<Flow> flows;  // of the classes of the rates
  Phase phase = Phase::kClosed;
  Time stop = kForever;  // the next, or of the one that goes on
  std::string window;
  Time opens = kForever;  // while nothing is sent
};

// When a class that is not sent now will be. A line that is down, or whose clock is off: nobody knows.
Time OpensAt(const LineState& state, OpenPolicy policy, Time now) {
  const bool waits_for_check = policy == OpenPolicy::kNotBeforeVerifyUntil && state.verify_until;
  const Time check = waits_for_check ? *state.verify_until : Time{0};
  if (state.phase == Phase::kVerifying) return std::max(now, check);
  const auto back = state.phase == Phase::kClosed ? ExpectedReturn(state, now) : std::nullopt;
  return back ? std::max(*back, check) : kForever;
}

Flow FlowOf(const DrainRates::Class& of, const LineState& state, bool down, OpenPolicy policy, Time now) {
  Flow flow{of.cls, static_cast<double>(of.waiting), of.arriving_per_s};
  flow.last_call = state.phase == Phase::kClosed ? state.next_stop : std::min(state.not_after, state.next_stop);
  if (down) flow.opens = kForever;
  if (!down && !IsSending(state.phase)) flow.opens = OpensAt(state, policy, now);
  return flow;
}

void LookAtStop(const LineState& state, Ahead& ahead) {
  const bool goes_on = state.phase == Phase::kClosed && !state.window.empty();
  const Time stop = goes_on ? state.since : state.next_stop;
  if (stop >= ahead.stop) return;
  ahead.stop = stop;
  ahead.window = goes_on || state.phase == Phase::kDraining ? state.window : "";
}

std::string WindowAt(const Calendar& calendar, const LineId& line, Time start) {
  for (const Window& w : ClosingWindows(calendar.Windows(), start, start + Span(1), calendar.rules().rehearsals))
    if (w.line.empty() || w.line == line) return w.id;
  return "";
}

Ahead AheadOf(const Calendar& calendar, const Dispatcher::View& view, const LineId& line, Time now) {
  Ahead ahead{RatesAt(*view.drain, now), {}, view.line.phase};
  const bool down = view.line.phase == Phase::kDown;
  bool any_sent = false;
  for (const DrainRates::Class& of : ahead.rates.classes) {
    const LineState state = calendar.At(line, of.cls, now);
    ahead.flows.push_back(FlowOf(of, state, down, calendar.rules().open_policy, now));
    const Flow& flow = ahead.flows.back();
    any_sent = any_sent || !flow.opens;
    ahead.opens = std::min(ahead.opens, flow.opens.value_or(kForever));
  }
  for (const MessageClass cls : kProviderClasses) LookAtStop(calendar.At(line, cls, now), ahead);
  if (ahead.window.empty() && ahead.stop != kForever) ahead.window = WindowAt(calendar, line, ahead.stop);
  if (any_sent) ahead.opens = kForever;
  return ahead;
}

using Counts = std::map<ProviderId, uint64_t>;

void FillZero(const char* name, uint64_t count, double per_minute, Time oldest, const Counts& by_provider,
              admin::v1::Drain::Zero& out) {
  out.set_name(name);
  out.set_count(count);
  out.set_per_minute(per_minute);
  if (count > 0 && oldest != kForever) ToProto(oldest, *out.mutable_oldest());
  const auto worst = std::max_element(by_provider.begin(), by_provider.end(),
                                      [](const auto& a, const auto& b) { return a.second < b.second; });
  if (count == 0 || worst == by_provider.end()) return;
  out.set_worst_provider(worst->first.value());
  out.set_worst_count(std::min(worst->second, count));
}

// Of the providers with the most.
Result<Time> OldestUndelivered(const Store& store, std::vector<std::pair<ProviderId, uint64_t>> undelivered) {
  std::sort(undelivered.begin(), undelivered.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  if (undelivered.size() > kMostMailboxes) undelivered.resize(kMostMailboxes);
  Time oldest = kForever;
  for (const auto& [provider, items] : undelivered) {
    const auto acknowledged = store.Acknowledged(provider, "main");
    if (!acknowledged.ok()) return acknowledged.status();
    const auto next = store.ReadMailbox(provider, "main", *acknowledged, 1);
    if (!next.ok()) return next.status();
    if (!next->empty()) oldest = std::min(oldest, next->front().at);
  }
  return oldest;
}

Time OldestOf(const Census& census, const std::set<StandingKind>& kinds, Time CensusRow::*of) {
  Time oldest = kForever;
  for (const CensusRow& row : census.rows)
    if (kinds.count(row.kind) > 0) oldest = std::min(oldest, row.*of);
  return oldest;
}

Status FillZeros(const Store& store, const Measures& measures, const Dispatcher::View& view, Time now,
                 admin::v1::Drain& board) {
  const Zeros zeros = ZerosOf(measures, now);
  const DrainRates& rates = *view.drain;
  Counts queued;
  Time oldest = OldestOf(*view.census, {StandingKind::kInDoubt}, &CensusRow::oldest_accepted_at);
  for (const QueueDepth& queue : measures.queues) {
    queued[queue.key.provider] += queue.messages;
    if (queue.oldest_accepted_at.us != 0) oldest = std::min(oldest, queue.oldest_accepted_at);
  }
  FillZero("to_send", zeros.to_send, PerMinute(rates, &Zeros::to_send, zeros), oldest, queued, *board.add_zeros());
  FillZero("un_999d", zeros.un_999d, PerMinute(rates, &Zeros::un_999d, zeros),
           OldestOf(*view.census, {StandingKind::kUn999d, StandingKind::kSilent, StandingKind::kAfterT2},
                    &CensusRow::oldest_since),
           {view.census->un_999d.begin(), view.census->un_999d.end()}, *board.add_zeros());
  const auto undelivered = OldestUndelivered(store, measures.undelivered);
  if (!undelivered.ok()) return undelivered.status();
  FillZero("undelivered", zeros.undelivered, PerMinute(rates, &Zeros::undelivered, zeros), *undelivered,
           {measures.undelivered.begin(), measures.undelivered.end()}, *board.add_zeros());
  const double all = static_cast<double>(rates.sent + zeros.to_send);
  board.set_done(all > 0 ? static_cast<double>(rates.sent) / all : 1);
  for (const auto& [stage, count] : measures.stages)
    if (stage == Stage::kHeld) board.set_held(count);
  return {};
}

void FillForecast(const Ahead& ahead, Time now, admin::v1::Drain& board) {
  const DrainRates& rates = ahead.rates;
  const Outlook outlook = ForecastOf(ahead.flows, rates.pace, now);
  for (size_t i = 0; i < ahead.flows.size(); ++i) {
    const DrainRates::Class& of = rates.classes[i];
    auto& out = *board.add_classes();
    out.set_message_class(ToProto(of.cls));
    out.set_to_send(of.waiting);
    out.set_sending_per_s(of.sending_per_s);
    out.set_arriving_per_s(ahead.flows[i].arriving_per_s);
    if (outlook.classes[i].empty_at) ToProto(*outlook.classes[i].empty_at, *out.mutable_empty_at());
    out.set_short_by(outlook.classes[i].short_by);
    out.set_short_by_if_paused(ForecastOf(Paused(ahead.flows, {of.cls}), rates.pace, now).short_by);
  }
  if (outlook.empty_at && rates.now.at.us != 0) ToProto(*outlook.empty_at, *board.mutable_empty_at());
  board.set_short_by(outlook.short_by);
}

void FillUnanswered(const Census& census, Time stop, admin::v1::Drain& board) {
  uint64_t before = 0, after = 0;
  for (const auto& [due, messages] : census.answers_due) (due != kForever && due <= stop ? before : after) += messages;
  board.set_unanswered_due_before_stop(before);
  board.set_unanswered_expected_after(after);
}

Result<std::set<MessageClass>> PausedBy(const admin::v1::GetDrainRequest& request) {
  std::set<MessageClass> paused;
  for (const int number : request.pause()) {
    const auto cls = FromProto(static_cast<v1::MessageClass>(number));
    if (!cls || *cls == MessageClass::kTechnical)
      return Status::Permanent("admin.bad_request"_reason, "pause: a class that providers submit");
    paused.insert(*cls);
  }
  return paused;
}

}  // namespace

Status FillDrain(const DrainParts& parts, const admin::v1::GetDrainRequest& request, Time now,
                 admin::v1::Drain& board) {
  const auto paused = PausedBy(request);
  if (!paused.ok()) return paused.status();
  const auto measures = parts.store.Measure();
  if (!measures.ok()) return measures.status();
  const Dispatcher::View view = parts.dispatcher.view();
  Ahead ahead = AheadOf(parts.calendar, view, parts.line, now);
  ahead.flows = Paused(std::move(ahead.flows), *paused);
  ToProto(now, *board.mutable_now());
  board.set_phase(ToProto(ahead.phase));
  board.set_window(ahead.window);
  if (ahead.stop != kForever) ToProto(ahead.stop, *board.mutable_stop());
  if (ahead.opens != kForever) ToProto(ahead.opens, *board.mutable_expected_return());
  board.set_rate_limit_per_s(view.rate_per_s);
  board.set_measured(view.drain->known());
  board.set_waiting_for_earlier(view.waiting_for_parent);
  FillForecast(ahead, now, board);
  FillUnanswered(*view.census, ahead.stop, board);
  return FillZeros(parts.store, *measures, view, now, board);
}

std::optional<v1::GetLineStatusResponse::Forecast> ForecastForProviders(const Calendar& calendar,
                                                                        const Dispatcher::View& view,
                                                                        const LineId& line, Time now) {
  if (view.drain->now.at.us == 0) return std::nullopt;
  const Ahead ahead = AheadOf(calendar, view, line, now);
  const Outlook outlook = ForecastOf(ahead.flows, ahead.rates.pace, now);
  v1::GetLineStatusResponse::Forecast forecast;
  if (outlook.empty_at) ToProto(*outlook.empty_at, *forecast.mutable_empty_at());
  forecast.set_not_before_stop(outlook.short_by > 0);
  ToProto(now, *forecast.mutable_made_at());
  return forecast;
}

}  // namespace tvan
