#include "store/rocksdb/rocks_status.h"

namespace tvan {

Status FromRocks(const rocksdb::Status& status, const std::string& doing) {
  const std::string said = status.ToString();
  const auto says = [&](const char* text) { return said.find(text) != std::string::npos; };
  if (status.IsCorruption())
    return Status::Permanent("store.damaged"_reason, doing + ": the store is damaged (" + said +
                                                         "); nothing was changed. `tvanctl store " +
                                                         "salvage` copies what is readable into a new folder");
  if (status.IsNoSpace() || says("No space left"))
    return Status::Transient("store.disk_full"_reason, doing + ": the disk is full (" + said + ")");
  if (says("Permission denied") || says("Read-only file system") || says("File too large"))
    return Status::Permanent("store.unwritable"_reason, doing + ": the folder cannot be written (" + said + ")");
  return Status::Transient("store.io"_reason, doing + ": " + said);
}

}  // namespace tvan
