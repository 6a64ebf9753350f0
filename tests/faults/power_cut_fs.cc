#include "tests/faults/power_cut_fs.h"

namespace tvan {
namespace {

using rocksdb::FSDirectory;
using rocksdb::FSRandomRWFile;
using rocksdb::FSWritableFile;
using rocksdb::IOStatus;
using rocksdb::Slice;
using Node = PowerCutDisk::Node;
using Options = rocksdb::IOOptions;
using Debug = rocksdb::IODebugContext;

class CutFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  CutFile(std::unique_ptr<FSWritableFile> file, PowerCutFs& fs, std::shared_ptr<Node> node)
      : FSWritableFileOwnerWrapper(std::move(file)), fs_(fs), node_(std::move(node)) {}

  IOStatus Append(const Slice& data, const Options& options, Debug* debug) override {
    return fs_.Change([&](PowerCutDisk& disk) {
      disk.Append(*node_, data.data(), data.size());
      return target()->Append(data, options, debug);
    });
  }
  IOStatus Append(const Slice& data, const Options& options, const rocksdb::DataVerificationInfo&,
                  Debug* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Truncate(uint64_t size, const Options& options, Debug* debug) override {
    return fs_.Change([&](PowerCutDisk& disk) {
      disk.Truncate(*node_, size);
      return target()->Truncate(size, options, debug);
    });
  }
  IOStatus Sync(const Options&, Debug*) override { return fs_.SyncNode(*node_), IOStatus::OK(); }
  IOStatus Fsync(const Options&, Debug*) override { return fs_.SyncNode(*node_), IOStatus::OK(); }
  // Begins to write back and promises nothing.
  IOStatus RangeSync(uint64_t, uint64_t, const Options&, Debug*) override { return IOStatus::OK(); }

 private:
  PowerCutFs& fs_;
  const std::shared_ptr<Node> node_;
};

class CutRandomFile : public rocksdb::FSRandomRWFileOwnerWrapper {
 public:
  CutRandomFile(std::unique_ptr<FSRandomRWFile> file, PowerCutFs& fs, std::shared_ptr<Node> node)
      : FSRandomRWFileOwnerWrapper(std::move(file)), fs_(fs), node_(std::move(node)) {}

  IOStatus Write(uint64_t offset, const Slice& data, const Options& options, Debug* debug) override {
    return fs_.Change([&](PowerCutDisk& disk) {
      disk.Overwrite(*node_, offset, data.data(), data.size());
      return target()->Write(offset, data, options, debug);
    });
  }
  IOStatus Sync(const Options&, Debug*) override { return fs_.SyncNode(*node_), IOStatus::OK(); }
  IOStatus Fsync(const Options&, Debug*) override { return fs_.SyncNode(*node_), IOStatus::OK(); }

 private:
  PowerCutFs& fs_;
  const std::shared_ptr<Node> node_;
};

class CutFolder : public FSDirectory {
 public:
  CutFolder(std::string path, PowerCutFs& fs) : path_(std::move(path)), fs_(fs) {}
  IOStatus Fsync(const Options&, Debug*) override {
    fs_.Change([&](PowerCutDisk& disk) { disk.SyncFolder(path_); });
    return IOStatus::OK();
  }
  IOStatus Close(const Options&, Debug*) override { return IOStatus::OK(); }

 private:
  const std::string path_;
  PowerCutFs& fs_;
};

}  // namespace

PowerCutFs::PowerCutFs(std::string root, uint64_t seed, Syncs syncs)
    : FileSystemWrapper(rocksdb::FileSystem::Default()), syncs_(syncs), disk_(std::move(root), seed) {}

void PowerCutFs::CutAt(uint64_t change, std::string image, std::function<void()> at_cut) {
  const std::lock_guard lock(mutex_);
  cut_at_ = changes_ + change;
  image_ = std::move(image);
  at_cut_ = std::move(at_cut);
}

void PowerCutFs::Cut() {
  cut_at_ = 0;
  at_cut_();
  disk_.WriteImage(image_);
}

void PowerCutFs::CutNow() {
  const std::lock_guard lock(mutex_);
  if (cut_at_ != 0) Cut();
}

bool PowerCutFs::IsCut() const {
  const std::lock_guard lock(mutex_);
  return cut_at_ == 0;
}

uint64_t PowerCutFs::changes() const {
  const std::lock_guard lock(mutex_);
  return changes_;
}

void PowerCutFs::HoldSync() {
  const std::lock_guard lock(mutex_);
  held_ = true;
}

void PowerCutFs::ReleaseSync() {
  const std::lock_guard lock(mutex_);
  held_ = false;
  moved_.notify_all();
}

void PowerCutFs::AwaitHeldSync() {
  std::unique_lock lock(mutex_);
  moved_.wait(lock, [this] { return waiting_ > 0; });
}

void PowerCutFs::SyncNode(Node& node) {
  {
    std::unique_lock lock(mutex_);
    ++waiting_;
    moved_.notify_all();
    moved_.wait(lock, [this] { return !held_; });
    --waiting_;
  }
  Change([&](PowerCutDisk&) {
    if (syncs_ == Syncs::kKept) PowerCutDisk::Sync(node);
  });
}

IOStatus PowerCutFs::NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                     std::unique_ptr<FSWritableFile>* result, Debug* debug) {
  return Change([&](PowerCutDisk& disk) {
    std::unique_ptr<FSWritableFile> file;
    const IOStatus status = target()->NewWritableFile(path, options, &file, debug);
    if (status.ok()) *result = std::make_unique<CutFile>(std::move(file), *this, disk.Create(path));
    return status;
  });
}

