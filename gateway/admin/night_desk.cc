#include "gateway/admin/night_desk.h"

#include <algorithm>

#include "gateway/admin/admin_convert.h"
#include "gateway/admin/audit.h"
#include "gateway/calendar/advice.h"
#include "gateway/intake/convert.h"
#include "gateway/intake/line_convert.h"

namespace tvan {
namespace {

constexpr int kMostHistory = 1000;

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, what); }
Status NotServed() {
  return Status::Permanent("admin.not_served"_reason, "this gateway has no part that could answer this");
}

void Fill(const PhaseRecord& record, admin::v1::GetLineResponse::Version& out) {
  out.set_epoch(record.epoch);
  if (record.epoch != 0) ToProto(record.at, *out.mutable_at());
  for (const auto& [cls, is] : record.classes) {
    auto& phase = *out.add_classes();
    phase.set_message_class(ToProto(cls));
    phase.set_phase(ToProto(is.phase));
    ToProto(is.since, *phase.mutable_since());
    phase.set_window(is.window);
    phase.set_evidence(is.evidence);
  }
}

}  // namespace

Status NightDesk::Line(const admin::v1::GetLineRequest& request, admin::v1::GetLineResponse& response) const {
  if (request.history() < 0 || request.history() > kMostHistory) return BadRequest("history: 0..1000");
  response.set_line(parts_.line.value());
  Fill(parts_.calendar.Phases(parts_.line), *response.mutable_now());
  if (request.history() > 0) {
    const auto history = parts_.calendar.PhaseHistory(parts_.line, {.limit = static_cast<uint32_t>(request.history())});
    if (!history) return history.status();
    for (auto record = history->rbegin(); record != history->rend(); ++record) Fill(*record, *response.add_history());
  }
  if (parts_.line_status) parts_.line_status(*response.mutable_status());
  const Dispatcher::View view = parts_.dispatcher.view();
  response.set_down_reason(view.down_reason);
  if (view.clock_offset) ToProto(*view.clock_offset, *response.mutable_clock_offset());
  if (view.fault != FaultClass::kNone) response.set_fault_class(ToString(view.fault));
  for (auto evidence = view.fault_evidence.rbegin(); evidence != view.fault_evidence.rend(); ++evidence)
    response.add_fault_evidence(FormatLocal(evidence->at) + " " + evidence->text);
  return {};
}

Status NightDesk::Order(const admin::v1::OrderLineRequest& request, const std::string& author,
                        admin::v1::OrderLineResponse& response) {
  const auto in_force = parts_.calendar.Order(parts_.line, {parts_.clock.Now(), author, request.reason()});
  if (!in_force) return in_force.status();
  Audit(*in_force ? "break_glass" : "break_glass_asked", parts_.line.value(), 0, author, request.reason());
  response.set_in_force(*in_force);
  return {};
}

void NightDesk::FillMode(MessageClass cls, admin::v1::ClassMode& out) const {
  const IntakeMode mode = parts_.calendar.ModeOf(cls);
  out.set_message_class(ToProto(cls));
  out.set_mode(ToProto(mode));
  ToProto(AdviceFor(cls, Phase::kClosed, mode), *out.mutable_advice());
  for (const DefaultMode& standard : DefaultModes())
    if (standard.cls == cls) out.set_source(standard.source);
}

Status NightDesk::SetMode(const admin::v1::SetIntakeModeRequest& request, const std::string& author,
                          admin::v1::SetIntakeModeResponse& response) {
  const auto cls = FromProto(request.message_class());
  if (!cls || *cls == MessageClass::kTechnical) return BadRequest("message_class: a class that providers submit");
  if (request.mode() != v1::INTAKE_MODE_HOLD && request.mode() != v1::INTAKE_MODE_REFUSE_NEW)
    return BadRequest("mode: hold or refuse_new");
  const IntakeMode mode = request.mode() == v1::INTAKE_MODE_HOLD ? IntakeMode::kHold : IntakeMode::kRefuseNew;
  const Status set = parts_.calendar.SetMode(*cls, mode, author, request.reason(), parts_.clock.Now());
  if (!set.ok()) return set;
  Audit(mode == IntakeMode::kHold ? "intake_hold" : "intake_refuse_new", std::string(ToString(*cls)), 0, author,
        request.reason());
  FillMode(*cls, *response.mutable_mode());
  return {};
}

Status NightDesk::Modes(const admin::v1::ListIntakeModesRequest&, admin::v1::ListIntakeModesResponse& response) const {
  for (const MessageClass cls : kProviderClasses) FillMode(cls, *response.add_modes());
  return {};
}

Status NightDesk::Drain(const admin::v1::GetDrainRequest& request, admin::v1::Drain& response) const {
  return parts_.drain ? parts_.drain(request, response) : NotServed();
}

Status NightDesk::Acknowledgements(const admin::v1::ListAcknowledgementsRequest& request,
                                   admin::v1::ListAcknowledgementsResponse& response) const {
  return parts_.acknowledgements ? parts_.acknowledgements(request, response) : NotServed();
}

}  // namespace tvan
