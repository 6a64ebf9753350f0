// Backups of a live store and restores: whole or refused, at every place where they can be cut short.
#include <filesystem>
#include <future>
#include <thread>

#include "adapters/signature.h"
#include "store/rocksdb/maintenance.h"
#include "tests/faults/store_faults.h"

namespace tvan {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr size_t kSize = 8000;  // as ExpectWhole wants it

class StoreBackup : public StoreFaults {
 protected:
  std::vector<int> Accept(Store& store, int from, int to) {
    std::vector<int> accepted;
    for (int n = from; n < to; ++n) {
      std::promise<bool> done;
      store.Accept(FaultMessage(n, kSize), [&](Result<AcceptAnswer> answer) { done.set_value(answer.ok()); });
      EXPECT_TRUE(done.get_future().get());
      accepted.push_back(n);
    }
    return accepted;
  }
  Result<BackupFacts> BackUp(Store& store, const std::string& name) {
    return store.Backup({root_ + "/" + name, clock_->Now(), *digester_, {}});
  }
  Result<BackupFacts> Restore(const std::string& from, const std::string& to) {
    return RestoreStore({root_ + "/" + from, root_ + "/" + to, std::string(32, 'e'), clock_->Now(), *digester_, {}});
  }
  // A backup of twenty messages in root_/backup.
  void Prepare() {
    auto store = Open(root_ + "/live", true);
    ASSERT_TRUE(store.ok());
    Accept(**store, 0, 20);
    ASSERT_TRUE(BackUp(**store, "backup").ok());
  }
  void ExpectNotRestorable(Reason reason) {
    const auto restored = Restore("backup", "copy");
    EXPECT_EQ(restored.status().reason(), reason) << restored.status().ToString();
    EXPECT_FALSE(fs::exists(root_ + "/copy")) << "nothing is left that could be mistaken for a store";
  }

  std::unique_ptr<Digester> digester_ = MakeDigester();
};

TEST_F(StoreBackup, ALiveStoreIsCopiedWholeWhileItIsWrittenTo) {
  auto store = Open(root_ + "/live", true);
  ASSERT_TRUE(store.ok());
  const auto before = Accept(**store, 0, 60);
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int n = 60; !stop && n < 2000; ++n) Accept(**store, n, n + 1);
  });
  uint64_t last = 0, all = 0;
  const auto facts = (*store)->Backup({root_ + "/backup", clock_->Now(), *digester_, [&](uint64_t done, uint64_t of) {
                                         EXPECT_GE(done, last);
                                         last = done, all = of;
                                       }});
  stop = true;
  writer.join();
  ASSERT_TRUE(facts.ok()) << facts.status().ToString();
  EXPECT_EQ(last, facts->bytes);
  EXPECT_EQ(last, all);
  EXPECT_GE(facts->acceptance, before.size());
  EXPECT_EQ(ReadBackup(root_ + "/backup", *digester_)->sequence, facts->sequence);
  ASSERT_TRUE((*store)->Close().ok());
  ASSERT_TRUE(Restore("backup", "restored").ok());
  auto restored = Open(root_ + "/restored");
  ASSERT_TRUE(restored.ok()) << restored.status().ToString();
  ExpectWhole(**restored, before);
  EXPECT_EQ((*restored)->Measure()->accepted_total, facts->acceptance);
  Accept(**restored, 5000, 5010);
  ASSERT_TRUE((*restored)->Close().ok());
  EXPECT_TRUE(Open(root_ + "/restored").ok());
}

TEST_F(StoreBackup, NothingIsEverOverwritten) {
  Prepare();
  auto live = Open(root_ + "/live");
  ASSERT_TRUE(live.ok());
  EXPECT_EQ(BackUp(**live, "backup").status().reason(), "store.exists"_reason);
  EXPECT_EQ(Restore("backup", "live").status().reason(), "store.exists"_reason);
  ASSERT_TRUE(Restore("backup", "one").ok());
  EXPECT_EQ(Restore("backup", "one").status().reason(), "store.exists"_reason);
  EXPECT_EQ(BackUp(**live, "no/such/folder").status().reason(), "store.unwritable"_reason);
}

