#include "store/rocksdb/rocks_files.h"

#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

namespace tvan {

rocksdb::Status SyncFolder(rocksdb::Env& env, const std::string& path) {
  std::unique_ptr<rocksdb::Directory> folder;
  rocksdb::Status status = env.NewDirectory(path.empty() ? "." : path, &folder);
  if (status.ok()) status = folder->Fsync();
  return status;
}

rocksdb::Status MakeFolders(rocksdb::Env& env, const std::string& path) {
  namespace fs = std::filesystem;
  std::vector<fs::path> missing;
  std::error_code error;
  for (fs::path at = path; !at.empty() && !fs::exists(at, error); at = at.parent_path()) missing.push_back(at);
  rocksdb::Status status;
  for (auto at = missing.rbegin(); at != missing.rend() && status.ok(); ++at) {
    if (!at->has_filename()) continue;  // a trailing slash
    status = env.CreateDirIfMissing(*at);
    if (status.ok()) status = SyncFolder(env, at->parent_path());
  }
  return status;
}

}  // namespace tvan
