#pragma once
// A file system for RocksDB whose power can be cut. It works in a real folder and keeps a model of what is durable
// (power_cut_disk.h); a cut, before the N-th change of the disk, writes one of the possible states into another folder
// while everything goes on, so that a test opens that folder as if the machine had been started again. Sync can also be
// held (nobody returns from it before it is released) or swallowed (it lies). Nothing is really synced. Thread-safe.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>

#include "rocksdb/env.h"
#include "rocksdb/file_system.h"
#include "tests/faults/power_cut_disk.h"

namespace tvan {

class PowerCutFs : public rocksdb::FileSystemWrapper {
 public:
  enum class Syncs { kKept, kSwallowed };
  PowerCutFs(std::string root, uint64_t seed, Syncs syncs = Syncs::kKept);

  const char* Name() const override { return "power cut"; }

  // Cuts before change number `change`, counted from now on: `at_cut` runs first, then the state goes to `image`.
  void CutAt(uint64_t change, std::string image, std::function<void()> at_cut);
  void CutNow();  // unless it was cut already
  bool IsCut() const;
  uint64_t changes() const;

  void HoldSync();
  void ReleaseSync();
  void AwaitHeldSync();  // until somebody waits in Sync

  // For the wrapped files. Change runs `apply` as one change of the disk.
  template <class Apply>
  auto Change(const Apply& apply) {
    const std::lock_guard lock(mutex_);
    ++changes_;
    if (cut_at_ != 0 && changes_ >= cut_at_) Cut();
    return apply(disk_);
  }
  void SyncNode(PowerCutDisk::Node& node);

  using Options = rocksdb::IOOptions;
  using Debug = rocksdb::IODebugContext;
  using IOStatus = rocksdb::IOStatus;
  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* result, Debug* debug) override;
  IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* result, Debug* debug) override;
  IOStatus NewRandomRWFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSRandomRWFile>* result, Debug* debug) override;
  IOStatus NewDirectory(const std::string& path, const Options& options, std::unique_ptr<rocksdb::FSDirectory>* result,
                        Debug* debug) override;
  IOStatus DeleteFile(const std::string& path, const Options& options, Debug* debug) override;
  IOStatus Truncate(const std::string& path, size_t size, const Options& options, Debug* debug) override;
  IOStatus CreateDir(const std::string& path, const Options& options, Debug* debug) override;
  IOStatus CreateDirIfMissing(const std::string& path, const Options& options, Debug* debug) override;
  IOStatus DeleteDir(const std::string& path, const Options& options, Debug* debug) override;
  IOStatus RenameFile(const std::string& from, const std::string& to, const Options& options, Debug* debug) override;
  IOStatus LinkFile(const std::string& from, const std::string& to, const Options& options, Debug* debug) override;

 private:
  void Cut();  // mutex_ held

  const Syncs syncs_;
  mutable std::mutex mutex_;  // guards all below
  PowerCutDisk disk_;
  uint64_t changes_ = 0, cut_at_ = 0;
  std::string image_;
  std::function<void()> at_cut_;
  std::condition_variable moved_;
  bool held_ = false;
  int waiting_ = 0;
};

}  // namespace tvan
