#pragma once
// RocksDB's own log, warnings and errors only, as lines of ours. Its file in the database's folder is not used: on a
// full disk the library aborts the process when it cannot write there (7.8, seen). Thread-safe.

#include <memory>

#include "rocksdb/env.h"

namespace tvan {

std::shared_ptr<rocksdb::Logger> MakeRocksLog();

}  // namespace tvan
