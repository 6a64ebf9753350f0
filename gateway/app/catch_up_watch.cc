#include "gateway/app/catch_up_watch.h"

#include <algorithm>

#include "gateway/calendar/line_now.h"
#include "gateway/core/log.h"

namespace tvan {
namespace {

constexpr Span kSettles = std::chrono::seconds(5), kEvery = std::chrono::minutes(1);
constexpr Span kJustNow = std::chrono::minutes(2);  // a ramp may be over before anybody looks

CatchUpFacts FactsOf(const Calendar& calendar, const LineId& line, Time now) {
  CatchUpFacts facts;
  for (const ClassNow& one : LineNowOf(calendar, line, now).classes) {
    const LineState& state = one.state;
    if (!IsSending(state.phase)) continue;
    facts.sending = true;
    if (state.phase != Phase::kRamping && now - state.open_since >= kJustNow) continue;
    facts.back_since = std::min(state.open_since, facts.back_since.value_or(state.open_since));
  }
  return facts;
}

}  // namespace

void CatchUpWatch::PhaseChanged() {
  look_.Start(kSettles, [this] { Plan(); });
}

// A full pool looks again next time.
void CatchUpWatch::Plan() {
  if (!parts_.pool.TrySubmit([this] { Look(); })) look_.Start(kEvery, [this] { Plan(); });
}

void CatchUpWatch::Look() {
  const Time now = parts_.clock.Now();
  CatchUpFacts facts = FactsOf(parts_.calendar, parts_.line, now);
  parts_.forecast(facts);
  const auto told = parts_.notices.AnnounceCatchUp(facts, now);
  if (!told.ok())
    Log(LogLevel::kError, "app.announcements",
        {{"why", Status::Transient("app.announce"_reason, told.status().ToString()).ToString()}});
  if (told.ok() && *told) parts_.on_told();
  if (facts.back_since || (parts_.notices.catching_up() && facts.sending)) look_.Start(kEvery, [this] { Plan(); });
}

}  // namespace tvan
