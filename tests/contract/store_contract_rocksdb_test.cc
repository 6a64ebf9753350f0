// The store suite on RocksDB. A kill is a copy of the folder of a store that is still open: what the kernel has is
// what a killed process leaves behind.
#include <unistd.h>

#include <filesystem>
#include <map>

#include "adapters/signature.h"
#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"
#include "store/rocksdb/maintenance.h"
#include "store/rocksdb/rocks_backend.h"
#include "store/rocksdb/rocks_store.h"
#include "tests/contract/store_contract.h"

namespace tvan {
namespace {

namespace fs = std::filesystem;

class RocksHome : public StoreHome {
 public:
  explicit RocksHome(Options options) : options_(options) {
    std::string pattern = fs::temp_directory_path() / "tvan-store-XXXXXX";
    root_ = ::mkdtemp(pattern.data());
    path_ = root_ + "/0";
    Open();
  }
  ~RocksHome() override {
    store_.reset();
    std::error_code error;
    fs::remove_all(root_, error);
  }
  Store& store() override { return *store_; }
  void Reopen() override {
    Status closed = store_->Close();
    EXPECT_TRUE(closed.ok()) << closed.ToString();
    store_.reset();
    Open();
  }
  void KillAndReopen() override {
    const std::string next = root_ + "/" + std::to_string(++copies_);
    CopyOfAKilledStore(next);
    store_.reset();
    path_ = next;
    Open();
  }
  bool Damage(Family family, const std::string& key) override {
    EXPECT_TRUE(store_->Close().ok());
    store_.reset();
    const bool done = Overwrite(family, key);
    Open();
    return done;
  }
  void BackUp() override {
    const auto facts = store_->Backup({root_ + "/backup" + std::to_string(++backups_), clock_->Now(), *digester_, {}});
    ASSERT_TRUE(facts.ok()) << facts.status().ToString();
  }
  // What it answers, and whether it left anything.
  std::pair<Status, bool> BackUpUnless(std::function<bool()> stopped) {
    const std::string folder = root_ + "/stopped";
    const auto facts = store_->Backup({folder, clock_->Now(), *digester_, {}, std::move(stopped)});
    return {facts.status(), fs::exists(folder)};
  }
  void Restore(const std::string& incarnation) override {
    store_.reset();
    path_ = root_ + "/restored" + std::to_string(backups_);
    const auto restored =
        RestoreStore({root_ + "/backup" + std::to_string(backups_), path_, incarnation, clock_->Now(), *digester_, {}});
    ASSERT_TRUE(restored.ok()) << restored.status().ToString();
    Open();
  }

 private:
  // A file that goes away while it is copied (an old log after a reopen) would make a mix of two moments: again then.
  void CopyOfAKilledStore(const std::string& to) {
    std::error_code error;
    for (int tries = 0; tries < 20; ++tries) {
      fs::remove_all(to, error);
      error.clear();
      const auto before = Listing();
      fs::copy(path_, to, fs::copy_options::recursive, error);
      if (!error && Listing() == before) break;
      if (!error) error = std::make_error_code(std::errc::interrupted);
    }
    ASSERT_FALSE(error) << error.message();
    fs::remove(to + "/db/LOCK");
  }

  // Names and sizes: what RocksDB does in the background shows in them.
  std::map<std::string, uint64_t> Listing() const {
    std::map<std::string, uint64_t> files;
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator(path_ + "/db", gone))
      files[entry.path().filename()] = entry.file_size(gone);
    return files;
  }

  bool Overwrite(Family family, const std::string& key) {
    RocksStoreOptions rocks;
    rocks.path = path_;
    const auto database = OpenRocksDatabase(rocks, RocksAccess::kReadWrite);
    if (!database.ok()) return false;
    rocksdb::DB& db = *(*database)->db;
    rocksdb::ColumnFamilyHandle* handle = (*database)->families[static_cast<size_t>(family)];
    std::string value;
    return db.Get(rocksdb::ReadOptions(), handle, key, &value).ok() &&
           db.Put(rocksdb::WriteOptions(), handle, key, "\xff\xff\xff").ok();
  }

  void Open() {
    RocksStoreOptions rocks;
    rocks.path = path_;
    rocks.create_if_missing = copies_ == 0;
    rocks.random_bytes = [](size_t size) { return std::string(size, '\x5a'); };
    rocks.buffer_limit_bytes = options_.buffer_limit_bytes;
    auto store = OpenRocksStore(rocks, *clock_, *metrics_);
    ASSERT_TRUE(store.ok()) << store.status().ToString();
    store_ = std::move(store).value();
  }

  Options options_;
  std::string root_, path_;
  int copies_ = 0, backups_ = 0;
  std::unique_ptr<Digester> digester_ = MakeDigester();
  std::unique_ptr<Clock> clock_ = MakeSystemClock();
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
  std::unique_ptr<Store> store_;
};

TEST(RocksBackup, IsGivenUpBetweenPiecesAndLeavesNothing) {
  RocksHome home({});
  for (const int pieces : {0, 2}) {
    int asked = 0;
    const auto [status, left] = home.BackUpUnless([&] { return asked++ == pieces; });
    EXPECT_EQ(status.reason(), "store.closed"_reason);
    EXPECT_TRUE(status.is_transient());
    EXPECT_FALSE(left);
    EXPECT_EQ(asked, pieces + 1) << "at once";
  }
  const auto [status, left] = home.BackUpUnless([] { return false; });
  EXPECT_TRUE(status.ok()) << status.ToString();
  EXPECT_TRUE(left);
}

INSTANTIATE_TEST_SUITE_P(RocksDb, StoreContract,
                         testing::Values(StoreMaker{
                             "rocksdb",
                             [](StoreHome::Options options) { return std::make_unique<RocksHome>(options); }}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace tvan
