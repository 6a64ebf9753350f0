#include "store/rocksdb/store_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace tvan::files {
namespace {

namespace fs = std::filesystem;
constexpr size_t kPiece = 1 << 20;

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() { Close(); }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }
  bool Close() { return fd_ < 0 || ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

Status WriteAll(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FromErrno(errno, "writing " + path);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

// Hands on every piece of a file.
Status ReadPieces(int fd, const std::string& path, const std::function<Status(std::string_view)>& use) {
  std::string piece(kPiece, '\0');
  while (true) {
    const ssize_t size = ::read(fd, piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return FromErrno(errno, "reading " + path);
    if (size == 0) return {};
    if (Status s = use(std::string_view(piece).substr(0, static_cast<size_t>(size))); !s.ok()) return s;
  }
}

Status Synced(Fd& fd, const std::string& path) {
  if (::fsync(fd.get()) != 0) return FromErrno(errno, "flushing " + path);
  return fd.Close() ? Status() : FromErrno(errno, "closing " + path);
}

}  // namespace

Status FromErrno(int error, const std::string& doing) {
  const std::string text = doing + ": " + std::strerror(error);
  if (error == ENOSPC || error == EDQUOT) return Status::Transient("store.disk_full"_reason, text);
  if (error == EACCES || error == EROFS || error == EPERM || error == ENOENT || error == ENOTDIR)
    return Status::Permanent("store.unwritable"_reason, text);
  return Status::Transient("store.io"_reason, text);
}

Status SyncFolder(const std::string& folder) {
  Fd fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) return FromErrno(errno, "opening " + folder);
  return Synced(fd, folder);
}

Status Write(const std::string& path, const std::string& bytes) {
  const std::string fresh = path + ".new";
  Fd fd(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
  if (fd.get() < 0) return FromErrno(errno, "making " + fresh);
  if (Status s = WriteAll(fd.get(), bytes, fresh); !s.ok()) return s;
  if (Status s = Synced(fd, fresh); !s.ok()) return s;
  if (::rename(fresh.c_str(), path.c_str()) != 0) return FromErrno(errno, "making " + path);
  return SyncFolder(fs::path(path).parent_path());
}

Result<std::string> Read(const std::string& path) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return FromErrno(errno, "opening " + path);
  std::string bytes;
  Status status = ReadPieces(fd.get(), path, [&](std::string_view piece) {
    bytes.append(piece);
    return Status();
  });
  return status.ok() ? Result<std::string>(std::move(bytes)) : Result<std::string>(status);
}

Status WriteFormat(const std::string& store) {
  return Write(store + kFormat, "tvan-store-format " + std::to_string(kFormatVersion) + "\n");
}

Status CheckIsNeither(const std::string& store) {
  std::error_code error;
  if (fs::exists(store + kUnfinished, error))
    return Status::Permanent("store.unfinished"_reason,
                             store + " is a copy that was cut short; it is no store. Remove it and begin again");
  if (fs::exists(store + kBackup, error))
    return Status::Permanent("store.is_backup"_reason,
                             store + " is a backup; `tvanctl store restore` makes a store of it in a new folder");
  return {};
}

Status BeginFolder(const std::string& folder) {
  std::error_code error;
  const bool empty = fs::is_directory(folder, error) && fs::is_empty(folder, error);
  if (!empty && ::mkdir(folder.c_str(), 0750) != 0) {
    if (errno == EEXIST)
      return Status::Permanent("store.exists"_reason, folder + " exists and is not empty; nothing was changed");
    return FromErrno(errno, "making " + folder);
  }
  if (Status s = Write(folder + kUnfinished, "a copy of a store is being made here\n"); !s.ok()) return s;
  const fs::path whole = fs::absolute(folder);
  return SyncFolder((whole.has_filename() ? whole : whole.parent_path()).parent_path());  // "a/b/" lies in "a"
}

Status EndFolder(const std::string& folder) {
  if (::unlink((folder + kUnfinished).c_str()) != 0) return FromErrno(errno, "finishing " + folder);
  return SyncFolder(folder);
}

void RemoveFolder(const std::string& folder) {
  std::error_code error;
  fs::remove_all(folder, error);
}

Result<Digest> DigestOf(const std::string& path, const Digester& digester, const Progress& progress) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return FromErrno(errno, "opening " + path);
  Digest digest;
  const auto stream = digester.BeginSha256();
  Status status = ReadPieces(fd.get(), path, [&](std::string_view piece) {
    stream->Add(piece);
    digest.bytes += piece.size();
    return progress ? progress(piece.size()) : Status();
  });
  if (status.ok()) status = Synced(fd, path);
  if (!status.ok()) return status;
  digest.sha256 = stream->Finish();
  return digest;
}

Result<Digest> Copy(const std::string& from, const std::string& to, const Digester& digester,
                    const Progress& progress) {
  Fd in(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (in.get() < 0) return FromErrno(errno, "opening " + from);
  Fd out(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640));
  if (out.get() < 0) return FromErrno(errno, "making " + to);
  Digest digest;
  const auto stream = digester.BeginSha256();
  Status status = ReadPieces(in.get(), from, [&](std::string_view piece) {
    stream->Add(piece);
    digest.bytes += piece.size();
    if (Status s = progress ? progress(piece.size()) : Status(); !s.ok()) return s;
    return WriteAll(out.get(), piece, to);
  });
  if (status.ok()) status = Synced(out, to);
  if (!status.ok()) return status;
  digest.sha256 = stream->Finish();
  return digest;
}

}  // namespace tvan::files
