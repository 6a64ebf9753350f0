#pragma once
// The witness: the number of the newest act that was confirmed to somebody, in a small file beside the database,
// written after each flush. A log that was cut or whose record sizes were damaged can open "OK" with fewer acts than
// were confirmed; the witness tells. It never names an act that is not durable, so it raises no false alarm; after a
// power cut it may be older than the truth, then it shows less. One writer.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "gateway/core/status.h"
#include "rocksdb/env.h"

namespace tvan {

class Witness {
 public:
  // Opens or creates the file. store.unwritable, store.io
  static Result<std::unique_ptr<Witness>> Open(rocksdb::Env& env, const std::string& path);
  // The number in the file at `path`; none if there is no file or it was torn.
  static std::optional<uint64_t> Read(const std::string& path);
  void Confirm(uint64_t sequence);  // best effort: a failure costs a check, not a message
  void Sync();

 private:
  explicit Witness(std::unique_ptr<rocksdb::RandomRWFile> file) : file_(std::move(file)) {}
  const std::unique_ptr<rocksdb::RandomRWFile> file_;
};

}  // namespace tvan
