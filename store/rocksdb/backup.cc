// A backup of a live store: a checkpoint of RocksDB (tables are hard links on one file system), every file digested and
// flushed, and the manifest last. What was taken is read from the copy itself, so that it is right whatever was written
// meanwhile.
#include <filesystem>

#include "rocksdb/utilities/checkpoint.h"
#include "store/keys.h"
#include "store/rocksdb/backup_manifest.h"
#include "store/rocksdb/copies.h"
#include "store/rocksdb/rocks_backend.h"
#include "store/rocksdb/rocks_status.h"
#include "store/rocksdb/store_files.h"
#include "store/write_set.h"

namespace tvan {
namespace {

namespace fs = std::filesystem;

Status Checkpoint(RocksDatabase& database, const std::string& folder) {
  rocksdb::Checkpoint* raw = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(database.db.get(), &raw);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(raw);
  if (status.ok()) status = checkpoint->CreateCheckpoint(folder + "/db", /*log_size_for_flush=*/0);
  return status.ok() ? Status() : FromRocks(status, "backing up into " + folder);
}

Status Stopped() {
  return Status::Transient("store.closed"_reason, "this process is stopping; the backup was given up and removed");
}

Status DigestAll(const BackupRequest& request, BackupManifest& manifest) {
  uint64_t all = 0, done = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(request.folder + "/db", error)) {
    manifest.files.push_back({"db/" + entry.path().filename().string(), entry.file_size(error), {}});
    all += manifest.files.back().size;
  }
  if (error) return files::FromErrno(error.value(), "looking into " + request.folder);
  for (BackupManifest::File& file : manifest.files) {
    auto digest = files::DigestOf(request.folder + "/" + file.name, request.digester, [&](uint64_t bytes) {
      done += bytes;
      if (request.progress) request.progress(done, std::max(all, done));
      return request.stopped && request.stopped() ? Stopped() : Status();
    });
    if (!digest.ok()) return digest.status();
    file.sha256 = digest->sha256;
    file.size = digest->bytes;
    manifest.facts.bytes += file.size;
  }
  manifest.facts.files = manifest.files.size();
  return files::SyncFolder(request.folder + "/db");
}

Result<BackupFacts> Fill(RocksDatabase& database, const BackupRequest& request) {
  if (Status s = Checkpoint(database, request.folder); !s.ok()) return s;
  BackupManifest manifest;
  auto facts = FactsOfCopy(request.folder);
  if (!facts.ok()) return facts.status();
  manifest.facts = *std::move(facts);
  manifest.facts.taken_at = request.now;
  if (Status s = DigestAll(request, manifest); !s.ok()) return s;
  if (Status s = files::Write(request.folder + files::kBackup, Render(manifest, request.digester)); !s.ok()) return s;
  if (Status s = files::EndFolder(request.folder); !s.ok()) return s;
  return manifest.facts;
}

}  // namespace

Result<BackupFacts> FactsOfCopy(const std::string& folder) {
  RocksStoreOptions options;
  options.path = folder;
  options.cache_bytes = 8 << 20;
  auto database = OpenRocksDatabase(options, RocksAccess::kReadOnly);
  if (!database.ok()) return database.status();
  RocksBackend look(*database, nullptr, true);
  WriteSet read(look.Live());
  BackupFacts facts;
  facts.incarnation = read.Get(Family::kControl, keys::kIncarnation).value_or("");
  facts.sequence = read.Number(Family::kControl, keys::kSequence);
  facts.acceptance = read.Number(Family::kControl, keys::kAcceptance);
  if (!read.status().ok()) return read.status();
  if (facts.incarnation.size() != 32) return Status::Permanent("store.damaged"_reason, folder + ": no incarnation");
  return facts;
}

Result<BackupFacts> RocksBackend::Backup(const BackupRequest& request) {
  std::shared_ptr<RocksDatabase> database;
  {
    std::lock_guard lock(mutex_);
    database = database_;
  }
  if (database == nullptr) return Status::Transient("store.closed"_reason, "the store is closed");
  if (Status s = files::BeginFolder(request.folder); !s.ok()) return s;
  auto facts = Fill(*database, request);
  if (!facts.ok()) files::RemoveFolder(request.folder);
  return facts;
}

}  // namespace tvan
