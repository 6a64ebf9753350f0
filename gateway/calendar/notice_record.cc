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
  kJws = 9,
  kCatchUp = 10
};
enum WordsTag : uint32_t { kVi = 1, kEn = 2 };
enum CatchUpTag : uint32_t { kBeganAt = 1, kEmptyAt = 2, kNotBeforeStop = 3 };

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

std::string EncodeCatchUp(const CatchUp& catch_up) {
  TaggedWriter out;
  out.Signed(kBeganAt, catch_up.began_at.us);
  if (catch_up.empty_at) out.Signed(kEmptyAt, catch_up.empty_at->us);
  return out.Unsigned(kNotBeforeStop, catch_up.not_before_stop ? 1 : 0).Take();
}

Status DecodeCatchUp(const TaggedField& field, CatchUp& catch_up) {
  return ReadTagged(field.bytes, [&catch_up](const TaggedField& inner) {
    if (inner.tag == kBeganAt) catch_up.began_at.us = inner.Signed();
    if (inner.tag == kEmptyAt) catch_up.empty_at = Time{inner.Signed()};
    if (inner.tag == kNotBeforeStop) catch_up.not_before_stop = inner.Unsigned() != 0;
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
    case kCatchUp:
      reading.Keep(DecodeCatchUp(field, notice.catch_up));
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
  if (IsOfCatchUp(notice.kind)) {
    out.Bytes(kCatchUp, EncodeCatchUp(notice.catch_up));
  } else {
    out.Unsigned(kVersion, notice.version).Bytes(kWindowId, notice.window.id);
    out.Bytes(kWindow, EncodeWindow(notice.window));
  }
  out.Bytes(kTitle, EncodeWords(notice.texts.title));
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
  if (notice.kind < NoticeKind::kAnnounced || notice.kind > NoticeKind::kCatchUpOver) return bad("unknown kind");
  notice.made_at = record.changed_at;
  if (IsOfCatchUp(notice.kind)) return std::move(notice);
  auto window = DecodeWindow(reading.window);
  if (!window.ok()) return bad(window.status().message());
  notice.window = *std::move(window);
  return std::move(notice);
}

}  // namespace tvan
