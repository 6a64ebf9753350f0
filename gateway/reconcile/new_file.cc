#include "gateway/reconcile/new_file.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

namespace tvan {
namespace {

constexpr size_t kPiece = 1 << 20;

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

bool SyncFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path();
  const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  return synced;
}

}  // namespace

NewFile::NewFile(std::string path, const Digester& digester, uint64_t leave_free, unsigned mode)
    : path_(std::move(path)),
      fresh_(path_ + ".new"),
      leave_free_(leave_free),
      mode_(mode),
      stream_(digester.BeginSha256()) {}

NewFile::~NewFile() {
  if (fd_ >= 0) ::close(fd_);
  if (fd_ >= 0 && !committed_) ::unlink(fresh_.c_str());
}

Status NewFile::Failed(const char* what) const {
  const int error = errno;
  return Status::Transient("reconcile.unwritable"_reason,
                           std::string(what) + " " + fresh_ + ": " + std::strerror(error));
}

Status NewFile::Open() {
  fd_ = ::open(fresh_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode_);
  return fd_ < 0 ? Failed("making") : Status();
}

Status NewFile::WriteOut() {
  struct statvfs disk {};
  if (::fstatvfs(fd_, &disk) != 0) return Failed("asking for the room of");
  errno = ENOSPC;
  if (uint64_t{disk.f_bavail} * disk.f_frsize < leave_free_ + buffer_.size()) return Failed("leaving room beside");
  if (!WriteAll(fd_, buffer_)) return Failed("writing");
  stream_->Add(buffer_);
  buffer_.clear();
  return {};
}

Status NewFile::Add(std::string_view bytes) {
  buffer_.append(bytes);
  bytes_ += bytes.size();
  return buffer_.size() < kPiece ? Status() : WriteOut();
}

Status NewFile::Commit() {
  if (Status status = WriteOut(); !status.ok()) return status;
  if (::fsync(fd_) != 0) return Failed("flushing");
  if (::rename(fresh_.c_str(), path_.c_str()) != 0) return Failed("renaming");
  committed_ = true;
  digest_ = stream_->Finish();
  return SyncFolderOf(path_) ? Status() : Failed("flushing the folder of");
}

Status WriteNewFile(const std::string& path, std::string_view bytes, const Digester& digester, uint64_t leave_free,
                    unsigned mode) {
  NewFile file(path, digester, leave_free, mode);
  Status status = file.Open();
  if (status.ok()) status = file.Add(bytes);
  if (status.ok()) status = file.Commit();
  return status;
}

}  // namespace tvan
