#include "gateway/calendar/window_changes.h"

#include <map>
#include <utility>

#include "gateway/calendar/occurrence.h"

namespace tvan {
namespace {

constexpr uint8_t kEveryDay = 0x7f;

Words Same(const std::string& text) { return {text, text}; }

Words KindText(WindowKind kind) {
  switch (kind) {
    case WindowKind::kAuthority:
      return {"cơ quan thuế", "authority"};
    case WindowKind::kOwn:
      return {"của ta", "own"};
    case WindowKind::kOutage:
      return {"sự cố", "outage"};
    case WindowKind::kRehearsal:
      return {"diễn tập", "rehearsal"};
  }
  return Same(ToString(kind));
}

Words WeekdaysText(uint8_t weekdays) {
  if (weekdays == kEveryDay) return {"hằng ngày", "daily"};
  Words text;
  for (int day = 0; day < 7; ++day) {
    if ((weekdays & (1 << day)) == 0) continue;
    const Words name = SayWeekday(day);
    text = text + Words{(text.vi.empty() ? "" : ", ") + name.vi, (text.en.empty() ? "" : ",") + name.en.substr(0, 3)};
  }
  return text;
}

Words YesNo(bool yes) { return yes ? Words{"có", "yes"} : Words{"không", "no"}; }

std::string TextOf(const std::optional<Time>& time) { return time ? MinuteText(*time) : ""; }

std::string TextOf(const Contact& c) {
  return c.empty() ? "" : c.name + "; " + c.title + "; " + c.email + "; " + c.mobile;
}

// By the names that operators type.
Words ClassesText(const Window& window) {
  std::string text;
  for (const MessageClass cls : window.classes) text += (text.empty() ? "" : ",") + std::string(ToString(cls));
  return text.empty() ? Words{"mọi loại", "every class"} : Same(text);
}

std::string ExceptionsText(const Recurrence& recurrence) {
  std::string text;
  for (const Time day : recurrence.exceptions) text += (text.empty() ? "" : ",") + DayText(day);
  return text;
}

using Fields = std::vector<std::pair<Words, Words>>;  // name, text

Fields FieldsOf(const Window& w) {
  const Recurrence& r = w.recurrence;
  return {{{"loại", "kind"}, KindText(w.kind)},
          {{"bắt đầu", "start"}, Same(MinuteText(w.start))},
          {{"kết thúc", "end"}, Same(MinuteText(w.end))},
          {{"kiểm tra đến", "verify until"}, Same(TextOf(w.verify_until))},
          {{"kết thúc sớm lúc", "ended at"}, Same(TextOf(w.ended_at))},
          {{"lặp lại", "repeats"}, r.recurs() ? WeekdaysText(r.weekdays) : Words()},
          {{"lặp lại đến", "repeats until"}, Same(r.until == kForever ? "" : MinuteText(r.until))},
          {{"trừ ngày", "except"}, Same(ExceptionsText(r))},
          {{"đường truyền", "line"}, w.line.empty() ? Words{"mọi đường truyền", "every line"} : Same(w.line.value())},
          {{"loại dữ liệu", "classes"}, ClassesText(w)},
          {{"lý do", "reason"}, Same(w.reason)},
          {{"căn cứ", "source"}, Same(w.source)},
          {{"đã xác nhận", "verified"}, YesNo(!w.unverified)},
          {{"đã hủy", "cancelled"}, YesNo(w.cancelled)},
          {{"đầu mối phía cơ quan thuế", "their contact"}, Same(TextOf(w.theirs))},
          {{"đầu mối của ta", "our contact"}, Same(TextOf(w.ours))},
          {{"hỗ trợ", "support"}, Same(w.support)}};
}

Words OrNone(const Words& text) { return text.en.empty() ? Words{"không có", "none"} : text; }

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

std::vector<Words> ChangesOf(const std::optional<Window>& before, const Window& after) {
  const Fields old = FieldsOf(before ? *before : Window()), now = FieldsOf(after);
  std::vector<Words> changes;
  for (size_t i = 0; i < now.size(); ++i) {
    const auto& [name, text] = now[i];
    if (text == old[i].second) continue;
    const Words was = before ? OrNone(old[i].second) + Words{" -> ", " -> "} : Words();
    changes.push_back(name + Words{": ", ": "} + was + OrNone(text));
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
