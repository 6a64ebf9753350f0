#include "store/rocksdb/look_files.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "rocksdb/file_system.h"

namespace tvan {
namespace {

using Options = rocksdb::IOOptions;
using Debug = rocksdb::IODebugContext;
using rocksdb::IOStatus;

// RocksDB's framing: blocks of 32 KiB; in them frames: crc (4), size (2), type (1), bytes.
constexpr size_t kBlock = 32768, kSize = 4, kType = 6, kHeader = 7;
constexpr uint8_t kFirstRecycled = 5, kLastRecycled = 8, kNoType = 0xff;

// Of a frame whose checksum is wrong, as it is then, the rest of its block is given up.
void MaskFirstRecycled(char* block, size_t size) {
  for (size_t at = 0; at + kHeader <= size;) {
    const auto byte = [&](size_t place) { return static_cast<uint8_t>(block[at + place]); };
    if (byte(kType) >= kFirstRecycled && byte(kType) <= kLastRecycled) {
      block[at + kType] = static_cast<char>(kNoType);
      return;
    }
    at += kHeader + byte(kSize) + (static_cast<size_t>(byte(kSize + 1)) << 8);
  }
}

// RocksDB reads a log from its beginning in whole blocks.
class Log : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  using FSSequentialFileOwnerWrapper::FSSequentialFileOwnerWrapper;

  IOStatus Read(size_t n, const Options& options, rocksdb::Slice* result, char* scratch, Debug* debug) override {
    const IOStatus status = FSSequentialFileOwnerWrapper::Read(n, options, result, scratch, debug);
    if (!status.ok() || result->empty()) return status;
    if (result->data() != scratch) std::memcpy(scratch, result->data(), result->size());
    *result = rocksdb::Slice(scratch, result->size());
    for (size_t at = 0; at < result->size(); at += kBlock)
      MaskFirstRecycled(scratch + at, std::min(kBlock, result->size() - at));
    return status;
  }
};

class LookFiles : public rocksdb::FileSystemWrapper {
 public:
  using FileSystemWrapper::FileSystemWrapper;

  const char* Name() const override { return "looks"; }
  IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                             std::unique_ptr<rocksdb::FSSequentialFile>* result, Debug* debug) override {
    const IOStatus status = FileSystemWrapper::NewSequentialFile(path, options, result, debug);
    if (status.ok() && rocksdb::Slice(path).ends_with(".log")) *result = std::make_unique<Log>(std::move(*result));
    return status;
  }
};

}  // namespace

std::unique_ptr<rocksdb::Env> EnvForLooks(rocksdb::Env& base) {
  return rocksdb::NewCompositeEnv(std::make_shared<LookFiles>(base.GetFileSystem()));
}

}  // namespace tvan
