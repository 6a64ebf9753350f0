#include "gateway/app/night_room.h"

#include "config/loader.h"
#include "gateway/admin/acknowledgements.h"
#include "gateway/admin/night_drain.h"

namespace tvan {
namespace {

constexpr Span kEvery = std::chrono::minutes(1);

}  // namespace

NightRoom::NightRoom(const config::v1::Config& config, Parts parts)
    : config_(config),
      line_(LineId::Trusted(config.line().id())),
      parts_(std::move(parts)),
      certificates_(Certificates()),
      desk_(DeskParts()),
      records_(RecordParts()),
      screen_(ScreenParts()),
      contacts_(RecordParts(), parts_.metrics),
      look_(parts_.clock) {}

NightDesk::Parts NightRoom::DeskParts() const {
  NightDesk::Parts parts{parts_.store, parts_.calendar, parts_.dispatcher, line_, parts_.clock};
  parts.line_status = [this](v1::GetLineStatusResponse& status) { status = parts_.answers.LineStatus(); };
  parts.drain = [this](const admin::v1::GetDrainRequest& request, admin::v1::Drain& board) {
    return FillDrain({parts_.store, parts_.calendar, parts_.dispatcher, line_}, request, parts_.clock.Now(), board);
  };
  parts.acknowledgements = [this](const admin::v1::ListAcknowledgementsRequest& request,
                                  admin::v1::ListAcknowledgementsResponse& response) {
    return ListAcknowledgements(parts_.notices, parts_.readers, parts_.contracts, parts_.clock.Now(), request,
                                response);
  };
  return parts;
}

NightRecords::Parts NightRoom::RecordParts() const {
  return {parts_.store,
          parts_.calendar,
          line_,
          parts_.clock,
          config_.gateway().name() + " (MST " + config_.gateway().mst() + ")",
          SpanOf(config_.calendar().contact_before())};
}

NightScreen::Parts NightRoom::ScreenParts() {
  NightScreen::Parts parts{parts_.store, parts_.calendar, parts_.contracts, parts_.dispatcher, line_, parts_.clock};
  parts.contact_before = SpanOf(config_.calendar().contact_before());
  parts.drain = [this]() -> std::optional<admin::v1::Drain> {
    admin::v1::Drain board;
    return desk_.Drain({}, board).ok() ? std::optional(board) : std::nullopt;
  };
  parts.newest_notice = [this]() -> std::optional<admin::v1::ListAcknowledgementsResponse> {
    admin::v1::ListAcknowledgementsResponse newest;
    const Status asked = desk_.Acknowledgements({}, newest);
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

std::vector<NightScreen::Ending> NightRoom::Certificates() const {
  return CertificateEnds(config_, parts_.clock.Now(), parts_.in_force ? parts_.in_force() : AllInForce{});
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
  auto certificates = Certificates();
  {
    const std::lock_guard lock(mutex_);
    certificates_ = std::move(certificates);
  }
  look_.Start(kEvery, [this] { Plan(); });
}

}  // namespace tvan
