#include "store/rocksdb/witness.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "store/keys.h"

namespace tvan {

Result<std::unique_ptr<Witness>> Witness::Open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (fd >= 0) return std::unique_ptr<Witness>(new Witness(fd));
  return Status::Permanent("store.unwritable"_reason, path + ": " + std::strerror(errno));
}

std::optional<uint64_t> Witness::Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(16, '\0');
  if (!file.read(bytes.data(), 16)) return std::nullopt;
  const uint64_t sequence = *ReadU64(std::string_view(bytes).substr(0, 8));
  if (*ReadU64(std::string_view(bytes).substr(8)) != ~sequence) return std::nullopt;
  return sequence;
}

Witness::~Witness() { ::close(fd_); }

void Witness::Confirm(uint64_t sequence) {
  const std::string bytes = U64(sequence) + U64(~sequence);
  [[maybe_unused]] const ssize_t written = ::pwrite(fd_, bytes.data(), bytes.size(), 0);
}

void Witness::Sync() { [[maybe_unused]] const int synced = ::fdatasync(fd_); }

}  // namespace tvan
