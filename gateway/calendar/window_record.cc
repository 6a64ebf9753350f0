#include "gateway/calendar/window_record.h"

#include "gateway/core/tagged.h"

namespace tvan {
namespace {

enum Tag : uint32_t {
  kStart = 1,
  kEnd = 2,
  kLine = 3,
  kClass = 4,
  kReasonText = 5,
  kSource = 6,
  kCancelled = 7,
  kKind = 8,
  kUnverified = 9,
  kVerifyUntil = 10,
  kEndedAt = 11,
  kFirstEnd = 12,
  kCreatedAt = 13,
  kWeekdays = 14,
  kUntil = 15,
  kException = 16,
  kTheirs = 17,
  kOurs = 18,
  kSupport = 19,
};
enum ContactTag : uint32_t { kName = 1, kTitle = 2, kEmail = 3, kMobile = 4 };

void PutContact(Tag tag, const Contact& contact, TaggedWriter& out) {
  if (contact.empty()) return;
  TaggedWriter fields;
  fields.Bytes(kName, contact.name).Bytes(kTitle, contact.title);
  fields.Bytes(kEmail, contact.email).Bytes(kMobile, contact.mobile);
  out.Bytes(tag, fields.bytes());
}

Status ReadContact(std::string_view bytes, Contact& contact) {
  return ReadTagged(bytes, [&contact](const TaggedField& field) {
    if (field.tag == kName) contact.name = field.String();
    if (field.tag == kTitle) contact.title = field.String();
    if (field.tag == kEmail) contact.email = field.String();
    if (field.tag == kMobile) contact.mobile = field.String();
  });
}

void ReadTimes(const TaggedField& field, Window& window) {
  if (field.tag == kStart) window.start.us = field.Signed();
  if (field.tag == kEnd) window.end.us = field.Signed();
  if (field.tag == kVerifyUntil) window.verify_until = Time{field.Signed()};
  if (field.tag == kEndedAt) window.ended_at = Time{field.Signed()};
  if (field.tag == kFirstEnd) window.first_end.us = field.Signed();
  if (field.tag == kCreatedAt) window.created_at.us = field.Signed();
  if (field.tag == kWeekdays) window.recurrence.weekdays = static_cast<uint8_t>(field.Unsigned());
  if (field.tag == kUntil) window.recurrence.until.us = field.Signed();
  if (field.tag == kException) window.recurrence.exceptions.push_back(Time{field.Signed()});
}

void ReadWords(const TaggedField& field, Window& window) {
  if (field.tag == kLine) window.line = LineId::Trusted(field.String());
  if (field.tag == kClass) window.classes.push_back(static_cast<MessageClass>(field.Unsigned()));
  if (field.tag == kReasonText) window.reason = field.String();
  if (field.tag == kSource) window.source = field.String();
  if (field.tag == kCancelled) window.cancelled = field.Unsigned() != 0;
  if (field.tag == kKind) window.kind = static_cast<WindowKind>(field.Unsigned());
  if (field.tag == kUnverified) window.unverified = field.Unsigned() != 0;
  if (field.tag == kSupport) window.support = field.String();
}

}  // namespace

std::string EncodeWindow(const Window& window) {
  TaggedWriter out;
  out.Signed(kStart, window.start.us).Signed(kEnd, window.end.us).Bytes(kLine, window.line.value());
  for (const MessageClass cls : window.classes) out.Unsigned(kClass, static_cast<uint64_t>(cls));
  out.Bytes(kReasonText, window.reason).Bytes(kSource, window.source).Unsigned(kCancelled, window.cancelled ? 1 : 0);
  out.Unsigned(kKind, static_cast<uint64_t>(window.kind)).Unsigned(kUnverified, window.unverified ? 1 : 0);
  if (window.verify_until) out.Signed(kVerifyUntil, window.verify_until->us);
  if (window.ended_at) out.Signed(kEndedAt, window.ended_at->us);
  out.Signed(kFirstEnd, window.first_end.us).Signed(kCreatedAt, window.created_at.us);
  if (window.recurrence.recurs()) {
    out.Unsigned(kWeekdays, window.recurrence.weekdays).Signed(kUntil, window.recurrence.until.us);
    for (const Time day : window.recurrence.exceptions) out.Signed(kException, day.us);
  }
  PutContact(kTheirs, window.theirs, out);
  PutContact(kOurs, window.ours, out);
  if (!window.support.empty()) out.Bytes(kSupport, window.support);
  return out.Take();
}

Result<Window> DecodeWindow(const OperatorRecord& record) {
  Window window;
  window.id = record.id;
  Status inner;
  const Status read = ReadTagged(record.body, [&](const TaggedField& field) {
    Status contact;
    if (field.tag == kTheirs) contact = ReadContact(field.bytes, window.theirs);
    if (field.tag == kOurs) contact = ReadContact(field.bytes, window.ours);
    if (!contact.ok()) inner = contact;
    ReadTimes(field, window);
    ReadWords(field, window);
  });
  Status good = read.ok() ? inner : read;
  if (good.ok()) good = CheckWindow(window);
  if (good.ok()) return window;
  return Status::Permanent("calendar.damaged"_reason, "window '" + record.id + "': " + good.message());
}

}  // namespace tvan
