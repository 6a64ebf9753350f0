#pragma once
// Snapshots as files (gateway/reconcile/SNAPSHOT.md): verified offline, read record by record, and what became of a
// message since. Any thread; a file is read in pieces.

#include <functional>
#include <string>
#include <vector>

#include "gateway/core/status.h"
#include "gateway/reconcile/columns.h"
#include "tvan/v1/types.pb.h"

namespace tvan::ctl {

// "x" of x, x.csv, x.json or x.jws.
std::string SnapshotBase(const std::string& file);

using SnapshotCells = std::vector<std::string>;
inline const std::string& At(const SnapshotCells& cells, Column column) { return cells[static_cast<size_t>(column)]; }
// Every record behind the header; false from `take` ends the reading. ctl.file, ctl.snapshot (not these columns),
// reconcile.csv
Status ReadSnapshot(const std::string& csv, const std::function<bool(const SnapshotCells&)>& take);

// The manifest (JSON), when the seal is genuine and of this very CSV. ctl.file, ctl.snapshot, seal.*
Result<std::string> VerifySnapshot(const std::string& base, const std::string& key_set);

// What became of a message that stood in `was` (a record of sent_unknown or queued); `now` null: it is not there.
enum class Fate { kAnswered, kRefused, kWithdrawn, kResent, kSent, kUnknown, kQueued, kHeld, kWorkItem, kGone };
Fate FateOf(const SnapshotCells& was, const v1::Message* now);
const char* ToString(Fate fate);
// Nothing is left to find out or to do.
inline bool IsSettled(Fate fate) { return fate <= Fate::kWithdrawn; }

}  // namespace tvan::ctl
