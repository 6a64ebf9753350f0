#pragma once
// The snapshots of the stops, wired: told of each written phase of the line, it has one made each time a window closes
// it. Thread-safe; owned by the gateway, borrows its parts.

#include <string>

#include "gateway/admin/night_snapshot.h"
#include "gateway/calendar/calendar.h"
#include "gateway/reconcile/stop_snapshots.h"
#include "tvan/config/v1/config.pb.h"

namespace tvan {

class SnapshotRoom {
 public:
  struct Parts {
    Store& store;
    Calendar& calendar;
    const Sealer& sealer;
    const XmlParser& parser;
    const Digester& digester;
    Clock& clock;
    Metrics& metrics;
  };
  // At the start the snapshot of the last stop is made if it is missing and the stop is no older than this.
  static constexpr Span kMostLate = std::chrono::hours(24);

  SnapshotRoom(const config::v1::Calendar& config, const LineId& line, Parts parts);
  void Start();
  void Stop();
  void TakeFor(const PhaseRecord& record);  // what was written just now; returns at once
  const NightSnapshots& night() const { return night_; }
  std::string alarm_text() const { return snapshots_.alarm_text(); }

 private:
  const LineId line_;
  const Parts parts_;
  StopSnapshots snapshots_;
  NightSnapshots night_;
};

}  // namespace tvan