TEST_F(StoreBackup, ABackupIsNoStoreAndAStoreIsNoBackup) {
  Prepare();
  EXPECT_EQ(Open(root_ + "/backup", true).status().reason(), "store.is_backup"_reason);
  EXPECT_EQ(Restore("live", "copy").status().reason(), "store.not_a_backup"_reason);
  fs::remove(root_ + "/backup/BACKUP");  // what a backup is without its manifest: nothing
  EXPECT_EQ(Restore("backup", "copy").status().reason(), "store.not_a_backup"_reason);
  const auto opened = Open(root_ + "/backup", true);
  EXPECT_EQ(opened.status().reason(), "store.damaged"_reason);
  EXPECT_THAT(opened.status().message(), HasSubstr("no FORMAT"));
}

TEST_F(StoreBackup, ARestoreCutShortIsNoStore) {
  Prepare();
  ASSERT_TRUE(Restore("backup", "copy").ok());
  WriteFile(root_ + "/copy/UNFINISHED", "");  // killed right before the mark was taken away
  EXPECT_EQ(Open(root_ + "/copy", true).status().reason(), "store.unfinished"_reason);
  fs::remove(root_ + "/copy/FORMAT");  // killed before FORMAT
  EXPECT_EQ(Open(root_ + "/copy", true).status().reason(), "store.unfinished"_reason);
  fs::remove(root_ + "/copy/db/CURRENT");  // killed while it was copied: no new store is made of it
  EXPECT_EQ(Open(root_ + "/copy", true).status().reason(), "store.unfinished"_reason);
  WriteFile(root_ + "/backup/UNFINISHED", "");
  EXPECT_EQ(Restore("backup", "other").status().reason(), "store.not_a_backup"_reason);
}

TEST_F(StoreBackup, AFlippedByteInAnyFileIsRefused) {
  Prepare();
  int flipped = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root_ + "/backup")) {
    if (!entry.is_regular_file() || entry.file_size() == 0) continue;
    const std::string whole = ReadFile(entry.path());
    std::string bytes = whole;
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x10);
    WriteFile(entry.path(), bytes);
    SCOPED_TRACE(entry.path().string());
    ExpectNotRestorable("store.backup_damaged"_reason);
    WriteFile(entry.path(), whole);
    ++flipped;
  }
  EXPECT_GE(flipped, 5);
  EXPECT_TRUE(Restore("backup", "copy").ok());
}

TEST_F(StoreBackup, AManifestThatWasCutOrNamesFilesElsewhereIsRefused) {
  Prepare();
  const std::string manifest = root_ + "/backup/BACKUP", whole = ReadFile(manifest);
  WriteFile(manifest, whole.substr(0, whole.size() / 2));
  ExpectNotRestorable("store.backup_damaged"_reason);
  std::string later = whole;
  char& digit = later[later.find("taken_at_us ") + 15];
  digit = digit == '9' ? '0' : static_cast<char>(digit + 1);
  WriteFile(manifest, later);
  ExpectNotRestorable("store.backup_damaged"_reason);
  const std::string body = whole.substr(0, whole.rfind("sha256 "));
  const auto seal = [&](const std::string& text) {
    WriteFile(manifest, text + "sha256 " + digester_->Sha256Of(text).Hex() + "\n");
  };
  seal(body);
  EXPECT_EQ(ReadFile(manifest), whole) << "so that what follows is refused for its own sake";
  for (const std::string name : {"db/../../x", "/etc/passwd", "FORMAT", "db/", "db/a/b", "db/.x"}) {
    SCOPED_TRACE(name);
    seal(body + "file " + std::string(64, '0') + " 1 " + name + "\n");
    ExpectNotRestorable("store.backup_damaged"_reason);
  }
  std::string newer = body;
  newer.replace(newer.find(" 1\n"), 3, " 2\n");
  seal(newer);
  ExpectNotRestorable("store.newer_format"_reason);
}

TEST_F(StoreBackup, AWitnessOfTheLostStoreDoesNotCondemnTheRestoredOne) {
  Prepare();
  {
    auto live = Open(root_ + "/live");
    Accept(**live, 20, 40);
  }
  ASSERT_TRUE(Restore("backup", "copy").ok());
  EXPECT_FALSE(fs::exists(root_ + "/copy/WITNESS"));
  EXPECT_TRUE(Open(root_ + "/copy").ok());
}

}  // namespace
}  // namespace tvan
