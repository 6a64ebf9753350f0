#include "gateway/calendar/notice.h"

namespace tvan {
namespace {

bool SwitchesSomething(const Window& window, Rehearsals rehearsals) {
  if (window.cancelled || window.unverified) return false;
  return window.kind != WindowKind::kRehearsal || rehearsals == Rehearsals::kTell;
}

// None of its stops is still to come, or it was over when it was entered.
bool IsNews(const Window& window, Time now) { return window.created_at < EndOf(window) && OccurrenceAt(window, now); }

bool LooksTheSame(const Window& a, const Window& b) {
  return a.start == b.start && a.end == b.end && a.ended_at == b.ended_at && a.verify_until == b.verify_until &&
         a.line == b.line && a.classes == b.classes && a.kind == b.kind && a.recurrence == b.recurrence &&
         a.reason == b.reason && a.source == b.source && a.support == b.support;
}

void WriteCatchUp(const CatchUp& catch_up, JsonWriter& json) {
  json.BeginObject().Key("began_at").String(FormatTime(catch_up.began_at));
  if (catch_up.empty_at) json.Key("empty_at").String(FormatTime(*catch_up.empty_at));
  json.Key("not_before_stop").Bool(catch_up.not_before_stop).EndObject();
}

}  // namespace

const char* ToString(NoticeKind kind) {
  switch (kind) {
    case NoticeKind::kAnnounced:
      return "window_announced";
    case NoticeKind::kChanged:
      return "window_changed";
    case NoticeKind::kExtended:
      return "window_extended";
    case NoticeKind::kEndedEarly:
      return "window_ended_early";
    case NoticeKind::kCancelled:
      return "window_cancelled";
    case NoticeKind::kCatchUpBegun:
      return "catch_up_begun";
    case NoticeKind::kCatchUpMoved:
      return "catch_up_moved";
    case NoticeKind::kCatchUpOver:
      return "catch_up_over";
  }
  return "unknown";
}

std::optional<NoticeKind> WhatToTell(const Window* told, const Window& window, Rehearsals rehearsals, Time now) {
  const bool was = told != nullptr && SwitchesSomething(*told, rehearsals);
  const bool is = SwitchesSomething(window, rehearsals);
  if (!is) return was ? std::optional(NoticeKind::kCancelled) : std::nullopt;
  if (!was) return IsNews(window, now) ? std::optional(NoticeKind::kAnnounced) : std::nullopt;
  if (LooksTheSame(*told, window)) return std::nullopt;
  if (window.ended_at && window.ended_at != told->ended_at) return NoticeKind::kEndedEarly;
  const bool longer = EndOf(window) > EndOf(*told) && window.start == told->start;
  return longer ? NoticeKind::kExtended : NoticeKind::kChanged;
}

WindowState StateSaid(NoticeKind kind, const Window& window, Time at) {
  return kind == NoticeKind::kCancelled ? WindowState::kCancelled : StateOf(window, at);
}

Window WindowSaid(const Window& window, Time at) {
  if (!window.recurrence.recurs()) return window;
  const std::optional<Window> occurrence = OccurrenceAt(window, at);
  Window said = occurrence.value_or(window);
  said.recurrence = {};
  said.id = window.id;
  return said;
}

void WriteWords(const Words& words, JsonWriter& json) {
  json.BeginObject().Key("en").String(words.en).Key("vi").String(words.vi).EndObject();
}

void WriteWindow(const Window& window, WindowState state, uint64_t version, JsonWriter& json) {
  json.BeginObject().Key("classes").BeginArray();
  for (const MessageClass cls : window.classes) json.String(ToString(cls));
  json.EndArray().Key("end").String(FormatTime(EndOf(window))).Key("id").String(window.id);
  json.Key("kind").String(ToString(window.kind)).Key("reason").String(window.reason);
  json.Key("source").String(window.source).Key("start").String(FormatTime(window.start));
  json.Key("state").String(ToString(state)).Key("support").String(window.support);
  if (window.verify_until) json.Key("verify_until").String(FormatTime(*window.verify_until));
  json.Key("version").Number(static_cast<int64_t>(version)).EndObject();
}

std::string NoticeJson(const Notice& notice) {
  JsonWriter json;
  json.BeginObject();
  if (IsOfCatchUp(notice.kind)) WriteCatchUp(notice.catch_up, json.Key("catch_up"));
  json.Key("for_provider");
  WriteWords(notice.texts.for_provider, json);
  json.Key("for_users");
  WriteWords(notice.texts.for_users, json);
  json.Key("kind").String(ToString(notice.kind)).Key("made_at").String(FormatTime(notice.made_at));
  json.Key("number").Number(static_cast<int64_t>(notice.number)).Key("title");
  WriteWords(notice.texts.title, json);
  if (IsOfCatchUp(notice.kind)) return json.EndObject().text();
  json.Key("window");
  WriteWindow(WindowSaid(notice.window, notice.made_at), StateSaid(notice.kind, notice.window, notice.made_at),
              notice.version, json);
  return json.EndObject().text();
}

}  // namespace tvan
