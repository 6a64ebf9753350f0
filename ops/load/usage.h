#pragma once
// What a process has used so far, from /proc. Values; any thread.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/time.h"

namespace tvan::load {

struct Usage {
  Span cpu{0};          // user and system, of all its threads; counted in ticks of 10 ms
  uint64_t rss_kb = 0;  // resident now
};

// Empty: there is no such process. `pid` "self" is this one.
std::optional<Usage> ReadUsage(const std::string& pid);
// The text of /proc/PID/stat; the name in it may hold spaces and brackets.
std::optional<Usage> ParseStat(std::string_view text, uint64_t ticks_per_s, uint64_t page_kb);

// What processes used between two instants.
struct Watched {
  Span cpu{0};
  uint64_t rss_kb = 0, rss_kb_end = 0;  // at the beginning, at the end
};
enum class Edge { kBegin, kEnd };
// Called at the beginning and at the end with the same names; a process that is gone is left out. `pids`: name → pid.
void Sample(const std::map<std::string, std::string>& pids, Edge edge, std::map<std::string, Watched>& watched);

}  // namespace tvan::load
