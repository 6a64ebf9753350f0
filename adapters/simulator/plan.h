#pragma once
// What the authority's line is to be like over time: announced stops, outages, what follows them, how much it takes.
// Plain values; the command line gives them, and --control may put others in their place while it runs.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/core/time.h"

namespace tvan::sim {

// The first five close the line: nothing is looked at.
enum class LineMode {
  kReset,        // connections are taken, requests read, the connection is reset
  kRefuse,       // connections are reset before any TLS
  kHtml502,      // something in front answers HTML
  kClosedFault,  // a SOAP fault says so
  kHalfOpen,     // requests are read and never answered
  kFlap,         // down (as kReset) and up by turns
  kSlow,         // served, but each response comes late
  kLag,          // served, but 999 and answers are made later
  kNotFound,     // served, but no new answer is shown
};
std::string ToString(LineMode mode);
std::optional<LineMode> LineModeOf(const std::string& name);
inline bool Closes(LineMode mode) { return mode <= LineMode::kHalfOpen; }

struct WindowEntry {  // an announced stop
  Time start;         // half-open
  Time end;           // as announced
  LineMode mode = LineMode::kReset;
  Span overrun{};           // it really ends so much later than announced; negative: earlier
  int days = 1;             // it recurs daily, so often
  Span verify{};            // after its real end the line is only tried out for so long …
  int64_t verify_rate = 0;  // … and takes so many messages a second; 0: probes and reading only
};

struct OutageEntry {  // unannounced
  Time from, to;      // half-open
  LineMode mode = LineMode::kReset;
  Span span{};  // kSlow, kLag: by how much; kFlap: about how long a turn takes
};

enum class Overload { kFault, kHttp503, kBusy, kSystem2006 };
std::string ToString(Overload overload);

struct Plan {
  std::vector<WindowEntry> windows;
  std::vector<OutageEntry> outages;
  Span lie_not_found{};             // so long after each recovery, older answers that nobody has seen are not shown
  std::optional<int64_t> capacity;  // messages a second; none: no limit
  Overload overload = Overload::kFault;
  Span date_skew{};  // the Date header is ahead of its clock by this
};

}  // namespace tvan::sim
