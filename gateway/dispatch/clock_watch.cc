#include "gateway/dispatch/clock_watch.h"

#include <algorithm>

#include "gateway/core/log.h"

namespace tvan {
namespace {

constexpr Span kResolution = std::chrono::seconds(1);  // of the header

std::string InSeconds(Span span) {
  const int64_t tenths = span.count() / 100'000;
  return (tenths < 0 ? "-" : "") + std::to_string(std::abs(tenths) / 10) + "." + std::to_string(std::abs(tenths) % 10);
}

}  // namespace

Span ProvenOffset(const ProbeReport& report, Time ended) {
  const Span most = ended - report.authority_time;
  const Span least = most - report.round_trip - kResolution;
  if (least > Span(0)) return least;
  return std::min(most, Span(0));
}

ClockWatch::ClockWatch(const PhaseRules& rules, const LineId& line, Metrics& metrics)
    : rules_(rules),
      line_(line.value()),
      gauge_(metrics.GetGauge("tvan_clock_offset_seconds",
                              "Our clock minus the authority's, as far as its Date header proves it",
                              {{"line", line.value()}})) {}

void ClockWatch::Take(const ProbeReport& report, Time ended) {
  if (report.authority_time.us == 0) return;
  offset_ = ProvenOffset(report, ended);
  gauge_.Set(static_cast<double>(offset_->count()) / 1e6);
  const Span off = std::max(*offset_, -*offset_);
  const Level level = off > rules_.offset_close   ? Level::kClose
                      : off > rules_.offset_alarm ? Level::kAlarm
                                                  : Level::kFine;
  const bool changed = level != level_;
  level_ = level;
  if (level != Level::kClose) off_.reset();
  if (level == Level::kClose && !off_)
    off_ = "our clock is " + InSeconds(*offset_) + " s from the authority's: it cannot be trusted with a stop";
  if (!changed) return;
  Log(level == Level::kFine ? LogLevel::kInfo : LogLevel::kError, "dispatch.clock_offset",
      {{"line", line_}, {"offset_s", InSeconds(*offset_)}, {"closes", level == Level::kClose ? "yes" : "no"}});
}

}  // namespace tvan
