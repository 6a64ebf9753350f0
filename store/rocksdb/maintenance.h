#pragma once
// What an operator does to stores at rest: restore a backup, salvage a damaged store, both into a new folder and never
// over anything. The result begins a new life (another incarnation) in recovery mode: see store/recovery.h. Blocking;
// the source is only read. Without RocksDB's headers, for tvanctl.

#include <functional>
#include <string>
#include <vector>

#include "gateway/core/digest.h"
#include "store/recovery.h"

namespace tvan {

struct CopyRequest {
  std::string from, to;
  std::string incarnation;  // of the new store: 32 hex digits, random
  Time now;
  const Digester& digester;
  std::function<void(uint64_t done, uint64_t all)> progress;  // bytes or records; may be empty
};

// What the folder's BACKUP says, checked against its own digest only. store.not_a_backup, store.backup_damaged
Result<BackupFacts> ReadBackup(const std::string& folder, const Digester& digester);

// Verifies every file's digest, copies, begins the new life; FORMAT is written last, until then nothing opens it.
// store.not_a_backup, store.backup_damaged, store.exists, store.newer_format, store.unwritable, store.disk_full,
// store.io
Result<BackupFacts> RestoreStore(const CopyRequest& request);

// Something that a salvage could not keep.
struct SalvageLoss {
  std::string what;    // message, payload, event, answer, mailbox_item, audit_entries, record, stretch, after_damage
  std::string mtdiep;  // of the message; empty: none, or unknown
  std::string detail;
};
using OnLoss = std::function<void(const SalvageLoss&)>;
struct SalvageReport {
  std::string incarnation;  // of the damaged store
  uint64_t messages = 0, answers = 0, mailbox_items = 0, losses = 0;
  Time as_of;  // the last act that was kept, or before the first message that was lost: submit again from there
  bool log_cut = false;  // the log was readable up to a place only
};
// For a store that refuses to open as damaged, or meets damage while it runs; no gateway may have it open. Keeps what
// is before the damage of the log, and of tables and blobs everything whose checksums are right; says what cannot be
// kept. store.missing, store.in_use, store.exists, store.beyond_salvage (restore a backup), store.unwritable,
// store.disk_full
Result<SalvageReport> SalvageStore(const CopyRequest& request, const OnLoss& on_loss);

}  // namespace tvan
