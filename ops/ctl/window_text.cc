#include "ops/ctl/window_text.h"

#include <algorithm>
#include <cctype>

#include "ops/ctl/night_words.h"
#include "ops/ctl/output.h"
#include "ops/ctl/screen_text.h"

namespace tvan::ctl {
namespace {

using admin::v1::Window;

constexpr const char* kDays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

// "ENDED_EARLY" → "ended early"
std::string Small(std::string name) {
  for (char& c : name) c = c == '_' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name;
}

std::string KindText(v1::WindowKind kind) {
  return Small(v1::WindowKind_Name(kind).substr(sizeof("WINDOW_KIND_") - 1));
}

std::string ClassesText(const Window& window) {
  std::string text;
  for (const int cls : window.message_classes())
    text += (text.empty() ? "" : ",") + ToText(static_cast<v1::MessageClass>(cls));
  return text.empty() ? "all" : text;
}

std::string RepeatsText(const Window& window) {
  if (!window.has_recurrence()) return "";
  const auto& recurrence = window.recurrence();
  std::string text;
  for (const int day : recurrence.weekdays())
    if (day >= 1 && day <= 7) text += (text.empty() ? "" : ",") + std::string(kDays[day - 1]);
  if (recurrence.weekdays_size() % 7 == 0) text = "daily";
  if (recurrence.has_until()) text += " until " + ToText(recurrence.until());
  std::string except;
  for (const std::string& day : recurrence.exceptions()) except += (except.empty() ? " except " : ",") + day;
  return text + except;
}

std::string ContactText(const admin::v1::Contact& contact) {
  return contact.name() + "; " + contact.title() + "; " + contact.email() + "; " + contact.mobile();
}

void Add(const char* name, const std::string& value, std::string& out) {
  if (!value.empty()) out += "  " + PadRight(name, 16) + Clean(value) + "\n";
}

using Texts = google::protobuf::RepeatedPtrField<v1::Text>;

void AddAll(const std::string& mark, const Texts& texts, bool vi, std::string& out) {  // NOLINT: one of two languages
  for (const v1::Text& text : texts) out += "  " + mark + Clean(vi ? text.vi() : text.en()) + "\n";
}

}  // namespace

std::string StateText(v1::WindowState state) {
  return Small(v1::WindowState_Name(state).substr(sizeof("WINDOW_STATE_") - 1));
}

std::string WindowsText(const std::vector<Window>& windows) {
  Table table({"id", "kind", "start", "end", "repeats", "line", "classes", "state", "reason", "version"});
  for (const Window& w : windows)
    table.Add({w.id(), KindText(w.kind()), ToText(w.start()), ToText(w.has_ended_at() ? w.ended_at() : w.end()),
               RepeatsText(w), w.line().empty() ? "all" : w.line(), ClassesText(w), StateText(w.state()),
               Clean(w.reason()), std::to_string(w.version())});
  return table.Text();
}

std::string WindowText(const Window& window) {
  std::string out = window.id() + "  " + StateText(window.state()) + "\n";
  Add("kind", KindText(window.kind()), out);
  Add("start", ToText(window.start()), out);
  Add("expected return", ToText(window.end()), out);
  if (ToTime(window.first_end()) != ToTime(window.end())) Add("first said", ToText(window.first_end()), out);
  Add("ended early at", ToText(window.ended_at()), out);
  Add("verify until", ToText(window.verify_until()), out);
  Add("repeats", RepeatsText(window), out);
  Add("line", window.line().empty() ? "all" : window.line(), out);
  Add("classes", ClassesText(window), out);
  Add("reason", window.reason(), out);
  Add("source", window.source(), out);
  if (window.unverified()) Add("verified", "no: it switches nothing", out);
  if (window.has_theirs()) Add("their contact", ContactText(window.theirs()), out);
  if (window.has_ours()) Add("our contact", ContactText(window.ours()), out);
  Add("support", window.support(), out);
  Add("entered", ToText(window.created_at()), out);
  Add("version", std::to_string(window.version()) + ", " + ToText(window.changed_at()) + ", " + window.entered_by(),
      out);
  return out;
}

std::string HistoryText(const std::vector<Window>& versions) {
  Table table(
      {"version", "changed", "by", "start", "end", "ended early", "verified", "cancelled", "repeats", "reason"});
  for (const Window& w : versions)
    table.Add({std::to_string(w.version()), ToText(w.changed_at()), w.entered_by(), ToText(w.start()), ToText(w.end()),
               ToText(w.ended_at()), w.unverified() ? "no" : "yes", w.cancelled() ? "yes" : "no", RepeatsText(w),
               Clean(w.reason())});
  return table.Text();
}

std::string PreviewText(const admin::v1::PreviewWindowResponse& preview, bool vi) {  // NOLINT: one of two languages
  const NightWords words(vi);
  const std::string version = std::to_string(preview.before().version());
  const std::string was = !preview.has_before() ? words.Say("mới", "new")
                          : vi                  ? "thay đổi phiên bản " + version
                                                : "version " + version + " changes";
  const std::string what = preview.changes().empty() ? words.Say("không có gì thay đổi", "nothing changes") : was;
  std::string out = preview.after().id() + ": " + what + "; " +
                    (vi ? words.State(preview.state()) : StateText(preview.state())) + "\n";
  AddAll("", preview.changes(), vi, out);
  AddAll(words.Say("cảnh báo: ", "warning: "), preview.warnings(), vi, out);
  AddAll(words.Say("cần chấp nhận: ", "to accept: "), preview.to_accept(), vi, out);
  AddAll(words.Say("bị từ chối: ", "refused: "), preview.errors(), vi, out);
  if (preview.queued() > 0)
    out += "  " + std::to_string(preview.queued()) +
           words.Say(" thông điệp đang chờ thuộc loại sẽ bị đóng", " messages wait now for what it closes") + "\n";
  return out;
}

}  // namespace tvan::ctl
