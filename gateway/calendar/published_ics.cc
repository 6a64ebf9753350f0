// RFC 5545: lines end in CRLF and are folded at 75 octets between characters; texts escape backslash, semicolon, comma
// and line ends. Times are UTC, so no zone has to be described.
#include "gateway/calendar/published.h"
#include "gateway/core/utf8.h"

namespace tvan {
namespace {

constexpr size_t kLongestLine = 75;

std::string Escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) continue;  // no control character is a text
    if (c == '\\' || c == ';' || c == ',') out += '\\';
    out += c;
  }
  return out;
}

// "20261121T170000Z"
std::string Utc(Time t) {
  const std::string local = FormatLocal(t - std::chrono::hours(7));  // the local form of an instant seven hours earlier
  std::string out;
  for (const char c : local)
    if (c != '-' && c != ':') out += c;
  return out + "Z";
}

class Lines {
 public:
  void Add(const std::string& name, std::string_view value) {
    std::string line = name + ":" + std::string(value);
    std::string_view rest = line;
    bool first = true;
    while (!rest.empty()) {
      const std::string_view part = CutUtf8(rest, first ? kLongestLine : kLongestLine - 1);
      if (part.empty()) break;  // not UTF-8: the line ends here
      text_ += (first ? "" : " ") + std::string(part) + "\r\n";
      rest.remove_prefix(part.size());
      first = false;
    }
  }
  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
};

void AddStop(const PublicStop& stop, const std::string& gateway, Lines& lines) {
  const Window& w = stop.window;
  const NoticeTexts texts = TextsOf(KindOf(stop), w);
  lines.Add("BEGIN", "VEVENT");
  lines.Add("UID", Escape(w.id) + "@" + gateway + ".tvan");
  lines.Add("DTSTAMP", Utc(stop.changed_at));
  lines.Add("LAST-MODIFIED", Utc(stop.changed_at));
  lines.Add("SEQUENCE", std::to_string(stop.version));
  lines.Add("DTSTART", Utc(w.start));
  lines.Add("DTEND", Utc(EndOf(w)));
  lines.Add("STATUS", w.cancelled ? "CANCELLED" : "CONFIRMED");
  lines.Add("TRANSP", "TRANSPARENT");
  lines.Add("SUMMARY;LANGUAGE=vi", Escape(texts.title.vi));
  lines.Add("DESCRIPTION", Escape(texts.for_users.vi + "\n\n" + texts.for_users.en));
  lines.Add("END", "VEVENT");
}

}  // namespace

std::string CalendarIcs(const Published& published) {
  Lines lines;
  lines.Add("BEGIN", "VCALENDAR");
  lines.Add("VERSION", "2.0");
  lines.Add("PRODID", "-//tvan//gateway " + published.gateway + "//VI");
  lines.Add("CALSCALE", "GREGORIAN");
  lines.Add("METHOD", "PUBLISH");
  lines.Add("REFRESH-INTERVAL;VALUE=DURATION", "PT5M");
  for (const PublicStop& stop : published.stops) AddStop(stop, published.gateway, lines);
  lines.Add("END", "VCALENDAR");
  return lines.Take();
}

}  // namespace tvan
