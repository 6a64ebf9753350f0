#include <cstdio>

#include "gateway/calendar/notice.h"
#include "gateway/calendar/window_record.h"
#include "gateway/core/tagged.h"

namespace tvan {
namespace {

enum Tag : uint32_t {
  kNumber = 1,
  kKind = 2,
  kVersion = 3,
  kWindowId = 4,
  kWindow = 5,
  kTitle = 6,
  kForProvider = 7,
  kForUsers = 8,
  kJws = 9
};
enum WordsTag : uint32_t { kVi = 1, kEn = 2 };

std::string EncodeWords(const Words& words) {
  TaggedWriter out;
  return out.Bytes(kVi, words.vi).Bytes(kEn, words.en).Take();
}

Status DecodeWords(const TaggedField& field, Words& words) {
  return ReadTagged(field.bytes, [&words](const TaggedField& inner) {
    if (inner.tag == kVi) words.vi = inner.String();
    if (inner.tag == kEn) words.en = inner.String();
  });
}

// What is read of a record before its window is.
struct Reading {
  Notice notice;
  OperatorRecord window;
  Status status;
  void Keep(Status more) {
    if (status.ok()) status = std::move(more);
  }
};

void ReadField(const TaggedField& field, Reading& reading) {
  Notice& notice = reading.notice;
  switch (field.tag) {
    case kNumber:
      notice.number = field.Unsigned();
      break;
    case kKind:
      notice.kind = static_cast<NoticeKind>(field.Unsigned());
      break;
    case kVersion:
      notice.version = field.Unsigned();
      break;
    case kWindowId:
      reading.window.id = field.String();
      break;
    case kWindow:
      reading.window.body = field.String();
      break;
    case kTitle:
      reading.Keep(DecodeWords(field, notice.texts.title));
      break;
    case kForProvider:
      reading.Keep(DecodeWords(field, notice.texts.for_provider));
      break;
    case kForUsers:
      reading.Keep(DecodeWords(field, notice.texts.for_users));
      break;
    case kJws:
      notice.jws = field.String();
      break;
    default:
      break;
  }
}

}  // namespace

std::string NoticeId(uint64_t number) {
  char text[24];
  std::snprintf(text, sizeof text, "%012llu", static_cast<unsigned long long>(number));
  return text;
}

std::string EncodeNotice(const Notice& notice) {
  TaggedWriter out;
  out.Unsigned(kNumber, notice.number).Unsigned(kKind, static_cast<uint64_t>(notice.kind));
  out.Unsigned(kVersion, notice.version).Bytes(kWindowId, notice.window.id);
  out.Bytes(kWindow, EncodeWindow(notice.window)).Bytes(kTitle, EncodeWords(notice.texts.title));
  out.Bytes(kForProvider, EncodeWords(notice.texts.for_provider));
  out.Bytes(kForUsers, EncodeWords(notice.texts.for_users)).Bytes(kJws, notice.jws);
  return out.Take();
}

Result<Notice> DecodeNotice(const OperatorRecord& record) {
  Reading reading;
  reading.window.kind = kWindowKind;
  reading.Keep(ReadTagged(record.body, [&reading](const TaggedField& field) { ReadField(field, reading); }));
  Notice& notice = reading.notice;
  const auto bad = [&record](const std::string& why) {
    return Status::Permanent("calendar.damaged"_reason, "notice '" + record.id + "': " + why);
  };
  if (!reading.status.ok()) return bad(reading.status.message());
  if (NoticeId(notice.number) != record.id) return bad("its number is another");
  if (notice.kind < NoticeKind::kAnnounced || notice.kind > NoticeKind::kCancelled) return bad("unknown kind");
  auto window = DecodeWindow(reading.window);
  if (!window.ok()) return bad(window.status().message());
  notice.window = *std::move(window);
  notice.made_at = record.changed_at;
  return std::move(notice);
}

}  // namespace tvan