IOStatus PowerCutFs::ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                        std::unique_ptr<FSWritableFile>* result, Debug* debug) {
  return Change([&](PowerCutDisk& disk) {
    std::unique_ptr<FSWritableFile> file;
    const IOStatus status = target()->ReopenWritableFile(path, options, &file, debug);
    auto node = disk.Find(path);
    if (node == nullptr) node = disk.Create(path);
    if (status.ok()) *result = std::make_unique<CutFile>(std::move(file), *this, std::move(node));
    return status;
  });
}

IOStatus PowerCutFs::NewRandomRWFile(const std::string& path, const rocksdb::FileOptions& options,
                                     std::unique_ptr<FSRandomRWFile>* result, Debug* debug) {
  return Change([&](PowerCutDisk& disk) {
    std::unique_ptr<FSRandomRWFile> file;
    const IOStatus status = target()->NewRandomRWFile(path, options, &file, debug);
    auto node = disk.Find(path);
    if (status.ok() && node == nullptr) return IOStatus::IOError(path, "the model does not know this file");
    if (status.ok()) *result = std::make_unique<CutRandomFile>(std::move(file), *this, std::move(node));
    return status;
  });
}

IOStatus PowerCutFs::NewDirectory(const std::string& path, const Options&, std::unique_ptr<FSDirectory>* result,
                                  Debug*) {
  *result = std::make_unique<CutFolder>(path, *this);
  return IOStatus::OK();
}

IOStatus PowerCutFs::DeleteFile(const std::string& path, const Options& options, Debug* debug) {
  return Change([&](PowerCutDisk& disk) {
    const IOStatus status = target()->DeleteFile(path, options, debug);
    if (status.ok()) disk.Remove(path);
    return status;
  });
}

IOStatus PowerCutFs::Truncate(const std::string& path, size_t size, const Options& options, Debug* debug) {
  return Change([&](PowerCutDisk& disk) {
    const IOStatus status = target()->Truncate(path, size, options, debug);
    if (const auto node = disk.Find(path); status.ok() && node != nullptr) disk.Truncate(*node, size);
    return status;
  });
}

IOStatus PowerCutFs::CreateDir(const std::string& path, const Options& options, Debug* debug) {
  return Change([&](PowerCutDisk& disk) {
    const IOStatus status = target()->CreateDir(path, options, debug);
    if (status.ok()) disk.MakeFolder(path);
    return status;
  });
}

IOStatus PowerCutFs::CreateDirIfMissing(const std::string& path, const Options& options, Debug* debug) {
  return Change([&](PowerCutDisk& disk) {
    const IOStatus status = target()->CreateDirIfMissing(path, options, debug);
    if (status.ok()) disk.MakeFolder(path);
    return status;
  });
}

IOStatus PowerCutFs::DeleteDir(const std::string& path, const Options& options, Debug* debug) {
  return Change([&](PowerCutDisk& disk) {
    const IOStatus status = target()->DeleteDir(path, options, debug);
    if (status.ok()) disk.Remove(path);
    return status;
  });
}

IOStatus PowerCutFs::RenameFile(const std::string& from, const std::string& to, const Options& options, Debug* debug) {
  return Change([&](PowerCutDisk& disk) {
    const IOStatus status = target()->RenameFile(from, to, options, debug);
    if (status.ok()) disk.Rename(from, to);
    return status;
  });
}

IOStatus PowerCutFs::LinkFile(const std::string& from, const std::string& to, const Options& options, Debug* debug) {
  return Change([&](PowerCutDisk& disk) {
    const IOStatus status = target()->LinkFile(from, to, options, debug);
    if (status.ok()) disk.Link(from, to);
    return status;
  });
}

}  // namespace tvan
