#include "gateway/intake/calendar_answers.h"

#include <algorithm>
#include <charconv>

#include "gateway/calendar/line_now.h"
#include "gateway/calendar/public_windows.h"
#include "gateway/intake/convert.h"
#include "gateway/intake/line_convert.h"

namespace tvan {
namespace {

constexpr Span kDay = std::chrono::hours(24), kLongestList = kDay * 400, kStandardList = kDay * 35;
constexpr Span kStatusKept = std::chrono::seconds(1);

Status BadRequest(const std::string& what) { return Status::Permanent("intake.bad_request"_reason, what); }

void FillWindow(const Window& window, WindowState state, uint64_t version, v1::PublicWindow& out) {
  out.set_id(window.id);
  out.set_kind(ToProto(window.kind));
  out.set_state(ToProto(state));
  ToProto(window.start, *out.mutable_start());
  ToProto(EndOf(window), *out.mutable_end());
  if (window.verify_until) ToProto(*window.verify_until, *out.mutable_verify_until());
  for (const MessageClass cls : window.classes) out.add_message_classes(ToProto(cls));
  out.set_reason(window.reason);
  out.set_source(window.source);
  out.set_support(window.support);
  out.set_version(version);
}

void FillClass(const ClassNow& one, v1::GetLineStatusResponse::ClassStatus& out) {
  out.set_message_class(ToProto(one.cls));
  out.set_phase(ToProto(one.state.phase));
  if (one.state.since.us != 0) ToProto(one.state.since, *out.mutable_since());
  out.set_window(one.state.window);
  out.set_mode(ToProto(one.mode));
  ToProto(one.advice, *out.mutable_advice());
  if (one.next_stop) ToProto(*one.next_stop, *out.mutable_next_stop());
  if (one.expected_return) ToProto(*one.expected_return, *out.mutable_expected_return());
}

void FillCatchUp(const CatchUp& catch_up, v1::CatchUp& out) {
  ToProto(catch_up.began_at, *out.mutable_began_at());
  if (catch_up.empty_at) ToProto(*catch_up.empty_at, *out.mutable_empty_at());
  out.set_not_before_stop(catch_up.not_before_stop);
}

// In words of both languages that name none of our hosts: what went wrong in detail is for operators.
const char* EvidenceOf(int level) {
  switch (level) {
    case 0:
      return "không kết nối được với cơ quan thuế / no connection to the authority";
    case 1:
      return "kết nối được TCP và TLS, dịch vụ của cơ quan thuế chưa trả lời đúng / TCP and TLS connect; the "
             "authority's "
             "service does not answer as it should";
    case 2:
      return "dịch vụ của cơ quan thuế trả lời / the authority's service answers";
    default:
      return "dịch vụ của cơ quan thuế đã nhận một thông điệp / the authority's service took a message";
  }
}

void FillProbe(const ProbeRound& probe, v1::GetLineStatusResponse::Probe& out) {
  ToProto(probe.at, *out.mutable_at());
  out.set_level(probe.level);
  out.set_green(probe.green);
  out.set_evidence(EvidenceOf(probe.level));
}

}  // namespace

Result<v1::ListWindowsResponse> CalendarAnswers::List(const v1::ListWindowsRequest& request) const {
  const Time now = parts_.clock.Now();
  const Time from = request.has_from() ? FromProto(request.from()) : now;
  if (from.us < 0 || from.us > kForever.us / 2) return BadRequest("from: of our time");
  const Time to = request.has_to() ? FromProto(request.to()) : from + kStandardList;
  if (to.us > kForever.us / 2 || !(from < to)) return BadRequest("to: after from");
  if (to - from > kLongestList) return BadRequest("to: at most 400 days after from");
  const Rehearsals rehearsals = RehearsalsOf(parts_.calendar.rules());
  const auto stops = PublicStops(parts_.calendar.VersionedWindows(), from, to, rehearsals, now, kMostStops);
  if (stops.size() > kMostStops) return BadRequest("to: more than 1000 stops until then; ask for fewer days");
  v1::ListWindowsResponse response;
  for (const PublicStop& stop : stops) FillWindow(stop.window, stop.state, stop.version, *response.add_windows());
  return response;
}

v1::GetLineStatusResponse CalendarAnswers::LineStatus() const {
  const std::lock_guard lock(mutex_);
  const uint64_t changes = changes_.load();
  const Steady now = parts_.clock.SteadyNow();
  if (status_ && status_changes_ == changes && now < status_at_ + kStatusKept) return *status_;
  status_ = MakeLineStatus();
  status_changes_ = changes;
  status_at_ = now;
  return *status_;
}

v1::GetLineStatusResponse CalendarAnswers::MakeLineStatus() const {
  const Time now = parts_.clock.Now();
  const LineNow line = LineNowOf(parts_.calendar, parts_.line, now);
  v1::GetLineStatusResponse response;
  response.set_phase(ToProto(line.phase));
  ToProto(now, *response.mutable_now());
  for (const ClassNow& one : line.classes) FillClass(one, *response.add_classes());
  response.mutable_poll_again_after()->set_seconds(line.poll_again_after.count() / 1'000'000);
  if (!parts_.view) return response;
  LineView view = parts_.view();
  if (view.last_probe) FillProbe(*view.last_probe, *response.mutable_last_probe());
  if (view.forecast) *response.mutable_forecast() = *std::move(view.forecast);
  return response;
}

Result<v1::AcknowledgeNoticeResponse> CalendarAnswers::Acknowledge(const ProviderId& provider, uint64_t number) {
  if (number == 0 || number > parts_.notices.newest())
    return Status::Permanent("calendar.no_notice"_reason, "there is no notice " + std::to_string(number));
  const auto at = parts_.readers.Acknowledge(provider, number, parts_.clock.Now());
  if (!at.ok()) return at.status();
  v1::AcknowledgeNoticeResponse response;
  ToProto(*at, *response.mutable_acknowledged_at());
  return response;
}

Result<uint64_t> CalendarAnswers::After(const ProviderId& provider, const std::string& cursor) const {
  const size_t colon = cursor.find(':');
  if (cursor.empty()) return parts_.readers.FirstUnread(provider, 0) - 1;
  uint64_t number = 0;
  const char* const end = cursor.data() + cursor.size();
  const auto read = colon == std::string::npos ? std::from_chars_result{nullptr, std::errc::invalid_argument}
                                               : std::from_chars(cursor.data() + colon + 1, end, number);
  if (read.ec != std::errc() || read.ptr != end) return BadRequest("cursor: not one of a notice");
  if (cursor.substr(0, colon) != parts_.incarnation) return parts_.readers.FirstUnread(provider, 0) - 1;
  if (number > parts_.notices.newest()) return BadRequest("cursor: there is no such notice");
  return number;
}

std::optional<v1::Notice> CalendarAnswers::Next(const ProviderId& provider, uint64_t number) const {
  const NoticePtr notice = parts_.notices.FirstAfter(number);
  if (notice == nullptr) return std::nullopt;
  v1::Notice out;
  out.set_cursor(parts_.incarnation + ":" + std::to_string(notice->number));
  out.set_number(notice->number);
  out.set_kind(ToString(notice->kind));
  ToProto(notice->made_at, *out.mutable_made_at());
  if (IsOfCatchUp(notice->kind))
    FillCatchUp(notice->catch_up, *out.mutable_catch_up());
  else
    FillWindow(WindowSaid(notice->window, notice->made_at), StateSaid(notice->kind, notice->window, notice->made_at),
               notice->version, *out.mutable_window());
  ToProto(notice->texts.title, *out.mutable_title());
  ToProto(notice->texts.for_provider, *out.mutable_for_provider());
  ToProto(notice->texts.for_users, *out.mutable_for_users());
  const auto read = parts_.readers.Of(provider, notice->number);
  if (read.acknowledged) ToProto(*read.acknowledged, *out.mutable_acknowledged_at());
  out.set_jws(notice->jws);
  return out;
}

}  // namespace tvan
