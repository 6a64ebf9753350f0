// How windows, outages and what belongs to them are written.
#include <algorithm>
#include <array>

#include "adapters/simulator/option_values.h"

namespace tvan::sim {
namespace {

constexpr std::array<std::pair<LineMode, const char*>, 9> kModes = {{{LineMode::kReset, "reset"},
                                                                     {LineMode::kRefuse, "refuse"},
                                                                     {LineMode::kHtml502, "html502"},
                                                                     {LineMode::kClosedFault, "closed_fault"},
                                                                     {LineMode::kHalfOpen, "half_open"},
                                                                     {LineMode::kFlap, "flap"},
                                                                     {LineMode::kSlow, "slow"},
                                                                     {LineMode::kLag, "lag"},
                                                                     {LineMode::kNotFound, "not_found"}}};
constexpr std::array<std::pair<Overload, const char*>, 4> kOverloads = {{{Overload::kFault, "fault"},
                                                                         {Overload::kHttp503, "http503"},
                                                                         {Overload::kBusy, "busy"},
                                                                         {Overload::kSystem2006, "2006"}}};
constexpr int kMostDays = 400;
constexpr int kMostTurns = 1000;
constexpr int64_t kMostCapacity = 1'000'000;
constexpr Span kDay = std::chrono::hours(24);

constexpr const char* kWindowForm =
    "START/END[/reset|refuse|html502|closed_fault|half_open][/late=SPAN|/early=SPAN][/daily=DAYS][/verify=SPAN[:N]]";
constexpr const char* kOutageForm =
    "FROM/TO/reset|refuse|html502|closed_fault|half_open|flap:SPAN|slow:SPAN|lag:SPAN|not_found";

Status ReadTimes(const std::vector<std::string>& parts, Time& from, Time& to) {
  const auto first = ParseTime(parts[0]), second = ParseTime(parts[1]);
  if (!first || !second || *second <= *first)
    return Usage("wanted two times, the second later, not " + parts[0] + "/" + parts[1]);
  from = *first;
  to = *second;
  return {};
}

Status ReadRate(const std::string& text, int64_t& rate) {
  const std::string number = text.ends_with("/s") ? text.substr(0, text.size() - 2) : text;
  const bool good = ReadNumber(number, rate) && rate >= 0 && rate <= kMostCapacity;
  return good ? Status() : Usage("messages a second are 0..1000000, not " + text);
}

// What stands behind START/END.
Status ReadWindowPart(const std::string& part, WindowEntry& window) {
  const size_t equals = part.find('=');
  const std::string name = part.substr(0, equals);
  const std::string value = equals == std::string::npos ? "" : part.substr(equals + 1);
  if (equals == std::string::npos) {
    const auto mode = LineModeOf(part);
    if (!mode || !Closes(*mode)) return Usage("--window wants " + std::string(kWindowForm) + ", not " + part);
    return window.mode = *mode, Status();
  }
  if (name == "late") return ReadSpan(value, window.overrun);
  if (name == "early") {
    Status status = ReadSpan(value, window.overrun);
    return window.overrun = -window.overrun, status;
  }
  if (name == "daily") {
    const bool days = ReadNumber(value, window.days) && window.days >= 1 && window.days <= kMostDays;
    return days ? Status() : Usage("a window is on 1..400 days, not " + value);
  }
  if (name != "verify") return Usage("--window wants " + std::string(kWindowForm) + ", not " + part);
  const size_t colon = value.find(':');
  if (colon != std::string::npos)
    if (Status status = ReadRate(value.substr(colon + 1), window.verify_rate); !status) return status;
  return ReadSpan(value.substr(0, colon), window.verify);
}

bool WantsSpan(LineMode mode) { return mode == LineMode::kFlap || mode == LineMode::kSlow || mode == LineMode::kLag; }

}  // namespace

std::string ToString(LineMode mode) {
  return std::find_if(kModes.begin(), kModes.end(), [mode](const auto& m) { return m.first == mode; })->second;
}

std::optional<LineMode> LineModeOf(const std::string& name) {
  for (const auto& [mode, text] : kModes)
    if (name == text) return mode;
  return std::nullopt;
}

std::string ToString(Overload overload) {
  return std::find_if(kOverloads.begin(), kOverloads.end(), [overload](const auto& o) { return o.first == overload; })
      ->second;
}

Status ReadWindow(const std::string& value, Options& o) {
  const std::vector<std::string> parts = Split(value, '/');
  WindowEntry window;
  if (parts.size() < 2) return Usage("--window wants " + std::string(kWindowForm));
  if (Status status = ReadTimes(parts, window.start, window.end); !status) return status;
  for (size_t i = 2; i < parts.size(); ++i)
    if (Status status = ReadWindowPart(parts[i], window); !status) return status;
  const Span lasts = window.end + window.overrun - window.start;
  if (lasts.count() <= 0) return Usage("--window: it would end before it starts: " + value);
  if (window.days > 1 && lasts >= kDay) return Usage("--window: a daily one is shorter than a day, not " + value);
  o.windows.push_back(window);
  return {};
}

Status ReadOutage(const std::string& value, Options& o) {
  const std::vector<std::string> parts = Split(value, '/');
  OutageEntry outage;
  if (parts.size() != 3) return Usage("--outage wants " + std::string(kOutageForm));
  if (Status status = ReadTimes(parts, outage.from, outage.to); !status) return status;
  const size_t colon = parts[2].find(':');
  const auto mode = LineModeOf(parts[2].substr(0, colon));
  if (!mode || WantsSpan(*mode) != (colon != std::string::npos))
    return Usage("--outage wants " + std::string(kOutageForm) + ", not " + parts[2]);
  outage.mode = *mode;
  if (colon != std::string::npos)
    if (Status status = ReadSpan(parts[2].substr(colon + 1), outage.span); !status) return status;
  if (WantsSpan(*mode) && outage.span.count() == 0) return Usage("--outage: a span of nothing: " + parts[2]);
  if (*mode == LineMode::kFlap && (outage.to - outage.from) / outage.span >= kMostTurns)
    return Usage("--outage: at most 1000 turns of flapping, not " + value);
  o.outages.push_back(outage);
  return {};
}

Status ReadLie(const std::string& value, Options& o) { return ReadSpan(value, o.lie_not_found); }

Status ReadCapacity(const std::string& value, Options& o) {
  int64_t rate = 0;
  Status status = ReadRate(value, rate);
  if (status) o.capacity = rate;
  return status;
}

Status ReadOverload(const std::string& value, Options& o) {
  for (const auto& [overload, text] : kOverloads)
    if (value == text) return o.overload = overload, Status();
  return Usage("--overload wants fault, http503, busy or 2006, not " + value);
}

Status ReadDateSkew(const std::string& value, Options& o) {
  const bool behind = value.starts_with("-");
  Status status = ReadSpan(value.substr(behind ? 1 : 0), o.date_skew);
  if (behind) o.date_skew = -o.date_skew;
  return status;
}

}  // namespace tvan::sim
