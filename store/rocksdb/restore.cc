#include <filesystem>

#include "store/rocksdb/backup_manifest.h"
#include "store/rocksdb/copies.h"
#include "store/rocksdb/maintenance.h"
#include "store/rocksdb/rocks_backend.h"
#include "store/rocksdb/store_files.h"
#include "store/write_set.h"

namespace tvan {
namespace {

namespace fs = std::filesystem;

Result<BackupManifest> ManifestOf(const std::string& folder, const Digester& digester) {
  std::error_code error;
  if (fs::exists(folder + files::kUnfinished, error) || !fs::exists(folder + files::kBackup, error))
    return Status::Permanent("store.not_a_backup"_reason, folder + " holds no finished backup");
  const auto text = files::Read(folder + files::kBackup);
  if (!text.ok()) return text.status();
  return ParseBackupManifest(*text, digester);
}

Status CopyFiles(const CopyRequest& request, const BackupManifest& manifest) {
  uint64_t done = 0;
  std::error_code error;
  fs::create_directory(request.to + "/db", error);
  if (error) return files::FromErrno(error.value(), "making " + request.to + "/db");
  for (const BackupManifest::File& file : manifest.files) {
    const auto copied =
        files::Copy(request.from + "/" + file.name, request.to + "/" + file.name, request.digester, [&](uint64_t b) {
          done += b;
          if (request.progress) request.progress(done, manifest.facts.bytes);
          return Status();
        });
    if (!copied.ok()) return copied.status();
    if (copied->bytes != file.size || copied->sha256 != file.sha256)
      return Status::Permanent("store.backup_damaged"_reason,
                               "the backup is damaged: " + file.name + " is not what was backed up");
  }
  return files::SyncFolder(request.to + "/db");
}

Status Fill(const CopyRequest& request, const BackupManifest& manifest) {
  if (Status s = CopyFiles(request, manifest); !s.ok()) return s;
  const auto facts = FactsOfCopy(request.to);
  if (!facts.ok()) return facts.status();
  if (facts->incarnation != manifest.facts.incarnation || facts->sequence != manifest.facts.sequence ||
      facts->acceptance != manifest.facts.acceptance)
    return Status::Permanent("store.backup_damaged"_reason, "the backup is damaged: it holds another moment's acts");
  return BecomeStore(request.to,
                     {Recovery::Reason::kRestore, request.incarnation, manifest.facts.taken_at, request.now});
}

}  // namespace

Status BecomeStore(const std::string& folder, const NewLife& life) {
  RocksStoreOptions options;
  options.path = folder;
  {
    auto database = OpenRocksDatabase(options, RocksAccess::kReadWrite);
    if (!database.ok()) return database.status();
    RocksBackend backend(*database, nullptr, /*sync=*/true);
    WriteSet writes(backend.Live());
    if (Status s = BeginNewLife(life, writes); !s.ok()) return s;
    if (Status s = backend.Write(writes); !s.ok()) return s;
  }
  if (Status s = files::WriteFormat(folder); !s.ok()) return s;
  return files::EndFolder(folder);
}

Result<BackupFacts> ReadBackup(const std::string& folder, const Digester& digester) {
  auto manifest = ManifestOf(folder, digester);
  return manifest.ok() ? Result<BackupFacts>(std::move(manifest->facts)) : Result<BackupFacts>(manifest.status());
}

Result<BackupFacts> RestoreStore(const CopyRequest& request) {
  const auto manifest = ManifestOf(request.from, request.digester);
  if (!manifest.ok()) return manifest.status();
  if (Status s = files::BeginFolder(request.to); !s.ok()) return s;
  if (Status s = Fill(request, *manifest); !s.ok()) return files::RemoveFolder(request.to), s;
  return manifest->facts;
}

}  // namespace tvan
