#pragma once
// ClockWatch: how far our clock is from the authority's, as far as its Date header proves it (DESIGN section 7): the
// header has whole seconds and was written somewhere in the round trip, so less than that is no offset. Beyond
// offset_alarm an alarm, once per change; beyond offset_close our clock closes the line, since it opens and stops by
// it. Not thread-safe: the scheduler thread owns it.

#include <optional>
#include <string>

#include "adapters/authority_channel.h"
#include "gateway/calendar/phase.h"
#include "gateway/core/metrics.h"

namespace tvan {

// Ours minus theirs, the least that explains the report; `ended` is our clock when it came. Pure.
Span ProvenOffset(const ProbeReport& report, Time ended);

class ClockWatch {
 public:
  ClockWatch(const PhaseRules& rules, const LineId& line, Metrics& metrics);

  void Take(const ProbeReport& report, Time ended);  // one without a Date changes nothing
  const std::optional<Span>& offset() const { return offset_; }
  const std::optional<std::string>& off() const { return off_; }  // why the line must close; nullopt: it need not

 private:
  enum class Level { kFine, kAlarm, kClose };

  const PhaseRules& rules_;
  const std::string line_;
  Gauge& gauge_;
  Level level_ = Level::kFine;
  std::optional<Span> offset_;
  std::optional<std::string> off_;
};

}  // namespace tvan
