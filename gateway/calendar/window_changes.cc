#include "gateway/calendar/window_changes.h"

#include <array>
#include <map>
#include <utility>

#include "gateway/calendar/occurrence.h"

namespace tvan {
namespace {

constexpr std::array<const char*, 7> kNames = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                               "Friday", "Saturday", "Sunday"};
constexpr uint8_t kEveryDay = 0x7f;

const char* KindName(WindowKind kind) {
  constexpr std::array<const char*, 4> kKinds = {"authority", "own", "outage", "rehearsal"};
  return kind <= WindowKind::kRehearsal ? kKinds.at(static_cast<size_t>(kind)) : "unknown";
}

std::string TextOf(const std::optional<Time>& time) { return time ? MinuteText(*time) : ""; }

std::string TextOf(const Contact& c) {
  return c.empty() ? "" : c.name + "; " + c.title + "; " + c.email + "; " + c.mobile;
}

std::string ClassesText(const Window& window) {
  std::string text;
  for (const MessageClass cls : window.classes) text += (text.empty() ? "" : ",") + std::string(ToString(cls));
  return text.empty() ? "every class" : text;
}

std::string ExceptionsText(const Recurrence& recurrence) {
  std::string text;
  for (const Time day : recurrence.exceptions) text += (text.empty() ? "" : ",") + DayText(day);
  return text;
}

using Fields = std::vector<std::pair<const char*, std::string>>;

Fields FieldsOf(const Window& w) {
  const Recurrence& r = w.recurrence;
  return {{"kind", KindName(w.kind)},
          {"start", MinuteText(w.start)},
          {"end", MinuteText(w.end)},
          {"verify until", TextOf(w.verify_until)},
          {"ended at", TextOf(w.ended_at)},
          {"repeats", r.recurs() ? WeekdaysText(r.weekdays) : ""},
          {"repeats until", r.until == kForever ? "" : MinuteText(r.until)},
          {"except", ExceptionsText(r)},
          {"line", w.line.empty() ? "every line" : w.line.value()},
          {"classes", ClassesText(w)},
          {"reason", w.reason},
          {"source", w.source},
          {"verified", w.unverified ? "no" : "yes"},
          {"cancelled", w.cancelled ? "yes" : "no"},
          {"their contact", TextOf(w.theirs)},
          {"our contact", TextOf(w.ours)},
          {"support", w.support}};
}

std::string OrNone(const std::string& text) { return text.empty() ? "none" : text; }

// ASCII letters, small, and digits: "Thứ Năm" and "THỨ NĂM" are both "thnm".
std::string Bare(std::string_view text) {
  std::string bare;
  for (const char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) bare += c;
    if (c >= 'A' && c <= 'Z') bare += static_cast<char>(c - 'A' + 'a');
  }
  return bare;
}

}  // namespace

std::string MinuteText(Time t) {
  std::string text = FormatLocal(t);
  if (text.size() == 19 && text.compare(16, 3, ":00") == 0) text.resize(16);
  return text;
}

std::string LengthText(Span span) {
  if (span < Span(0)) return "-" + LengthText(-span);
  const int64_t seconds = span.count() / 1'000'000;
  const std::pair<int64_t, const char*> parts[] = {
      {seconds / 86'400, " d"}, {seconds / 3600 % 24, " h"}, {seconds / 60 % 60, " min"}};
  std::string text;
  for (const auto& [count, unit] : parts)
    if (count != 0) text += (text.empty() ? "" : " ") + std::to_string(count) + unit;
  if (!text.empty()) return text;
  return seconds == 0 ? "0 min" : std::to_string(seconds) + " s";
}

const char* WeekdayName(int weekday) { return kNames.at(static_cast<size_t>(weekday)); }

std::string WeekdaysText(uint8_t weekdays) {
  if (weekdays == kEveryDay) return "daily";
  std::string text;
  for (size_t day = 0; day < kNames.size(); ++day)
    if ((weekdays & (1 << day)) != 0) text += (text.empty() ? "" : ",") + std::string(kNames[day]).substr(0, 3);
  return text;
}

std::vector<std::string> ChangesOf(const std::optional<Window>& before, const Window& after) {
  const Fields old = FieldsOf(before ? *before : Window()), now = FieldsOf(after);
  std::vector<std::string> changes;
  for (size_t i = 0; i < now.size(); ++i) {
    const auto& [name, text] = now[i];
    if (text == old[i].second) continue;
    changes.push_back(name + (": " + (before ? OrNone(old[i].second) + " -> " : "") + OrNone(text)));
  }
  return changes;
}

std::optional<int> ParseWeekday(std::string_view text) {
  static const std::map<std::string, int> kWords = {
      {"thhai", 0}, {"thuhai", 0},  {"th2", 0}, {"thu2", 0}, {"t2", 0},    {"mon", 0}, {"monday", 0},
      {"thba", 1},  {"thuba", 1},   {"th3", 1}, {"thu3", 1}, {"t3", 1},    {"tue", 1}, {"tuesday", 1},
      {"tht", 2},   {"thutu", 2},   {"th4", 2}, {"thu4", 2}, {"t4", 2},    {"wed", 2}, {"wednesday", 2},
      {"thnm", 3},  {"thunam", 3},  {"th5", 3}, {"thu5", 3}, {"t5", 3},    {"thu", 3}, {"thursday", 3},
      {"thsu", 4},  {"thusau", 4},  {"th6", 4}, {"thu6", 4}, {"t6", 4},    {"fri", 4}, {"friday", 4},
      {"thby", 5},  {"thubay", 5},  {"th7", 5}, {"thu7", 5}, {"t7", 5},    {"sat", 5}, {"saturday", 5},
      {"chnht", 6}, {"chunhat", 6}, {"cn", 6},  {"sun", 6},  {"sunday", 6}};
  const auto word = kWords.find(Bare(text));
  return word == kWords.end() ? std::nullopt : std::optional(word->second);
}

}  // namespace tvan
