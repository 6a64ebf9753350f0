#pragma once
// KvBackend over one open RocksDB: a column family per Family, one synced WriteBatch per act. Views hold the database
// open, so that reading while Close runs is safe. Private to this folder.

#include <array>
#include <memory>
#include <mutex>

#include "rocksdb/db.h"
#include "store/kv.h"
#include "store/rocksdb/rocks_store.h"
#include "store/rocksdb/witness.h"

namespace tvan {

// An open database with its column families; closed with the last reference.
struct RocksDatabase {
  std::unique_ptr<rocksdb::Env> env;  // outlives db; null: the store's own
  std::unique_ptr<rocksdb::DB> db;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilies> families{};
  RocksDatabase() = default;
  RocksDatabase(const RocksDatabase&) = delete;
  RocksDatabase& operator=(const RocksDatabase&) = delete;
  ~RocksDatabase();
};

// kReadOnly changes nothing on disk (it replays the log in memory); kCreate makes what is missing.
// kSalvage: as kReadOnly, and files that cannot even be opened do not keep the others from being read.
enum class RocksAccess { kReadOnly, kReadWrite, kCreate, kSalvage };
// What is done about a log that cannot be read to its end: refused unless it just ends early; read up to there; read
// around it.
enum class RocksDamage { kRefuse, kStopThere, kSkip };
// Opens db/ below options.path.
Result<std::shared_ptr<RocksDatabase>> OpenRocksDatabase(const RocksStoreOptions& options, RocksAccess access,
                                                         RocksDamage damage = RocksDamage::kRefuse);

class RocksBackend : public KvBackend {
 public:
  RocksBackend(std::shared_ptr<RocksDatabase> database, std::unique_ptr<Witness> witness, bool sync);

  Durability durability() const override { return sync_ ? Durability::kFlushedLocal : Durability::kMemoryOnly; }
  Status Look(const Ask& ask) const override;
  Status Act(const Decide& decide) override;
  const KvView& Live() const { return *live_; }  // the latest state at each call
  // As Act, but says what was wrong: store.disk_full, store.unwritable, store.damaged, store.io.
  Status Write(const WriteSet& writes);
  Result<BackupFacts> Backup(const BackupRequest& request) override;  // backup.cc
  Status Close() override;

 private:
  Status Commit(const WriteSet& writes);

  const bool sync_;
  mutable std::mutex mutex_;
  std::shared_ptr<RocksDatabase> database_;  // guarded by mutex_; null after Close
  std::unique_ptr<KvView> live_;             // the committer's
  std::unique_ptr<Witness> witness_;         // the committer's
};

}  // namespace tvan
