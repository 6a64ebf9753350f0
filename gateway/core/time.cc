#include "gateway/core/time.h"

#include <algorithm>
#include <cstdio>
#include <optional>

namespace tvan {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kDay = 86'400 * kSecond;
constexpr int64_t kVietnam = 7 * 3600 * kSecond;  // no summer time, no zone data base needed
// What four digits of a year can say; instants beyond (kForever) are shown as the nearest of these.
constexpr int64_t kFirst = -62'167'219'200 * kSecond;     // 0000-01-01T00:00:00, local
constexpr int64_t kLast = 253'402'300'800 * kSecond - 1;  // 9999-12-31T23:59:59.999999, local

struct Cut {
  std::string_view rest;
  bool ok = true;

  int Number(size_t digits) {
    int value = 0;
    for (size_t i = 0; i < digits; ++i) {
      if (rest.size() <= i || rest[i] < '0' || rest[i] > '9') return ok = false, 0;
      value = value * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(digits);
    return value;
  }
  void Literal(char upper) {
    if (rest.empty() || rest.front() != upper) {
      ok = false;
      return;
    }
    rest.remove_prefix(1);
  }
};

// Microseconds since 1970-01-01T00:00:00 of the date's own wall clock; leaves what follows in `cut`.
int64_t TakeDate(Cut& cut) {
  const int year = cut.Number(4);
  cut.Literal('-');
  const int month = cut.Number(2);
  cut.Literal('-');
  const int day = cut.Number(2);
  const year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!cut.ok || !date.ok()) return cut.ok = false, 0;
  return sys_days(date).time_since_epoch().count() * kDay;
}

int64_t TakeDateTime(Cut& cut) {
  const int64_t date = TakeDate(cut);
  cut.Literal('T');
  const int hour = cut.Number(2);
  cut.Literal(':');
  const int minute = cut.Number(2);
  cut.Literal(':');
  const int second = cut.Number(2);  // 60 is refused: no leap second has a place in UTC microseconds
  if (hour > 23 || minute > 59 || second > 59) cut.ok = false;
  return date + ((hour * 60 + minute) * 60 + second) * kSecond;
}

// 1 to 9 digits after a point; what is finer than a microsecond is cut off.
int64_t TakeFraction(Cut& cut) {
  if (cut.rest.empty() || cut.rest.front() != '.') return 0;
  cut.rest.remove_prefix(1);
  int64_t value = 0;
  int digits = 0;
  for (; !cut.rest.empty() && cut.rest.front() >= '0' && cut.rest.front() <= '9'; ++digits) {
    if (digits < 6) value = value * 10 + (cut.rest.front() - '0');
    cut.rest.remove_prefix(1);
  }
  if (digits == 0 || digits > 9) cut.ok = false;
  for (; digits < 6; ++digits) value *= 10;
  return value;
}

int64_t TakeOffset(Cut& cut) {
  if (cut.rest.empty()) return kVietnam;
  const char sign = cut.rest.front();
  cut.rest.remove_prefix(1);
  if (sign == 'Z') return 0;
  if (sign != '+' && sign != '-') return cut.ok = false, 0;
  const int hour = cut.Number(2);
  cut.Literal(':');
  const int minute = cut.Number(2);
  if (hour > 23 || minute > 59) cut.ok = false;
  const int64_t offset = (hour * 60 + minute) * 60 * kSecond;
  return sign == '-' ? -offset : offset;
}

Status Refused(std::string_view text, const char* expected) {
  return Status::Permanent("time.format"_reason, "expected " + std::string(expected) + ", got " +
                                                     std::to_string(text.size()) + " characters");
}

std::string Format(Time t, const char* with_micros) {
  const int64_t wall = std::clamp(t.us, kFirst - kVietnam, kLast - kVietnam) + kVietnam;
  const auto day = std::chrono::floor<days>(Span(wall));
  const year_month_day date{sys_days(day)};
  const int64_t in_day = wall - day.count() * kDay;
  const auto seconds = static_cast<int>(in_day / kSecond);
  char out[48];
  int size = std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                           static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), seconds / 3600,
                           seconds / 60 % 60, seconds % 60);
  if (with_micros != nullptr)
    size += std::snprintf(out + size, sizeof out - static_cast<size_t>(size), ".%06d%s",
                          static_cast<int>(in_day % kSecond), with_micros);
  return std::string(out, static_cast<size_t>(size));
}

}  // namespace

std::string FormatTime(Time t) { return Format(t, "+07:00"); }
std::string FormatLocal(Time t) { return Format(t, nullptr); }

Result<Time> ParseLocal(std::string_view text) {
  Cut cut{text};
  const int64_t wall = TakeDateTime(cut);
  if (!cut.ok || !cut.rest.empty()) return Refused(text, "YYYY-MM-DDThh:mm:ss");
  return Time{wall - kVietnam};
}

Result<Time> ParseTime(std::string_view text) {
  Cut cut{text};
  const int64_t wall = TakeDateTime(cut) + TakeFraction(cut);
  const bool bare_fraction = cut.rest.empty() && text.find('.') != std::string_view::npos;
  const int64_t offset = TakeOffset(cut);
  if (!cut.ok || !cut.rest.empty() || bare_fraction)
    return Refused(text, "YYYY-MM-DDThh:mm:ss, or the same with an offset as in +07:00 or Z");
  return Time{wall - offset};
}

Result<Time> ParseDate(std::string_view text) {
  Cut cut{text};
  const int64_t wall = TakeDate(cut);
  if (!cut.ok || !cut.rest.empty()) return Refused(text, "YYYY-MM-DD");
  return Time{wall - kVietnam};
}

}  // namespace tvan
