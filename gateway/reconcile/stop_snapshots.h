#pragma once
// The snapshots of the stops, on a thread of its own: one for each time that a window closes the line, made once
// however often it is asked for, and after a crash. What fails raises the alarm reconcile.snapshot and is tried again
// every minute; nobody waits for it. A stop that was given up keeps the alarm up until a snapshot is taken by hand.
// Thread-safe; borrows its parts.

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "gateway/core/metrics.h"
#include "gateway/reconcile/snapshot.h"
#include "gateway/reconcile/snapshot_folder.h"

namespace tvan {

class StopSnapshots {
 public:
  struct Options {
    std::string folder;  // empty: none is configured; then each stop raises the alarm
    uint64_t leave_free = 256 << 20;
    Span retry = std::chrono::minutes(1);
  };
  static constexpr size_t kMostWaiting = 16;  // stops that could not be written; the oldest is given up, and told

  StopSnapshots(Options options, SnapshotParts parts, Metrics& metrics);
  ~StopSnapshots() { Stop(); }
  void Start();
  void Stop();  // gives up what is being made; the next start makes it again

  // The window (an occurrence by its own id) closed the line at `since`. Returns at once. The same stop again, while it
  // is asked for or when its snapshot is there: nothing.
  void TakeFor(const LineId& line, const std::string& window, Time since);
  // One of now, by hand; stands for those that were given up. Blocking. reconcile.no_folder, reconcile.running, and
  // those of TakeSnapshot.
  Result<std::string> TakeNow(const LineId& line, const std::function<void(uint64_t messages, uint64_t rows)>& progress,
                              const std::function<bool()>& stopped);

  const SnapshotFolder& folder() const { return folder_; }
  std::string alarm_text() const;  // why one could not be made, or was given up; empty: none is missing

 private:
  struct Stopped {
    std::string line, window;
    Time since;
    std::string name() const { return SnapshotName(line, window, since); }
  };
  void Run();
  Status Take(const Stopped& stop);
  void Tell(const Stopped& stop, const Status& status);
  void GiveUpOldest();  // with mutex_ held, as the next
  void ShowAlarm();
  std::string FreeName(Time now, const LineId& line) const;  // of a window for one by hand
  bool stopping() const;

  const Options options_;
  const SnapshotParts parts_;
  const SnapshotFolder folder_;
  Gauge& alarm_gauge_;
  Counter& taken_;

  std::mutex making_;  // one at a time
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Stopped> waiting_;
  std::deque<std::string> asked_;  // names of the last ones; what is older is looked for in the folder
  std::optional<WorkScope> begun_;
  std::string failure_;             // of the last one that was tried
  std::set<std::string> given_up_;  // names, at most kMostAsked
  bool running_ = false, stop_ = false;
  std::thread thread_;
};

}  // namespace tvan
