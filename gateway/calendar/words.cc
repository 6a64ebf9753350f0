#include "gateway/calendar/words.h"

#include <array>
#include <utility>

#include "gateway/calendar/occurrence.h"

namespace tvan {
namespace {

constexpr size_t kMostDaysSaid = 10;

struct Names {
  const char *vi, *en;
};
constexpr std::array<Names, 7> kWeekdays = {{{"thứ Hai", "Monday"},
                                             {"thứ Ba", "Tuesday"},
                                             {"thứ Tư", "Wednesday"},
                                             {"thứ Năm", "Thursday"},
                                             {"thứ Sáu", "Friday"},
                                             {"thứ Bảy", "Saturday"},
                                             {"Chủ nhật", "Sunday"}}};
constexpr std::array<const char*, 12> kMonths = {"January", "February", "March",     "April",   "May",      "June",
                                                 "July",    "August",   "September", "October", "November", "December"};

std::string HourOf(Time t) { return FormatLocal(t).substr(11, 5); }

// "22/11/2026", "22 November 2026"
Words DayOf(Time t) {
  const std::string text = FormatLocal(t), day = text.substr(8, 2), month = text.substr(5, 2), year = text.substr(0, 4);
  const size_t name = static_cast<size_t>((month[0] - '0') * 10 + (month[1] - '0') - 1);
  return {day + "/" + month + "/" + year, (day[0] == '0' ? day.substr(1) : day) + " " + kMonths[name] + " " + year};
}

Words NamedDay(Time t) {
  const Words day = DayOf(t);
  const Names& weekday = kWeekdays[static_cast<size_t>(WeekdayOf(t))];
  return {day.vi + " (" + weekday.vi + ")", std::string(weekday.en) + " " + day.en};
}

Words SayWeekdays(uint8_t weekdays) {
  if ((weekdays & 0x7f) == 0x7f) return {"hằng ngày", "every day"};
  Words said;
  for (size_t i = 0; i < kWeekdays.size(); ++i) {
    if ((weekdays >> i & 1) == 0) continue;
    if (!said.en.empty()) said = said + Words{", ", ", "};
    said = said + Words{kWeekdays[i].vi, kWeekdays[i].en};
  }
  return {said.vi + " hằng tuần", "every " + said.en};
}

Words SayExceptions(const std::vector<Time>& days) {
  if (days.empty()) return {};
  Words said{", trừ ngày ", ", except on "};
  for (size_t i = 0; i < days.size() && i < kMostDaysSaid; ++i) {
    if (i != 0) said = said + Words{", ", ", "};
    said = said + DayOf(days[i]);
  }
  return days.size() > kMostDaysSaid ? said + Words{" …", " …"} : said;
}

Words SayRecurring(const Window& w) {
  const bool over_midnight = LocalMidnight(w.start) != LocalMidnight(w.end);
  const Words days = SayWeekdays(w.recurrence.weekdays), first = DayOf(w.start);
  Words said{"từ " + HourOf(w.start) + " đến " + HourOf(w.end) + (over_midnight ? " hôm sau " : " ") + days.vi +
                 ", kể từ ngày " + first.vi,
             "from " + HourOf(w.start) + " to " + HourOf(w.end) + (over_midnight ? " of the next day " : " ") +
                 days.en + ", beginning on " + first.en};
  if (w.recurrence.until != kForever) {
    const Words until = DayOf(w.recurrence.until);
    said = said + Words{" đến trước ngày " + until.vi, " and before " + until.en};
  }
  return said + SayExceptions(w.recurrence.exceptions);
}

}  // namespace

Words SayTime(Time t) {
  const Words day = NamedDay(t);
  return {HourOf(t) + " ngày " + day.vi, HourOf(t) + " on " + day.en};
}

Words SaySpan(const Window& window) {
  if (window.recurrence.recurs()) return SayRecurring(window);
  const Time end = EndOf(window);
  const Words day = NamedDay(window.start), till = NamedDay(end);
  const std::string from = HourOf(window.start), to = HourOf(end);
  if (LocalMidnight(window.start) == LocalMidnight(end))
    return {"từ " + from + " đến " + to + " ngày " + day.vi, "from " + from + " to " + to + " on " + day.en};
  return {"từ " + from + " ngày " + day.vi + " đến " + to + " ngày " + till.vi,
          "from " + from + " on " + day.en + " to " + to + " on " + till.en};
}

Words SayWeekday(int weekday) {
  const Names& names = kWeekdays.at(static_cast<size_t>(weekday));
  return {names.vi, names.en};
}

Words SayLength(Span span) {
  if (span < Span(0)) return Words{"-", "-"} + SayLength(-span);
  const int64_t seconds = span.count() / 1'000'000;
  const std::pair<int64_t, Names> parts[] = {{seconds / 86'400, {" ngày", " d"}},
                                             {seconds / 3600 % 24, {" giờ", " h"}},
                                             {seconds / 60 % 60, {" phút", " min"}}};
  Words said;
  for (const auto& [count, unit] : parts) {
    if (count == 0) continue;
    if (!said.en.empty()) said = said + Words{" ", " "};
    said = said + Words{std::to_string(count) + unit.vi, std::to_string(count) + unit.en};
  }
  if (!said.en.empty()) return said;
  if (seconds == 0) return {"0 phút", "0 min"};
  return {std::to_string(seconds) + " giây", std::to_string(seconds) + " s"};
}

Words SayClass(MessageClass cls) {
  switch (cls) {
    case MessageClass::kCoded:
      return {"hóa đơn có mã của cơ quan thuế", "coded invoices"};
    case MessageClass::kUncoded:
      return {"hóa đơn không có mã của cơ quan thuế", "uncoded invoices"};
    case MessageClass::kCashRegister:
      return {"hóa đơn khởi tạo từ máy tính tiền", "cash-register invoices"};
    case MessageClass::kErrorNotice:
      return {"thông báo hóa đơn có sai sót", "notices of errors"};
    case MessageClass::kRegistration:
      return {"tờ khai đăng ký sử dụng hóa đơn điện tử", "registrations"};
    case MessageClass::kSummary:
      return {"bảng tổng hợp dữ liệu hóa đơn", "summary tables"};
    case MessageClass::kTechnical:
      break;
  }
  return {"thông điệp phản hồi kỹ thuật", "technical answers"};
}

Words SayClasses(const Window& window) {
  if (window.classes.empty()) return {"mọi loại dữ liệu hóa đơn điện tử", "all e-invoice data"};
  Words said;
  for (const MessageClass cls : window.classes) {
    if (!said.en.empty()) said = said + Words{", ", ", "};
    said = said + SayClass(cls);
  }
  return said;
}

}  // namespace tvan
