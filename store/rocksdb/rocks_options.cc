// How RocksDB is set up (DESIGN section 5, "Embedded store"), and the opening of the database itself.
#include "rocksdb/cache.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"
#include "rocksdb/utilities/table_properties_collectors.h"
#include "store/rocksdb/look_files.h"
#include "store/rocksdb/rocks_backend.h"
#include "store/rocksdb/rocks_files.h"
#include "store/rocksdb/rocks_log.h"
#include "store/rocksdb/rocks_status.h"

namespace tvan {
namespace {

rocksdb::WALRecoveryMode ModeFor(RocksDamage damage) {
  using Mode = rocksdb::WALRecoveryMode;
  if (damage == RocksDamage::kRefuse) return Mode::kTolerateCorruptedTailRecords;
  return damage == RocksDamage::kSkip ? Mode::kSkipAnyCorruptedRecords : Mode::kPointInTimeRecovery;
}

rocksdb::DBOptions DatabaseOptions(const RocksStoreOptions& options, RocksAccess access, RocksDamage damage) {
  rocksdb::DBOptions db;
  db.env = EnvOf(options);
  db.create_if_missing = access == RocksAccess::kCreate;
  db.create_missing_column_families = access == RocksAccess::kCreate;
  db.paranoid_checks = access != RocksAccess::kSalvage;
  // A torn tail is a write that nobody was told of; anything else that is damaged refuses to open.
  db.wal_recovery_mode = ModeFor(damage);
  db.track_and_verify_wals_in_manifest = true;
  db.recycle_log_file_num = 0;
  db.max_total_wal_size = options.max_log_bytes;
  db.db_write_buffer_size = options.memtable_bytes;
  db.allow_concurrent_memtable_write = false;  // one writer
  db.enable_write_thread_adaptive_yield = false;
  db.max_bgerror_resume_count = 0;  // after a failed write we stop; a person opens the store again
  db.max_background_jobs = 2;
  db.max_open_files = 1000;
  db.info_log = MakeRocksLog();
  return db;
}

bool HoldsBlobs(Family family) {
  return family == Family::kPayload || family == Family::kAnswerBlob || family == Family::kMailbox;
}

rocksdb::ColumnFamilyOptions FamilyOptions(const RocksStoreOptions& options, Family family,
                                           const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  // Index and filters count against the cache, in parts: whole ones of a long backlog would push each other out at
  // every look.
  table.cache_index_and_filter_blocks = true;
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.pin_top_level_index_and_filter = true;
  table.enable_index_compression = false;
  table.format_version = 5;
  rocksdb::ColumnFamilyOptions cf;
  cf.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  cf.compression = rocksdb::kLZ4Compression;  // ids and digests: zstd saves little more and takes ten times as long
  cf.write_buffer_size = HoldsBlobs(family) ? 64 << 20 : 32 << 20;
  cf.max_write_buffer_number = 3;
  // Most looks of an accept are for what is not there.
  cf.memtable_whole_key_filtering = true;
  cf.memtable_prefix_bloom_size_ratio = 0.02;
  if (HoldsBlobs(family)) {
    cf.enable_blob_files = true;
    cf.min_blob_size = options.min_blob_size;
    cf.blob_file_size = options.blob_file_size;
    // Payload records come packed (store/pack.h).
    cf.blob_compression_type = family == Family::kPayload ? rocksdb::kNoCompression : rocksdb::kLZ4Compression;
  }
  // Queues leave many deleted places behind; compact where they are dense.
  if (family == Family::kQueue)
    cf.table_properties_collector_factories.push_back(rocksdb::NewCompactOnDeletionCollectorFactory(8192, 4096));
  return cf;
}

}  // namespace

RocksDatabase::~RocksDatabase() {
  if (db == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* handle : families)
    if (handle != nullptr) db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  db->Close().PermitUncheckedError();
}

Result<std::shared_ptr<RocksDatabase>> OpenRocksDatabase(const RocksStoreOptions& options, RocksAccess access,
                                                         RocksDamage damage) {
  const std::string path = options.path + "/db";
  auto cache = rocksdb::NewLRUCache(options.cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> wanted = {{rocksdb::kDefaultColumnFamilyName, {}}};
  for (size_t f = 0; f < kFamilies; ++f)
    wanted.emplace_back(kFamilyNames[f], FamilyOptions(options, static_cast<Family>(f), cache));
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* raw = nullptr;
  rocksdb::DBOptions db_options = DatabaseOptions(options, access, damage);
  const bool looks = access == RocksAccess::kReadOnly || access == RocksAccess::kSalvage;
  std::unique_ptr<rocksdb::Env> env = looks ? EnvForLooks(*EnvOf(options)) : nullptr;
  if (looks) db_options.env = env.get();
  const rocksdb::Status status = looks ? rocksdb::DB::OpenForReadOnly(db_options, path, wanted, &handles, &raw)
                                       : rocksdb::DB::Open(db_options, path, wanted, &handles, &raw);
  if (!status.ok()) return FromRocks(status, "opening " + options.path);
  auto database = std::make_shared<RocksDatabase>();
  database->env = std::move(env);
  database->db.reset(raw);
  raw->DestroyColumnFamilyHandle(handles[0]).PermitUncheckedError();
  std::copy(handles.begin() + 1, handles.end(), database->families.begin());
  return database;
}

}  // namespace tvan
