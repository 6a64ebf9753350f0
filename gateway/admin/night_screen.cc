#include "gateway/admin/night_screen.h"

#include <algorithm>

#include "gateway/admin/admin_convert.h"
#include "gateway/admin/night_records.h"
#include "gateway/calendar/advice.h"
#include "gateway/calendar/line_now.h"
#include "gateway/calendar/maintenance_budget.h"
#include "gateway/calendar/marks.h"
#include "gateway/intake/convert.h"
#include "gateway/intake/line_convert.h"

namespace tvan {
namespace {

constexpr int kMostNames = 20, kMostUnverified = 10, kMostIncidents = 5, kMostEndings = 50;
constexpr uint64_t kLeastMessages = 1000;  // of which the room that one takes is told
constexpr Span kOneDay = std::chrono::hours(24), kFiveHours = std::chrono::hours(5);

// The stop of which a class is not open again.
std::string UnsettledStop(const PhaseRecord& written) {
  for (const auto& [cls, is] : written.classes) {
    const bool unsettled = is.phase == Phase::kClosed || is.phase == Phase::kVerifying || is.phase == Phase::kRamping;
    if (unsettled && !is.window.empty()) return is.window;
  }
  return "";
}

void FillCounts(const Census& census, admin::v1::Night::Counts& counts) {
  ToProto(census.at, *counts.mutable_as_of());
  for (const CensusRow& row : census.rows) {
    if (row.kind == StandingKind::kInDoubt) counts.set_in_doubt(counts.in_doubt() + row.messages);
    if (row.kind == StandingKind::kSilent || row.kind == StandingKind::kAfterT2)
      counts.set_silent(counts.silent() + row.messages);
    if (row.kind == StandingKind::kWorkItem) counts.set_work_items(counts.work_items() + row.messages);
    if (row.kind == StandingKind::kHeld) counts.set_held(counts.held() + row.messages);
  }
}

// With the terms that follow at once; of a contract that holds no more, or not yet, that of its last term.
Time EndOf(const ProviderContract& contract, Time now) {
  return TermAt(contract, now) != nullptr ? EndOfTerms(contract, now) : contract.dates.to;
}

}  // namespace

Time LookEndingsUntil(const std::optional<Window>& night, Time now) {
  if (!night) return now + kOneDay;
  const Time five = *ParseDate(FormatLocal(EndOf(*night)).substr(0, 10)) + kFiveHours;
  return std::max({five, EndOf(*night), night->verify_until.value_or(Time{})});
}

void IntakeRate::Take(Steady now, uint64_t accepted_total) {
  const std::lock_guard lock(mutex_);
  if (!seen_.empty() && now - seen_.back().first < kApart) return;
  seen_.emplace_back(now, accepted_total);
  while (now - seen_.front().first > kKept) seen_.pop_front();
}

std::optional<double> IntakeRate::PerSecond() const {
  const std::lock_guard lock(mutex_);
  if (seen_.empty() || seen_.back().first - seen_.front().first < kLeast) return std::nullopt;
  const double seconds = static_cast<double>((seen_.back().first - seen_.front().first).count()) / 1e6;
  return static_cast<double>(seen_.back().second - seen_.front().second) / seconds;
}

void NightScreen::Look() {
  const auto measures = parts_.store.Measure();
  if (measures) intake_.Take(parts_.clock.SteadyNow(), measures->accepted_total);
}

admin::v1::Night NightScreen::Get() {
  const Time now = parts_.clock.Now();
  admin::v1::Night night;
  ToProto(now, *night.mutable_now());
  const LineState line = FillLine(now, night);
  const std::optional<Window> window =
      NightOf(parts_.calendar.Windows(), parts_.line, now, UnsettledStop(parts_.calendar.Phases(parts_.line)),
              parts_.calendar.rules().rehearsals);
  if (window) {
    FillWindow(*window, now, line.phase, night);
    FillOnCall(*window, now, night);
  }
  FillLineKnowledge(parts_.dispatcher.view(), night);
  if (parts_.drain)
    if (auto drain = parts_.drain()) *night.mutable_drain() = *std::move(drain);
  if (parts_.signature_alarm) night.set_signature_alarm(parts_.signature_alarm());
  FillUnread(night);
  FillDisk(night);
  FillEndings(now, LookEndingsUntil(window, now), night);
  FillRecords(now, night);
  return night;
}

LineState NightScreen::FillLine(Time now, admin::v1::Night& night) const {
  LineState line = parts_.calendar.At(parts_.line, kProviderClasses[0], now);
  MessageClass most_open = kProviderClasses[0];
  bool differ = false;
  for (const MessageClass cls : kProviderClasses) {
    const LineState state = parts_.calendar.At(parts_.line, cls, now);
    differ = differ || state.phase != line.phase;
    auto& phase = *night.add_classes();
    phase.set_message_class(ToProto(cls));
    phase.set_phase(ToProto(state.phase));
    if (Openness(state.phase) <= Openness(line.phase)) continue;
    line = state;
    most_open = cls;
  }
  if (!differ) night.clear_classes();
  night.set_line(parts_.line.value());
  night.set_phase(ToProto(line.phase));
  if (line.since.us > 0) ToProto(line.since, *night.mutable_phase_since());
  const PhaseRecord record = parts_.calendar.Phases(parts_.line);
  const auto written = record.classes.find(most_open);
  if (written != record.classes.end() && written->second.phase == line.phase)
    night.set_phase_evidence(written->second.evidence);
  return line;
}

void NightScreen::FillWindow(const Window& window, Time now, Phase phase, admin::v1::Night& night) const {
  ToProto(window, now, *night.mutable_window());
  NightFacts facts;
  facts.now = now;
  facts.phase = phase;
  facts.contact_due = ContactDue(window, parts_.contact_before);
  facts.drain_before = parts_.calendar.rules().drain_before;
  const auto sheet = FindContactSheet(parts_.store, window);
  if (sheet) {
    facts.contact = StateOf(window, *sheet, now, parts_.contact_before);
    ToProto(*sheet, window, now, parts_.contact_before, *night.mutable_contact());
  }
  for (const NightMark& mark : MarksOf(window, facts)) {
    auto& out = *night.add_marks();
    out.set_kind(static_cast<admin::v1::MarkKind>(mark.kind));
    out.set_state(static_cast<admin::v1::MarkState>(mark.state));
    if (mark.at) ToProto(*mark.at, *out.mutable_at());
  }
}

void NightScreen::FillOnCall(const Window& window, Time now, admin::v1::Night& night) const {
  const auto rota = FindOnCall(parts_.store, window.id);
  if (!rota) return;
  auto& out = *night.mutable_on_call();
  out.set_window(rota->window);
  out.set_version(rota->version);
  for (const Shift& shift : rota->shifts) ToProto(shift, *out.add_shifts());
  const auto [from, to] = HoursOf(window);
  for (const TimeGap& gap : GapsIn(rota->shifts, std::max(from, now), to)) ToProto(gap, *out.add_gaps());
}

void NightScreen::FillLineKnowledge(const Dispatcher::View& view, admin::v1::Night& night) const {
  night.set_down_reason(view.down_reason);
  if (view.probed) {
    auto& probe = *night.mutable_probe();
    ToProto(view.probed->at, *probe.mutable_at());
    probe.set_level(view.probed->level);
    probe.set_green(view.probed->green);
    probe.set_evidence(view.probed->evidence);
  }
  if (view.clock_offset) ToProto(*view.clock_offset, *night.mutable_clock_offset());
  night.mutable_fault_class()->set_value(view.fault == FaultClass::kNone ? "" : ToString(view.fault));
  for (auto evidence = view.fault_evidence.rbegin(); evidence != view.fault_evidence.rend(); ++evidence)
    night.add_fault_evidence(FormatLocal(evidence->at).substr(11) + " " + evidence->text);
  if (view.census->at.us != 0) FillCounts(*view.census, *night.mutable_counts());  // else nothing was counted yet
}

void NightScreen::FillUnread(admin::v1::Night& night) const {
  const auto newest = parts_.newest_notice ? parts_.newest_notice() : std::nullopt;
  if (!newest) return;
  auto& unread = *night.mutable_unread();
  unread.set_notice(newest->notice());
  *unread.mutable_title() = newest->title();
  unread.set_providers(static_cast<uint64_t>(newest->rows_size()));
  for (const auto& row : newest->rows()) {
    if (row.has_acknowledged_at()) continue;
    unread.set_unread(unread.unread() + 1);
    if (unread.names_size() < kMostNames) unread.add_names(row.provider());
  }
}

void NightScreen::FillDisk(admin::v1::Night& night) {
  const auto disk = parts_.disk ? parts_.disk() : std::nullopt;
  const auto measures = parts_.store.Measure();
  if (!disk || !measures) return;
  intake_.Take(parts_.clock.SteadyNow(), measures->accepted_total);
  auto& out = *night.mutable_disk();
  out.set_free_bytes(disk->free_bytes);
  out.set_total_bytes(disk->total_bytes);
  const std::optional<double> rate = intake_.PerSecond();
  if (rate) out.mutable_intake_per_s()->set_value(*rate);
  const uint64_t kept = measures->accepted_total - std::min(measures->purged_total, measures->accepted_total);
  if (kept < kLeastMessages) return;
  const double each = static_cast<double>(disk->store_bytes) / static_cast<double>(kept);
  out.mutable_bytes_per_message()->set_value(each);
  if (!rate || *rate * each <= 0) return;
  out.mutable_hours()->set_value(static_cast<double>(disk->free_bytes) / (*rate * each) / 3600);
}

void NightScreen::FillEndings(Time now, Time before, admin::v1::Night& night) const {
  if (!parts_.certificates) return;
  std::vector<Ending> endings = parts_.certificates();
  const auto book = parts_.contracts.snapshot();
  for (const ProviderContract* contract : book->Contracts())
    if (contract->status == ContractStatus::kActive)
      endings.push_back({"contract", contract->provider.value(), EndOf(*contract, now)});
  std::erase_if(endings, [before](const Ending& ending) { return ending.at >= before; });
  std::sort(endings.begin(), endings.end(), [](const Ending& a, const Ending& b) { return a.at < b.at; });
  auto& out = *night.mutable_endings();
  ToProto(before, *out.mutable_before());
  for (const Ending& ending : endings) {
    if (out.rows_size() == kMostEndings) break;
    auto& row = *out.add_rows();
    row.set_what(ending.what);
    row.set_name(ending.name);
    row.set_unreadable(ending.unreadable);
    if (ending.unreadable.empty()) ToProto(ending.at, *row.mutable_at());
  }
}

void NightScreen::FillRecords(Time now, admin::v1::Night& night) const {
  for (const MessageClass cls : kProviderClasses)
    if (parts_.calendar.ModeOf(cls) == IntakeMode::kRefuseNew) night.add_refusing(ToProto(cls));
  const std::vector<Window> windows = parts_.calendar.Windows();
  ToProto(BudgetOf(windows, YearOf(now), now), *night.mutable_budget());
  for (const Window& w : windows)
    if (w.unverified && !w.cancelled && OccurrenceAt(w, now) && night.unverified_size() < kMostUnverified)
      night.add_unverified(w.id);
  const auto incidents = ListIncidents(parts_.store);
  if (!incidents) return;
  for (const Incident& incident : *incidents)
    if (!incident.closed_at && incident.id != incident.window && night.incidents_size() < kMostIncidents)
      ToProto(incident, *night.add_incidents());
}

}  // namespace tvan
