#pragma once
// The embedded store: RocksDB with one committer, every durable act one synced batch. The folder holds FORMAT (the
// version, read before anything else), WITNESS (the newest act that was confirmed) and db/ (RocksDB). FORMAT.md says
// what is in it. One process at a time. Owned by gateway/app and tests.

#include <functional>
#include <memory>
#include <string>

#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"
#include "store/store.h"

namespace tvan {

struct RocksFiles;  // rocks_files.h

struct RocksStoreOptions {
  std::string path;                // the folder
  bool create_if_missing = false;  // else store.missing
  bool sync = true;                // false: nothing is promised (durability is MEMORY_ONLY); for measurements
  // `size` random bytes; needed when a store is created (its incarnation).
  std::function<std::string(size_t size)> random_bytes;

  size_t max_batch = 128;                 // operations in one flush, 1..1024
  size_t max_batch_bytes = 8 << 20;       // payload bytes in one flush
  size_t queue_limit = 4096;              // accepts waiting for a flush; more: store.busy
  size_t waiting_limit_bytes = 64 << 20;  // their payload bytes; more: store.busy
  uint64_t buffer_limit_bytes = 0;        // payload bytes of messages that wait for the authority; 0: no limit

  uint64_t min_blob_size = 1024;  // smaller values stay in the tree
  uint64_t blob_file_size = 256ULL << 20;
  // With these a backlog takes little more memory than none, however long it is.
  size_t memtable_bytes = 32 << 20;  // all column families together
  size_t cache_bytes = 64 << 20;
  uint64_t max_log_bytes = 256ULL << 20;  // write-ahead logs kept before column families are flushed

  std::shared_ptr<const RocksFiles> files;  // none: the system's file system. For fault tests
};

// Errors (all permanent but store.in_use): store.missing, store.in_use, store.damaged, store.newer_format,
// store.unwritable, store.disk_full, store.argument, store.io.
Result<std::unique_ptr<Store>> OpenRocksStore(RocksStoreOptions options, Clock& clock, Metrics& metrics);

}  // namespace tvan
