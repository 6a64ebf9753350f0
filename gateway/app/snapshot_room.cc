#include "gateway/app/snapshot_room.h"

#include <algorithm>

namespace tvan {
namespace {

SnapshotParts PartsOf(const SnapshotRoom::Parts& parts) {
  return {parts.store, parts.sealer, parts.parser, parts.digester, parts.clock, [&contracts = parts.contracts] {
            std::vector<ProviderId> providers;
            for (const ProviderContract& contract : contracts.Contracts()) providers.push_back(contract.provider);
            return providers;
          }};
}

}  // namespace

std::vector<std::pair<std::string, Time>> StopsOf(const PhaseRecord& record) {
  std::vector<std::pair<std::string, Time>> stops;
  for (const auto& [cls, is] : record.classes)
    if (is.phase == Phase::kClosed && !is.window.empty()) stops.emplace_back(is.window, is.since);
  std::sort(stops.begin(), stops.end());
  stops.erase(std::unique(stops.begin(), stops.end()), stops.end());
  return stops;
}

SnapshotRoom::SnapshotRoom(const config::v1::Calendar& config, const LineId& line, Parts parts)
    : line_(line),
      parts_(parts),
      snapshots_({.folder = config.snapshot_dir()}, PartsOf(parts_), parts.metrics),
      night_({snapshots_, {parts.store, parts.sealer, parts.digester, parts.clock}, parts.contracts, line}) {}

void SnapshotRoom::Start() {
  snapshots_.Start();
  if (const auto history = parts_.calendar.PhaseHistory(line_); history.ok()) {
    const Time oldest = parts_.clock.Now() - kMostLate;
    const auto last = std::find_if(history->rbegin(), history->rend(), [&](const PhaseRecord& record) {
      return record.at < oldest || !StopsOf(record).empty();
    });
    if (last != history->rend() && last->at >= oldest) TakeFor(*last);
  }
}

void SnapshotRoom::Stop() { snapshots_.Stop(); }

void SnapshotRoom::TakeFor(const PhaseRecord& record) {
  for (const auto& [window, since] : StopsOf(record)) snapshots_.TakeFor(line_, window, since);
}

}  // namespace tvan
