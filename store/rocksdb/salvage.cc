// Salvage: source read-only, what is readable copied raw into a new database, that mended, and the new life begun.
#include <filesystem>

#include "store/keys.h"
#include "store/rocksdb/copies.h"
#include "store/rocksdb/maintenance.h"
#include "store/rocksdb/rocks_files.h"
#include "store/rocksdb/salvage_mend.h"
#include "store/rocksdb/salvage_scan.h"
#include "store/rocksdb/store_files.h"

namespace tvan {
namespace {

namespace fs = std::filesystem;

struct Source {
  std::shared_ptr<RocksDatabase> database;
  std::shared_ptr<RocksDatabase> around;  // the log read around its damage, where that shows more; else null
  bool log_cut = false;
};

RocksStoreOptions Options(const std::string& path) {
  RocksStoreOptions options;
  options.path = path;
  options.cache_bytes = 16 << 20;
  return options;
}

Status CheckSource(const std::string& path) {
  std::error_code error;
  if (!fs::exists(path + "/db", error)) return Status::Permanent("store.missing"_reason, path + " holds no store");
  if (Status s = files::CheckIsNeither(path); !s.ok()) return s;
  auto* env = rocksdb::Env::Default();
  rocksdb::FileLock* lock = nullptr;
  if (!env->LockFile(path + "/db/LOCK", &lock).ok())
    return Status::Transient("store.in_use"_reason, "the store in " + path + " is in use by another process");
  env->UnlockFile(lock).PermitUncheckedError();
  return {};
}

// Up to the damage of the log; where the tables are ahead of that place, around it.
Result<Source> OpenSource(const std::string& path) {
  Source source;
  auto whole = OpenRocksDatabase(Options(path), RocksAccess::kReadOnly, RocksDamage::kRefuse);
  if (whole.ok()) return source.database = *whole, source;
  source.log_cut = true;
  auto until = OpenRocksDatabase(Options(path), RocksAccess::kReadOnly, RocksDamage::kStopThere);
  auto around = OpenRocksDatabase(Options(path), RocksAccess::kSalvage, RocksDamage::kSkip);
  if (!until.ok() && !around.ok())
    return Status::Permanent("store.beyond_salvage"_reason,
                             path + " cannot be read at all (" + around.status().message() + "); restore a backup");
  source.database = until.ok() ? *until : *around;
  if (until.ok() && around.ok()) source.around = *around;
  return source;
}

class Salvager {
 public:
  Salvager(const CopyRequest& request, const OnLoss& on_loss, const Source& source)
      : request_(request), source_(source), on_loss_([this, &on_loss](const SalvageLoss& loss) {
          ++report_.losses;
          on_loss(loss);
        }) {
    report_.log_cut = source.log_cut;
  }

  Status Run() {
    auto database = OpenRocksDatabase(Options(request_.to), RocksAccess::kCreate);
    if (!database.ok()) return database.status();
    SalvageTarget target(*std::move(database));
    for (size_t f = 0; f < kFamilies; ++f) Copy(static_cast<Family>(f), target);
    if (source_.around) TellWhatComesAfter(target);
    report_.incarnation = target.Get(Family::kControl, keys::kIncarnation).value_or(std::string(32, '0'));
    Mender(target, request_, report_, on_loss_).Mend();
    return target.Finish();
  }
  SalvageReport& report() { return report_; }

 private:
  void Copy(Family family, SalvageTarget& target) {
    uint64_t copied = 0;
    const std::string name = kFamilyNames[static_cast<size_t>(family)];
    ScanAround(
        *source_.database, family,
        [&](std::string_view key, std::string_view value) {
          if (!IsMadeAnew(family, key)) target.Put(family, key, value);
          if (request_.progress && ++copied % 10000 == 0) request_.progress(copied, 0);
          return true;
        },
        [&](const std::string&, const std::string& why) {
          on_loss_({"stretch", "", name + ": " + why});
        });
  }
  // Of the queues only our own 999s are no copy of something else.
  static bool IsMadeAnew(Family family, std::string_view key) {
    return family == Family::kQueue && !key.empty() && key.front() != 'u';
  }

  // Readable behind the damage, and not kept: it may be half of what was done.
  void TellWhatComesAfter(SalvageTarget& target) {
    ScanAround(
        *source_.around, Family::kMeta,
        [&](std::string_view key, std::string_view value) {
          const std::string id(key);
          const auto message = DecodeMessage(value);
          const auto kept = target.Get(Family::kMeta, id);
          if (message.ok() && !kept)
            on_loss_({"after_damage", id, "accepted " + FormatTime(message->meta.accepted_at)});
          else if (message.ok() && *kept != value)
            on_loss_({"after_damage", id, std::string("was ") + ToString(message->meta.stage) + " later"});
          return true;
        },
        [](const std::string&, const std::string&) {});
  }

  const CopyRequest& request_;
  const Source& source_;
  SalvageReport report_;
  const OnLoss on_loss_;
};

}  // namespace

Result<SalvageReport> SalvageStore(const CopyRequest& request, const OnLoss& on_loss) {
  if (Status s = CheckSource(request.from); !s.ok()) return s;
  const auto source = OpenSource(request.from);
  if (!source.ok()) return source.status();
  if (Status s = files::BeginFolder(request.to); !s.ok()) return s;
  Salvager salvager(request, on_loss, *source);
  Status status = salvager.Run();
  const SalvageReport report = salvager.report();
  if (status.ok())
    status = BecomeStore(request.to, {Recovery::Reason::kSalvage, request.incarnation, report.as_of, request.now});
  if (!status.ok()) return files::RemoveFolder(request.to), status;
  return report;
}

}  // namespace tvan
