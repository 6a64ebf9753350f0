#pragma once
// What RocksDB says, as a Status with one of our reasons. Pure function; private to this folder.

#include <string>

#include "gateway/core/status.h"
#include "rocksdb/status.h"

namespace tvan {

// A failure to open or read: store.damaged, store.disk_full, store.unwritable, store.io. `doing` begins the message.
Status FromRocks(const rocksdb::Status& status, const std::string& doing);

}  // namespace tvan
