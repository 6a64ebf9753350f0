// Opening: folder, format, lock, then a look that changes nothing, and only then for writing.
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "gateway/core/log.h"
#include "rocksdb/env.h"
#include "store/keys.h"
#include "store/kv_store.h"
#include "store/rocksdb/rocks_backend.h"
#include "store/rocksdb/rocks_files.h"
#include "store/rocksdb/rocks_status.h"
#include "store/rocksdb/store_files.h"
#include "store/write_set.h"

namespace tvan {
namespace {

namespace fs = std::filesystem;

using files::kFormatVersion;
constexpr std::string_view kFormatHead = "tvan-store-format ";

Status CheckOptions(const RocksStoreOptions& o) {
  const bool good = !o.path.empty() && o.max_batch >= 1 && o.max_batch <= 1024 && o.max_batch_bytes > 0 &&
                    o.queue_limit > 0 && o.waiting_limit_bytes > 0;
  if (good) return {};
  return Status::Permanent("store.argument"_reason, "the store's options are out of range");
}

Status Newer(const std::string& path, uint64_t version) {
  return Status::Permanent("store.newer_format"_reason, path + " has store format " + std::to_string(version) +
                                                            "; this program reads up to " +
                                                            std::to_string(kFormatVersion) + ". Use the newer program");
}

// The version in the file FORMAT; 0: no such file.
Result<uint64_t> ReadFormat(const std::string& path) {
  std::error_code error;
  if (!fs::exists(path + "/FORMAT", error)) return uint64_t{0};
  std::ifstream file(path + "/FORMAT");
  std::string line;
  std::getline(file, line);
  const std::string digits = line.substr(std::min(kFormatHead.size(), line.size()));
  const bool good = line.rfind(kFormatHead, 0) == 0 && !digits.empty() && digits.size() < 10 &&
                    digits.find_first_not_of("0123456789") == std::string::npos;
  if (!good) return Status::Permanent("store.damaged"_reason, path + "/FORMAT is not a store's format file");
  return uint64_t{std::stoull(digits)};
}

Status WriteFormat(const RocksStoreOptions& options) {
  const std::string text = std::string(kFormatHead) + std::to_string(kFormatVersion) + "\n";
  const std::string& path = options.path;
  auto* env = EnvOf(options);
  rocksdb::Status status = rocksdb::WriteStringToFile(env, text, path + "/FORMAT.new", /*should_sync=*/true);
  if (status.ok()) status = env->RenameFile(path + "/FORMAT.new", path + "/FORMAT");
  if (status.ok()) status = SyncFolder(*env, path);
  return status.ok() ? Status() : FromRocks(status, "writing " + path + "/FORMAT");
}

Status PrepareFolder(const RocksStoreOptions& options) {
  std::error_code error;
  const bool exists = fs::exists(options.path + "/db/CURRENT", error);
  if (!exists && fs::exists(options.path + "/FORMAT", error))
    return Status::Permanent("store.damaged"_reason, options.path + " held a store, but its database is gone");
  if (!exists && !options.create_if_missing)
    return Status::Permanent("store.missing"_reason, options.path + " holds no store, and none is to be created");
  if (const auto made = MakeFolders(*EnvOf(options), options.path + "/db"); !made.ok()) {
    const Status why = FromRocks(made, "making " + options.path);
    if (why.reason() == "store.disk_full"_reason) return why;
    return Status::Permanent("store.unwritable"_reason, options.path + " cannot be written: " + made.ToString());
  }
  if (::access(options.path.c_str(), W_OK) == 0 && ::access((options.path + "/db").c_str(), W_OK) == 0) return {};
  return Status::Permanent("store.unwritable"_reason, options.path + " cannot be written: " + std::strerror(errno));
}

// Another process, or another store object of this one, holds the folder.
Status CheckFree(const RocksStoreOptions& options) {
  const std::string& path = options.path;
  auto* env = EnvOf(options);
  rocksdb::FileLock* lock = nullptr;
  const rocksdb::Status status = env->LockFile(path + "/db/LOCK", &lock);
  if (status.ok()) {
    env->UnlockFile(lock).PermitUncheckedError();
    return {};
  }
  const std::string said = status.ToString();
  if (said.find("lock ") == std::string::npos && said.find("Resource temporarily") == std::string::npos)
    return FromRocks(status, "opening " + path);
  return Status::Transient("store.in_use"_reason, "the store in " + path + " is in use by another process");
}

uint64_t Number(const KvView& view, const std::string& key) {
  auto bytes = view.Get(Family::kControl, key);
  return bytes.ok() && *bytes ? ReadU64(**bytes).value_or(0) : 0;
}

// FORMAT is written last, so without it a store may have been killed while it was created. It holds nothing then.
bool HalfCreated(const RocksStoreOptions& options, uint64_t format) {
  if (format != 0) return false;
  std::vector<std::string> families;
  const auto listed = rocksdb::DB::ListColumnFamilies({}, options.path + "/db", &families);
  return !listed.ok() || families.size() < kFamilies + 1;
}

struct LogEnd {
  uint64_t act = 0;     // the newest that can be read
  uint64_t change = 0;  // RocksDB's own count
};
Result<LogEnd> LookAt(const RocksStoreOptions& options, RocksDamage damage) {
  auto database = OpenRocksDatabase(options, RocksAccess::kReadOnly, damage);
  if (!database.ok()) return database.status();
  const RocksBackend look(*database, nullptr, options.sync);
  return LogEnd{Number(look.Live(), keys::kSequence), (*database)->db->GetLatestSequenceNumber()};
}

// A power cut may leave anything where the last act was being written: less of it, zeros, garbage. Only one act is in
// the air at a time, so behind such a place nothing can be read. Where something can, the log is damaged.
std::optional<LogEnd> EndBeforeTornAct(const RocksStoreOptions& options) {
  const auto until = LookAt(options, RocksDamage::kStopThere), around = LookAt(options, RocksDamage::kSkip);
  if (!until.ok() || !around.ok() || around->change > until->change) return std::nullopt;
  return *until;
}

// A look that changes nothing: opening for writing would already throw away the logs that a salvage needs. Says how to
// open then.
Result<RocksDamage> LookFirst(const RocksStoreOptions& options, uint64_t format) {
  RocksDamage damage = RocksDamage::kRefuse;
  auto end = LookAt(options, damage);
  if (!end.ok() && end.status().reason() == "store.damaged"_reason) {
    if (const auto torn = EndBeforeTornAct(options)) end = *torn, damage = RocksDamage::kStopThere;
  }
  if (!end.ok()) return end.status();
  const uint64_t last = end->act;
  if (format == 0 && last > 0)
    return Status::Permanent("store.damaged"_reason,
                             options.path +
                                 " holds acts and no FORMAT: it is a part of a store or a copy of one, not a "
                                 "store. `tvanctl store restore` makes one from a backup");
  const auto confirmed = Witness::Read(options.path + "/WITNESS");
  if (!confirmed || *confirmed <= last) return damage;
  return Status::Permanent("store.damaged"_reason,
                           options.path + ": acts up to " + std::to_string(*confirmed) +
                               " were confirmed, but the log ends at " + std::to_string(last) +
                               "; nothing was changed. `tvanctl store salvage` copies what is readable");
}

std::string Hex(const std::string& bytes) {
  std::string out;
  for (char c : bytes)
    for (int shift : {4, 0}) out.push_back("0123456789abcdef"[static_cast<uint8_t>(c) >> shift & 15]);
  return out;
}

// Version 1 kept no relations between invoices: what its messages did to others is not known. Version 2 kept no audit
// chain and counted no days: both begin now.
void Upgrade(uint64_t format, WriteSet& writes) {
  if (format < 2)
    writes.Put(Family::kControl, keys::kHistoryFrom, U64(writes.Number(Family::kControl, keys::kAcceptance)));
  writes.Put(Family::kControl, keys::kFormat, U64(kFormatVersion));
}

// Format and incarnation of a new store; of an old one, its incarnation. Either way one act is written and flushed,
// so that a full or read-only disk shows now and not at the first message.
Result<std::string> Begin(const RocksStoreOptions& options, RocksBackend& backend) {
  WriteSet writes(backend.Live());
  const uint64_t format = writes.Number(Family::kControl, keys::kFormat);
  if (format > kFormatVersion) return Newer(options.path, format);
  std::string incarnation = writes.Get(Family::kControl, keys::kIncarnation).value_or("");
  if (format == 0) {
    if (!options.random_bytes) return Status::Permanent("store.argument"_reason, "a new store needs random bytes");
    incarnation = Hex(options.random_bytes(16));
    writes.Put(Family::kControl, keys::kFormat, U64(kFormatVersion));
    writes.Put(Family::kControl, keys::kIncarnation, incarnation);
  }
  if (format > 0 && format < kFormatVersion) Upgrade(format, writes);
  writes.Add(Family::kControl, keys::kOpened, 1);
  if (!writes.status().ok()) return writes.status();
  if (incarnation.size() != 32) return Status::Permanent("store.damaged"_reason, options.path + ": no incarnation");
  if (Status s = backend.Write(writes); !s.ok()) return s;
  return incarnation;
}

Committer::Options CommitterOptions(const RocksStoreOptions& options, std::string incarnation) {
  Committer::Options committer;
  committer.max_batch = options.max_batch;
  committer.max_batch_bytes = options.max_batch_bytes;
  committer.queue_limit = options.queue_limit;
  committer.waiting_limit_bytes = options.waiting_limit_bytes;
  committer.ledger = {std::move(incarnation), options.buffer_limit_bytes};
  return committer;
}

Result<std::unique_ptr<RocksBackend>> OpenBackend(const RocksStoreOptions& options) {
  if (Status s = CheckOptions(options); !s.ok()) return s;
  if (Status s = files::CheckIsNeither(options.path); !s.ok()) return s;
  auto format = ReadFormat(options.path);
  if (!format.ok()) return format.status();
  if (*format > kFormatVersion) return Newer(options.path, *format);
  if (Status s = PrepareFolder(options); !s.ok()) return s;
  if (Status s = CheckFree(options); !s.ok()) return s;
  const bool fresh = HalfCreated(options, *format);
  Result<RocksDamage> damage = RocksDamage::kRefuse;
  if (!fresh) damage = LookFirst(options, *format);
  if (!damage.ok()) return damage.status();
  if (*damage != RocksDamage::kRefuse) Log(LogLevel::kWarning, "store.torn_act", {{"path", options.path}});
  auto database = OpenRocksDatabase(options, fresh ? RocksAccess::kCreate : RocksAccess::kReadWrite, *damage);
  if (!database.ok()) return database.status();
  auto witness = Witness::Open(*EnvOf(options), options.path + "/WITNESS");
  if (!witness.ok()) return witness.status();
  return std::make_unique<RocksBackend>(*database, std::move(witness).value(), options.sync);
}

}  // namespace

Result<std::unique_ptr<Store>> OpenRocksStore(RocksStoreOptions options, Clock& clock, Metrics& metrics) {
  auto backend = OpenBackend(options);
  if (!backend.ok()) return backend.status();
  auto incarnation = Begin(options, **backend);
  if (!incarnation.ok()) return incarnation.status();
  if (Status s = WriteFormat(options); !s.ok()) return s;
  Log(LogLevel::kInfo, "store.opened", {{"path", options.path}, {"incarnation", *incarnation}});
  std::unique_ptr<Store> store = std::make_unique<KvStore>(
      std::move(backend).value(), CommitterOptions(options, std::move(incarnation).value()), clock, &metrics);
  return store;
}

}  // namespace tvan
