#include "gateway/calendar/published.h"

namespace tvan {
namespace {

void WriteTime(const char* key, const std::optional<Time>& time, JsonWriter& json) {
  if (time) json.Key(key).String(FormatTime(*time));
}

void WriteClass(const ClassNow& one, JsonWriter& json) {
  json.BeginObject().Key("advice");
  WriteWords(one.advice, json);
  json.Key("class").String(ToString(one.cls));
  WriteTime("expected_return", one.expected_return, json);
  json.Key("mode").String(ToString(one.mode));
  WriteTime("next_stop", one.next_stop, json);
  json.Key("phase").String(ToString(one.state.phase));
  if (one.state.since.us != 0) json.Key("since").String(FormatTime(one.state.since));
  json.Key("window").String(one.state.window).EndObject();
}

void WriteStop(const PublicStop& stop, JsonWriter& json) {
  const NoticeTexts texts = TextsOf(KindOf(stop), stop.window);
  json.BeginObject().Key("for_users");
  WriteWords(texts.for_users, json);
  json.Key("title");
  WriteWords(texts.title, json);
  json.Key("window");
  WriteWindow(stop.window, stop.state, stop.version, json);
  json.EndObject();
}

void WriteNotice(const Notice& notice, JsonWriter& json) {
  json.BeginObject().Key("for_provider");
  WriteWords(notice.texts.for_provider, json);
  json.Key("for_users");
  WriteWords(notice.texts.for_users, json);
  json.Key("jws").String(notice.jws).Key("kind").String(ToString(notice.kind));
  json.Key("made_at").String(FormatTime(notice.made_at)).Key("number").Number(static_cast<int64_t>(notice.number));
  json.Key("title");
  WriteWords(notice.texts.title, json);
  json.Key("window").String(notice.window.id).EndObject();
}

}  // namespace

std::string CalendarJson(const Published& published) {
  JsonWriter json;
  json.BeginObject().Key("classes").BeginArray();
  for (const ClassNow& one : published.now.classes) WriteClass(one, json);
  json.EndArray().Key("gateway").String(published.gateway).Key("line").String(published.line.value());
  json.Key("made_at").String(FormatTime(published.made_at)).Key("notices").BeginArray();
  for (const NoticePtr& notice : published.notices) WriteNotice(*notice, json);
  json.EndArray().Key("phase").String(ToString(published.now.phase)).Key("version").Number(1);
  json.Key("windows").BeginArray();
  for (const PublicStop& stop : published.stops) WriteStop(stop, json);
  return json.EndArray().EndObject().text();
}

}  // namespace tvan
