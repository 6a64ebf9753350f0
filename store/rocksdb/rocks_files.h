#pragma once
// The file system below an embedded store. The store's own files (FORMAT, WITNESS) and folders are written through it
// too, so that one wrapper sees every change of the disk. Private to this folder and to fault tests. Thread-safe.

#include <string>

#include "gateway/core/status.h"
#include "rocksdb/env.h"
#include "store/rocksdb/rocks_store.h"

namespace tvan {

struct RocksFiles {
  rocksdb::Env* env = rocksdb::Env::Default();  // outlives the store
};

inline rocksdb::Env* EnvOf(const RocksStoreOptions& options) {
  return options.files == nullptr ? rocksdb::Env::Default() : options.files->env;
}

// Makes the folder and those above it. The entry of each new one is durable before the next is made.
rocksdb::Status MakeFolders(rocksdb::Env& env, const std::string& path);
// What was made, renamed or removed in the folder is durable.
rocksdb::Status SyncFolder(rocksdb::Env& env, const std::string& path);

}  // namespace tvan
