#pragma once
// One file that appears whole or not at all: written beside its place ("PATH.new", mode 0600 unless said), flushed,
// renamed, and the folder flushed. Never takes the last of the disk, so that the store beside it goes on. One thread.

#include <memory>
#include <string>
#include <string_view>

#include "gateway/core/digest.h"

namespace tvan {

class NewFile {
 public:
  // At least `leave_free` bytes of the disk are left alone.
  NewFile(std::string path, const Digester& digester, uint64_t leave_free, unsigned mode = 0600);
  ~NewFile();  // what was not committed is removed
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  // Errors: reconcile.unwritable (transient), naming the file and the cause; the file is lost then.
  Status Open();
  Status Add(std::string_view bytes);
  Status Commit();  // once, last

  uint64_t bytes() const { return bytes_; }
  const Sha256& digest() const { return digest_; }  // after Commit

 private:
  Status Failed(const char* what) const;
  Status WriteOut();

  const std::string path_, fresh_;
  const uint64_t leave_free_;
  const unsigned mode_;
  std::unique_ptr<Sha256Stream> stream_;
  std::string buffer_;
  uint64_t bytes_ = 0;
  Sha256 digest_;
  int fd_ = -1;
  bool committed_ = false;
};

// The same in one go.
Status WriteNewFile(const std::string& path, std::string_view bytes, const Digester& digester, uint64_t leave_free,
                    unsigned mode = 0600);

}  // namespace tvan
