#pragma once
// The files around a database: FORMAT says that a folder is a store, BACKUP that it is a backup of one, UNFINISHED that
// it is neither yet. Every write here is flushed, folder included, before it answers. Private to this folder.

#include <functional>
#include <string>
#include <vector>

#include "gateway/core/digest.h"
#include "gateway/core/status.h"

namespace tvan::files {

inline constexpr uint64_t kFormatVersion = 3;
inline const std::string kFormat = "/FORMAT", kBackup = "/BACKUP", kUnfinished = "/UNFINISHED";

// store.disk_full, store.unwritable, store.io by errno; `doing` begins the message.
Status FromErrno(int error, const std::string& doing);

Status WriteFormat(const std::string& store);  // last of all when a store is made
// A folder that is being filled, or was left when that was cut short; a backup. store.unfinished, store.is_backup
Status CheckIsNeither(const std::string& store);

// Makes the folder, which must not exist (unless empty), and marks it. store.exists, store.unwritable
Status BeginFolder(const std::string& folder);
Status EndFolder(const std::string& folder);   // the mark goes
void RemoveFolder(const std::string& folder);  // one that BeginFolder made, with all in it; best effort
Status Write(const std::string& path, const std::string& bytes);
Status SyncFolder(const std::string& folder);
Result<std::string> Read(const std::string& path);

struct Digest {
  Sha256 sha256;
  uint64_t bytes = 0;
};
using Progress = std::function<Status(uint64_t bytes)>;  // since the last call; a failure ends the work, with it
// Reads a file to its end; flushes it.
Result<Digest> DigestOf(const std::string& path, const Digester& digester, const Progress& progress);
Result<Digest> Copy(const std::string& from, const std::string& to, const Digester& digester, const Progress& progress);

}  // namespace tvan::files
