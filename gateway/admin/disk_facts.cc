#include "gateway/admin/disk_facts.h"

#include <sys/statvfs.h>

#include <filesystem>

namespace tvan {
namespace {

// Files come and go while we look: one that is gone takes no room.
uint64_t SizeOf(const std::string& folder) {
  namespace fs = std::filesystem;
  uint64_t bytes = 0;
  std::error_code failed;
  for (fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, failed), end;
       !failed && at != end; at.increment(failed)) {
    std::error_code gone;
    const uint64_t size = at->is_regular_file(gone) ? at->file_size(gone) : 0;
    if (!gone) bytes += size;
  }
  return bytes;
}

}  // namespace

std::optional<DiskFacts> DiskOf(const std::string& folder) {
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) != 0) return std::nullopt;
  DiskFacts facts;
  facts.free_bytes = uint64_t{disk.f_bavail} * disk.f_frsize;
  facts.total_bytes = uint64_t{disk.f_blocks} * disk.f_frsize;
  facts.store_bytes = SizeOf(folder);
  return facts;
}

}  // namespace tvan
