#pragma once
// The folder of the snapshots: names, and what lies there. A snapshot is there when its seal is: the seal is written
// last. LINE_WINDOW_YYYYMMDD-HHMMSS, the time of the stop in +07:00; of an occurrence "/" is written ".". Any thread.

#include <optional>
#include <string>
#include <vector>

#include "gateway/core/status.h"
#include "gateway/core/time.h"

namespace tvan {

std::string SnapshotName(const std::string& line, const std::string& window, Time stop_at);
std::optional<Time> TimeInName(const std::string& name);  // nullopt: no name of a snapshot

class SnapshotFolder {
 public:
  explicit SnapshotFolder(std::string path) : path_(std::move(path)) {}
  const std::string& path() const { return path_; }
  std::string File(const std::string& name, const char* ending) const { return path_ + "/" + name + ending; }

  bool Has(const std::string& name) const;
  std::vector<std::string> Names() const;  // newest first; none, too, where it cannot be read
  // Of the newest one of the line before `stop_at`.
  std::optional<Time> Before(const std::string& line, Time stop_at) const;
  void RemoveUnfinished() const;  // what a crash left behind

  struct Sealed {
    std::string manifest, jws;
    uint64_t csv_bytes = 0;
  };
  Result<Sealed> Read(const std::string& name) const;  // reconcile.unreadable

 private:
  const std::string path_;
};

}  // namespace tvan
