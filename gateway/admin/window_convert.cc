// Windows as operators see them, both ways.
#include <algorithm>

#include "gateway/admin/admin_convert.h"
#include "gateway/intake/convert.h"
#include "gateway/intake/line_convert.h"

namespace tvan {
namespace {

constexpr int kDays = 7;
constexpr uint8_t kEveryDay = 0x7f;

Status BadRequest(const std::string& what) { return Status::Permanent("admin.bad_request"_reason, "window." + what); }

std::optional<Time> TimeOf(bool there, const google::protobuf::Timestamp& time) {
  return there ? std::optional(FromProto(time)) : std::nullopt;
}

Result<Recurrence> RecurrenceOf(const admin::v1::Recurrence& in) {
  Recurrence out;
  for (const int day : in.weekdays()) {
    if (day < 1 || day > kDays) return BadRequest("recurrence.weekdays: 1 Monday to 7 Sunday");
    out.weekdays = static_cast<uint8_t>(out.weekdays | 1 << (day - 1));
  }
  if (in.weekdays().empty()) out.weekdays = kEveryDay;
  if (in.has_until()) out.until = FromProto(in.until());
  for (const std::string& text : in.exceptions()) {
    const auto day = ParseDate(text);
    if (!day) return BadRequest("recurrence.exceptions: " + day.status().message());
    out.exceptions.push_back(*day);
  }
  std::sort(out.exceptions.begin(), out.exceptions.end());
  out.exceptions.erase(std::unique(out.exceptions.begin(), out.exceptions.end()), out.exceptions.end());
  return out;
}

Contact ContactOf(const admin::v1::Contact& in) { return {in.name(), in.title(), in.email(), in.mobile()}; }

void Fill(const Recurrence& recurrence, admin::v1::Recurrence& out) {
  for (int day = 0; day < kDays; ++day)
    if ((recurrence.weekdays & (1 << day)) != 0) out.add_weekdays(day + 1);
  if (recurrence.until != kForever) ToProto(recurrence.until, *out.mutable_until());
  for (const Time day : recurrence.exceptions) out.add_exceptions(FormatLocal(day).substr(0, 10));
}

void Fill(const Contact& contact, admin::v1::Contact& out) {
  out.set_name(contact.name);
  out.set_title(contact.title);
  out.set_email(contact.email);
  out.set_mobile(contact.mobile);
}

}  // namespace

Result<Window> FromProto(const admin::v1::Window& in) {
  if (!in.has_start() || !in.has_end()) return BadRequest("start, end: both are wanted");
  if (in.kind() < v1::WINDOW_KIND_UNSPECIFIED || in.kind() > v1::WINDOW_KIND_REHEARSAL)
    return BadRequest("kind: unknown kind " + std::to_string(in.kind()));
  Window window;
  window.id = in.id();
  window.start = FromProto(in.start());
  window.end = FromProto(in.end());
  window.line = LineId::Trusted(in.line());
  for (const int number : in.message_classes()) {
    const auto cls = FromProto(static_cast<v1::MessageClass>(number));
    if (!cls) return BadRequest("message_classes: unknown class " + std::to_string(number));
    window.classes.push_back(*cls);
  }
  window.reason = in.reason();
  window.source = in.source();
  window.cancelled = in.cancelled();
  window.kind = static_cast<WindowKind>(std::max<int>(in.kind(), v1::WINDOW_KIND_AUTHORITY) - 1);
  window.unverified = in.unverified();
  window.verify_until = TimeOf(in.has_verify_until(), in.verify_until());
  window.ended_at = TimeOf(in.has_ended_at(), in.ended_at());
  if (in.has_recurrence()) {
    auto recurrence = RecurrenceOf(in.recurrence());
    if (!recurrence) return recurrence.status();
    window.recurrence = *std::move(recurrence);
  }
  window.theirs = ContactOf(in.theirs());
  window.ours = ContactOf(in.ours());
  window.support = in.support();
  return window;
}

void ToProto(const Window& window, Time now, admin::v1::Window& out) {
  out.set_id(window.id);
  ToProto(window.start, *out.mutable_start());
  ToProto(window.end, *out.mutable_end());
  out.set_line(window.line.value());
  for (const MessageClass cls : window.classes) out.add_message_classes(ToProto(cls));
  out.set_reason(window.reason);
  out.set_source(window.source);
  out.set_cancelled(window.cancelled);
  out.set_kind(ToProto(window.kind));
  out.set_unverified(window.unverified);
  if (window.verify_until) ToProto(*window.verify_until, *out.mutable_verify_until());
  if (window.ended_at) ToProto(*window.ended_at, *out.mutable_ended_at());
  if (window.first_end.us != 0) ToProto(window.first_end, *out.mutable_first_end());
  if (window.created_at.us != 0) ToProto(window.created_at, *out.mutable_created_at());
  if (window.recurrence.recurs()) Fill(window.recurrence, *out.mutable_recurrence());
  if (!window.theirs.empty()) Fill(window.theirs, *out.mutable_theirs());
  if (!window.ours.empty()) Fill(window.ours, *out.mutable_ours());
  out.set_support(window.support);
  out.set_state(ToProto(StateOf(window, now)));
}

void ToProto(const VersionedWindow& versioned, Time now, admin::v1::Window& out) {
  ToProto(versioned.window, now, out);
  out.set_version(versioned.version);
  out.set_entered_by(versioned.author);
  ToProto(versioned.changed_at, *out.mutable_changed_at());
}

}  // namespace tvan
