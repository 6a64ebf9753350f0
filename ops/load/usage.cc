#include "ops/load/usage.h"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

namespace tvan::load {

std::optional<Usage> ParseStat(std::string_view text, uint64_t ticks_per_s, uint64_t page_kb) {
  const size_t name_end = text.rfind(')');
  if (name_end == std::string_view::npos || ticks_per_s == 0) return std::nullopt;
  std::istringstream rest{std::string(text.substr(name_end + 1))};
  const std::vector<std::string> fields{std::istream_iterator<std::string>(rest), {}};
  // proc(5): the state, the third field, is fields[0] here.
  constexpr size_t kUser = 14 - 3, kSystem = 15 - 3, kResident = 24 - 3;
  if (fields.size() <= kResident) return std::nullopt;
  const uint64_t ticks =
      std::strtoull(fields[kUser].c_str(), nullptr, 10) + std::strtoull(fields[kSystem].c_str(), nullptr, 10);
  Usage usage;
  usage.cpu = Span(static_cast<int64_t>(ticks * 1'000'000 / ticks_per_s));
  usage.rss_kb = std::strtoull(fields[kResident].c_str(), nullptr, 10) * page_kb;
  return usage;
}

std::optional<Usage> ReadUsage(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/stat");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  return ParseStat(text, static_cast<uint64_t>(sysconf(_SC_CLK_TCK)),
                   static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) / 1024);
}

void Sample(const std::map<std::string, std::string>& pids, Edge edge, std::map<std::string, Watched>& watched) {
  for (const auto& [name, pid] : pids) {
    const auto usage = ReadUsage(pid);
    if (!usage) continue;
    Watched& one = watched[name];
    one.cpu += edge == Edge::kBegin ? -usage->cpu : usage->cpu;
    (edge == Edge::kBegin ? one.rss_kb : one.rss_kb_end) = usage->rss_kb;
  }
}

}  // namespace tvan::load
