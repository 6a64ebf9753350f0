#pragma once
// Instants and spans: UTC microseconds inside, fixed +07:00 at the edges (CONVENTIONS 10).
// Time is wall time, Steady is monotonic; they do not convert into each other.

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/core/status.h"

namespace tvan {

using Span = std::chrono::microseconds;

struct Time {  // microseconds since 1970-01-01T00:00:00Z
  int64_t us = 0;
  friend auto operator<=>(Time, Time) = default;
  friend Time operator+(Time t, Span d) { return {t.us + d.count()}; }
  friend Time operator-(Time t, Span d) { return {t.us - d.count()}; }
  friend Span operator-(Time a, Time b) { return Span(a.us - b.us); }
};
inline constexpr Time kForever{INT64_MAX};

struct Steady {  // microseconds of a monotonic clock, origin unspecified
  int64_t us = 0;
  friend auto operator<=>(Steady, Steady) = default;
  friend Steady operator+(Steady t, Span d) { return {t.us + d.count()}; }
  friend Steady operator-(Steady t, Span d) { return {t.us - d.count()}; }
  friend Span operator-(Steady a, Steady b) { return Span(a.us - b.us); }
};
inline constexpr Steady kSteadyForever{INT64_MAX};

// "2026-11-21T23:50:00.000000+07:00"
std::string FormatTime(Time t);
// "2026-11-21T23:50:00": the form inside the authority's XML, read and written as +07:00 (protocol.md section 6).
std::string FormatLocal(Time t);
Result<Time> ParseLocal(std::string_view text);  // time.format
// RFC 3339 with any offset, or the local form above (then +07:00). time.format
Result<Time> ParseTime(std::string_view text);
// Midnight +07:00 at the start of "YYYY-MM-DD". time.format
Result<Time> ParseDate(std::string_view text);

}  // namespace tvan
