#pragma once
// The snapshots of the stops, wired: watches the written phase of the line, and has one made each time a window closes
// it. Thread-safe; owned by the gateway, borrows its parts.

#include <vector>

#include "gateway/admin/night_snapshot.h"
#include "gateway/app/timer.h"
#include "gateway/calendar/calendar.h"
#include "gateway/reconcile/stop_snapshots.h"
#include "tvan/config/v1/config.pb.h"

namespace tvan {

// What a window closed, of one written version of the phases: (window, since), each once.
std::vector<std::pair<std::string, Time>> StopsOf(const PhaseRecord& record);

class SnapshotRoom {
 public:
  struct Parts {
    Store& store;
    Calendar& calendar;
    const ContractBook& contracts;
    const Sealer& sealer;
    const XmlParser& parser;
    const Digester& digester;
    Clock& clock;
    Metrics& metrics;
  };
  static constexpr Span kLook = std::chrono::seconds(10);
  // At the start the snapshot of the last stop is made if it is missing and the stop is no older than this.
  static constexpr Span kMostLate = std::chrono::hours(24);

  SnapshotRoom(const config::v1::Calendar& config, const LineId& line, Parts parts);
  void Start();
  void Stop();
  void Look();  // the phase may have changed; also called every kLook
  const NightSnapshots& night() const { return night_; }
  std::string alarm_text() const { return snapshots_.alarm_text(); }

 private:
  void TakeFor(const PhaseRecord& record);
  const LineId line_;
  const Parts parts_;
  StopSnapshots snapshots_;
  NightSnapshots night_;
  Timer timer_;  // last: stopped before the rest goes
};

}  // namespace tvan
