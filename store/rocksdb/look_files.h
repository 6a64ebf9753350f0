#pragma once
// The file system through which a database is looked at, read-only. Recycling of logs is off, so a header in a log that
// says it is of a recycled one is damage; RocksDB would take it for the log's end, and where it is to read around
// damage it would never come back (its issue 11968). Here such a header has no type at all. Private to this folder.

#include <memory>

#include "rocksdb/env.h"

namespace tvan {

std::unique_ptr<rocksdb::Env> EnvForLooks(rocksdb::Env& base);  // over base, which outlives it

}  // namespace tvan
