#include "gateway/app/snapshot_room.h"

#include "gateway/calendar/past_stops.h"
#include "gateway/contract/every_provider.h"
#include "gateway/core/log.h"

namespace tvan {
namespace {

SnapshotParts PartsOf(const SnapshotRoom::Parts& parts) {
  return {parts.store,    parts.sealer, parts.parser,
          parts.digester, parts.clock,  [&store = parts.store] { return EveryProvider(store); }};
}

}  // namespace

SnapshotRoom::SnapshotRoom(const config::v1::Calendar& config, const LineId& line, Parts parts)
    : line_(line),
      parts_(parts),
      snapshots_({.folder = config.snapshot_dir()}, PartsOf(parts_), parts.metrics),
      night_({snapshots_, {parts.store, parts.sealer, parts.digester, parts.clock}, line, parts.store}) {}

void SnapshotRoom::Start() {
  snapshots_.Start();
  const auto last = LastStop(parts_.calendar, line_, parts_.clock.Now() - kMostLate);
  if (!last.ok()) Log(LogLevel::kError, "app.last_stop", {{"status", last.status().ToString()}});
  if (last.ok() && *last) TakeFor(**last);
}

void SnapshotRoom::Stop() { snapshots_.Stop(); }

void SnapshotRoom::TakeFor(const PhaseRecord& record) {
  for (const auto& [window, since] : StopsOf(record)) snapshots_.TakeFor(line_, window, since);
}

}  // namespace tvan
