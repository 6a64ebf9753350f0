#include "gateway/app/night_room.h"

#include "adapters/signature/pki.h"
#include "config/loader.h"
#include "gateway/app/start_checks.h"

namespace tvan {
namespace {

constexpr Span kEvery = std::chrono::minutes(1);

enum class Old { kShown, kLeftOut };

void AddEnds(const std::string& what, const std::string& name, const std::string& path, Time now, Old old,
             std::vector<NightScreen::Ending>& ends) {
  const auto text = ReadFile(path);
  if (!text) return;  // a start with it would have been refused: it is being replaced
  for (const std::string& pem : SplitPem(*text)) {
    const auto validity = CertificateValidity(pem);
    if (validity && (old == Old::kShown || validity->not_after > now))
      ends.push_back({what, name, validity->not_after});
  }
}

std::string FileName(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

}  // namespace

std::vector<NightScreen::Ending> CertificateEnds(const config::v1::Config& config, Time now) {
  std::vector<NightScreen::Ending> ends;
  AddEnds("certificate", "provider_api", config.provider_api().certificate(), now, Old::kShown, ends);
  AddEnds("certificate", "admin_api", config.admin_api().certificate(), now, Old::kShown, ends);
  AddEnds("certificate", "line", config.line().certificate(), now, Old::kShown, ends);
  AddEnds("trust", "line", config.line().ca(), now, Old::kLeftOut, ends);
  AddEnds("trust", "provider_api", config.provider_api().client_ca(), now, Old::kLeftOut, ends);
  AddEnds("trust", "admin_api", config.admin_api().client_ca(), now, Old::kLeftOut, ends);
  for (const auto* list : {&config.trust().sellers(), &config.trust().authority()})
    for (const std::string& path : *list) AddEnds("trust", FileName(path), path, now, Old::kLeftOut, ends);
  return ends;
}

NightRoom::NightRoom(const config::v1::Config& config, Parts parts)
    : config_(config),
      parts_(std::move(parts)),
      certificates_(CertificateEnds(config_, parts_.clock.Now())),
      records_(RecordParts()),
      screen_(ScreenParts()),
      contacts_(RecordParts(), parts_.metrics),
      look_(parts_.clock) {}

NightRecords::Parts NightRoom::RecordParts() const {
  return {parts_.store,
          parts_.calendar,
          LineId::Trusted(config_.line().id()),
          parts_.clock,
          config_.gateway().name() + " (MST " + config_.gateway().mst() + ")",
          SpanOf(config_.calendar().contact_before())};
}

NightScreen::Parts NightRoom::ScreenParts() {
  NightScreen::Parts parts{
      parts_.store, parts_.calendar, parts_.contracts, parts_.dispatcher, LineId::Trusted(config_.line().id()),
      parts_.clock};
  parts.contact_before = SpanOf(config_.calendar().contact_before());
  parts.drain = [this]() -> std::optional<admin::v1::Drain> {
    admin::v1::Drain board;
    return parts_.desk.Drain({}, board).ok() ? std::optional(board) : std::nullopt;
  };
  parts.newest_notice = [this]() -> std::optional<admin::v1::ListAcknowledgementsResponse> {
    admin::v1::ListAcknowledgementsResponse newest;
    const Status asked = parts_.desk.Acknowledgements({}, newest);
    const bool none = asked.reason() == "admin.not_found"_reason;  // no notice was ever made
    return asked.ok() || none ? std::optional(newest) : std::nullopt;
  };
  parts.disk = [this] { return DiskOf(config_.store().path()); };
  parts.certificates = [this] {
    const std::lock_guard lock(mutex_);
    return certificates_;
  };
  parts.signature_alarm = parts_.signature_alarm;
  return parts;
}

void NightRoom::Start() { Plan(); }

void NightRoom::Stop() { look_.Stop(); }

// A full pool looks again next time.
void NightRoom::Plan() {
  if (!parts_.pool.TrySubmit([this] { Look(); })) look_.Start(kEvery, [this] { Plan(); });
}

void NightRoom::Look() {
  screen_.Look();
  contacts_.Look();
  auto certificates = CertificateEnds(config_, parts_.clock.Now());
  {
    const std::lock_guard lock(mutex_);
    certificates_ = std::move(certificates);
  }
  look_.Start(kEvery, [this] { Plan(); });
}

}  // namespace tvan
