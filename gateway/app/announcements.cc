#include "gateway/app/announcements.h"

#include "config/loader.h"
#include "gateway/core/log.h"
#include "gateway/intake/convert.h"

namespace tvan {
namespace {

constexpr Span kRetry = std::chrono::seconds(10);
constexpr Span kDay = std::chrono::hours(24), kStopsAhead = kDay * 60, kNoticesBehind = kDay * 30;
constexpr size_t kMostPublished = 1000;

}  // namespace

Announcements::Announcements(Parts parts)
    : parts_(std::move(parts)),
      alarm_(
          parts_.calls.metrics.GetGauge("tvan_announce_alarm", "1 while notices of changed stops cannot be written")),
      retry_(parts_.clock) {}

Result<std::unique_ptr<Announcements>> Announcements::Make(const config::v1::Config& config, Parts parts) {
  std::unique_ptr<Announcements> all(new Announcements(std::move(parts)));
  const Sealer& sealer = all->parts_.sealer;
  auto notices =
      Notices::Load(all->parts_.store, [&sealer](const std::string& json) { return sealer.Seal(kNoticeType, json); });
  if (!notices.ok()) return notices.status();
  auto readers = NoticeReaders::Load(all->parts_.store);
  if (!readers.ok()) return readers.status();
  all->notices_ = *std::move(notices);
  all->readers_ = *std::move(readers);
  all->MakeRest(config);
  return all;
}

void Announcements::MakeRest(const config::v1::Config& config) {
  const auto& api = config.provider_api();
  line_ = LineId::Trusted(config.line().id());
  answers_ = std::make_unique<CalendarAnswers>(CalendarAnswers::Parts{
      parts_.calendar, *notices_, *readers_, line_, parts_.store.position().incarnation, parts_.clock, parts_.view});
  service_ = CalendarService::Make(
      {{SpanOf(api.retry_delay()), api.max_reads_per_provider()}, config.calendar().max_notice_streams_per_provider()},
      {*answers_, *readers_, parts_.clock, parts_.calls});
  publisher_ = std::make_unique<Publisher>(
      config.calendar().publish_dir(),
      Publisher::Parts{[this, gateway = config.gateway().mst()] { return Look(gateway); }, parts_.sealer,
                       parts_.calls.digester, parts_.clock, parts_.calls.metrics});
  catch_up_ = std::make_unique<CatchUpWatch>(
      CatchUpWatch::Parts{parts_.calendar, *notices_, line_, parts_.clock, parts_.calls.reads,
                          [this](CatchUpFacts& facts) { AddForecast(facts); }, [this] { publisher_->Changed(); }});
  notices_->SetListener([this] { service_->OnNotice(); });
}

void Announcements::AddForecast(CatchUpFacts& facts) const {
  const auto forecast = parts_.view().forecast;
  if (!forecast) return;
  if (forecast->has_empty_at()) facts.empty_at = FromProto(forecast->empty_at());
  facts.not_before_stop = forecast->not_before_stop();
}

Published Announcements::Look(const std::string& gateway) const {
  const Time now = parts_.clock.Now();
  Published published{
      now, gateway, line_, LineNowOf(parts_.calendar, line_, now), {}, notices_->MadeSince(now - kNoticesBehind)};
  published.stops = PublicStops(parts_.calendar.VersionedWindows(), now, now + kStopsAhead,
                                RehearsalsOf(parts_.calendar.rules()), now, kMostPublished);
  if (published.stops.size() > kMostPublished) published.stops.resize(kMostPublished);
  return published;
}

void Announcements::Start() {
  CalendarChanged();
  catch_up_->PhaseChanged();
}

void Announcements::PhaseChanged() {
  answers_->LineChanged();
  publisher_->Changed();
  catch_up_->PhaseChanged();
}

void Announcements::CalendarChanged() {
  answers_->LineChanged();
  Announce();
  publisher_->Changed();
}

void Announcements::Announce() {
  const auto made =
      notices_->Announce(parts_.calendar.VersionedWindows(), RehearsalsOf(parts_.calendar.rules()), parts_.clock.Now());
  alarm_.Set(made.ok() ? 0 : 1);
  if (made.ok()) return;
  Log(LogLevel::kError, "app.announcements",
      {{"why", Status::Transient("app.announce"_reason, made.status().ToString()).ToString()}});
  TryAgain();
}

void Announcements::TryAgain() {
  retry_.Start(kRetry, [this] {
    if (!parts_.calls.reads.TrySubmit([this] { CalendarChanged(); })) TryAgain();
  });
}

void Announcements::Stop() {
  retry_.Stop();
  if (service_ != nullptr) service_->Stop();
  if (catch_up_ != nullptr) catch_up_->Stop();
  if (publisher_ != nullptr) publisher_->Stop();
}

}  // namespace tvan
