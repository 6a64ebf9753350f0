// Promise P1 on RocksDB: a receipt means durable, whatever happens to the process, the log or the disk.
#include "tests/faults/store_faults.h"

#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <random>

#include "rocksdb/db.h"

namespace tvan {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

TEST_F(StoreFaults, KilledTwentyTimesNothingAcknowledgedIsLostAndNothingIsHalf) {
  const std::string path = root_ + "/store";
  std::mt19937 random(20231115);
  std::vector<int> acknowledged;
  for (int round = 0; round < 20; ++round) {
    const int lines = std::uniform_int_distribution<int>(1, 120)(random);
    const auto more = AcceptAndKill(path, 1000 * round + 1, lines);
    ASSERT_GE(static_cast<int>(more.size()), lines) << "round " << round;
    acknowledged.insert(acknowledged.end(), more.begin(), more.end());
    auto store = Open(path);
    ASSERT_TRUE(store.ok()) << "round " << round << ": " << store.status().ToString();
    ExpectWhole(**store, acknowledged);
    ASSERT_TRUE((*store)->Close().ok());
  }
}

TEST_F(StoreFaults, ATornTailThatNobodyWasToldOfOpens) {
  const std::string path = root_ + "/store";
  const auto acknowledged = AcceptAndKill(path, 1, 60);
  const std::string log = NewestLog(path);
  const std::string bytes = ReadFile(log);
  WriteFile(log, bytes + bytes.substr(0, 20));  // a record's beginning, and no more
  auto store = Open(path);
  ASSERT_TRUE(store.ok()) << store.status().ToString();
  ExpectWhole(**store, acknowledged);
}

TEST_F(StoreFaults, ATailThatWasAcknowledgedAndIsGoneRefusesToOpen) {
  const std::string path = root_ + "/store";
  {
    auto store = Open(path, true);
    ASSERT_TRUE(store.ok());
    for (int n = 0; n < 3; ++n) (*store)->TakeOwnership();
  }
  const std::string log = NewestLog(path);
  const std::string bytes = ReadFile(log);
  WriteFile(log, bytes.substr(0, bytes.size() - 5));
  auto store = Open(path);
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.status().reason(), "store.damaged"_reason);
  EXPECT_THAT(store.status().message(), HasSubstr("were confirmed"));
  EXPECT_EQ(ReadFile(log), bytes.substr(0, bytes.size() - 5));  // what a salvage needs is still there
  WriteFile(log, bytes);
  EXPECT_TRUE(Open(path).ok());
}

// One flipped byte anywhere in the log: refused, or (where the byte means nothing) all is there. Never "OK" with less.
TEST_F(StoreFaults, AFlippedByteInTheLogNeverLosesAnythingSilently) {
  const std::string path = root_ + "/store";
  const auto acknowledged = AcceptAndKill(path, 1, 100);
  const std::string log = fs::path(NewestLog(path)).filename();
  const std::string bytes = ReadFile(path + "/db/" + log);
  int refused = 0;
  constexpr int kPlaces = 48;
  for (int place = 0; place < kPlaces; ++place) {
    const std::string copy = root_ + "/copy";
    fs::copy(path, copy, fs::copy_options::recursive);
    std::string flipped = bytes;
    // Some at record headers (block starts), the rest spread evenly.
    const size_t at = place % 4 == 0 ? (bytes.size() / 32768) * static_cast<size_t>(place) / kPlaces * 32768 + 4
                                     : bytes.size() * static_cast<size_t>(place) / kPlaces;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x40);
    WriteFile(copy + "/db/" + log, flipped);
    auto store = Open(copy);
    if (store.ok()) {
      ExpectWhole(**store, acknowledged);
    } else {
      ++refused;
      EXPECT_EQ(store.status().reason(), "store.damaged"_reason) << store.status().ToString();
      EXPECT_THAT(store.status().message(), HasSubstr("tvanctl store salvage"));
      EXPECT_EQ(ReadFile(copy + "/db/" + log), flipped);
    }
    if (store.ok()) {
      EXPECT_TRUE((*store)->Close().ok());
    }
    fs::remove_all(copy);
  }
  EXPECT_GT(refused, kPlaces * 3 / 4);
}

TEST_F(StoreFaults, AMissingLogRefusesToOpen) {
  const std::string path = root_ + "/store";
  AcceptAndKill(path, 1, 20);
  fs::remove(NewestLog(path));
  EXPECT_EQ(Open(path).status().reason(), "store.damaged"_reason);
}

TEST_F(StoreFaults, ALostDatabaseIsNotReplacedByAnEmptyOne) {
  const std::string path = root_ + "/store";
  ASSERT_TRUE(Open(path, true).ok());
  fs::remove_all(path + "/db");
  EXPECT_EQ(Open(path, true).status().reason(), "store.damaged"_reason);
  EXPECT_EQ(Open(root_ + "/other").status().reason(), "store.missing"_reason);
  EXPECT_TRUE(Open(root_ + "/other", true).ok());
}

TEST_F(StoreFaults, AStoreKilledWhileItWasCreatedIsCreatedAgain) {
  const std::string path = root_ + "/store";
  fs::create_directories(path + "/db");
  rocksdb::DB* raw = nullptr;
  rocksdb::Options options;
  options.create_if_missing = true;
  ASSERT_TRUE(rocksdb::DB::Open(options, path + "/db", &raw).ok());
  rocksdb::ColumnFamilyHandle* handle = nullptr;
  ASSERT_TRUE(raw->CreateColumnFamily({}, "control", &handle).ok());
  ASSERT_TRUE(raw->DestroyColumnFamilyHandle(handle).ok());
  delete raw;
  EXPECT_TRUE(Open(path, true).ok());
  EXPECT_TRUE(Open(path).ok());
}

TEST_F(StoreFaults, AStoreInUseIsRefusedToThisAndOtherProcesses) {
  const std::string path = root_ + "/store";
  auto store = Open(path, true);
  ASSERT_TRUE(store.ok());
  auto second = Open(path);
  EXPECT_EQ(second.status().reason(), "store.in_use"_reason);
  EXPECT_THAT(second.status().message(), HasSubstr(path));
  EXPECT_THAT(RunChild({"open", path}).at(0), StartsWith("refused store.in_use"));
  ASSERT_TRUE((*store)->Close().ok());
  EXPECT_THAT(RunChild({"open", path}).at(0), StartsWith("opened 0"));
}

TEST_F(StoreFaults, ANewerFormatIsRefusedAndAnotherFileIsNoFormat) {
  const std::string path = root_ + "/store";
  ASSERT_TRUE(Open(path, true).ok());
  WriteFile(path + "/FORMAT", "tvan-store-format 4\n");
  EXPECT_EQ(Open(path).status().reason(), "store.newer_format"_reason);
  EXPECT_THAT(Open(path).status().message(), HasSubstr("format 4"));
  WriteFile(path + "/FORMAT", "something else\n");
  EXPECT_EQ(Open(path).status().reason(), "store.damaged"_reason);
  WriteFile(path + "/FORMAT", "tvan-store-format 3\n");
  EXPECT_TRUE(Open(path).ok());
  fs::remove(path + "/FORMAT");  // killed just before it was written
  EXPECT_TRUE(Open(path).ok());
  EXPECT_EQ(ReadFile(path + "/FORMAT"), "tvan-store-format 3\n");
}

TEST_F(StoreFaults, AReadOnlyFolderIsRefused) {
  const std::string path = root_ + "/store";
  ASSERT_TRUE(Open(path, true).ok());
  fs::permissions(path, fs::perms(0555));
  // Root may write everywhere: another user tries then.
  const std::string uid = std::to_string(::geteuid() == 0 ? 65534 : ::geteuid());
  EXPECT_THAT(RunChild({"open", path, uid}).at(0), StartsWith("refused store.unwritable"));
  EXPECT_THAT(RunChild({"open", path + "/deeper", uid}).at(0), StartsWith("refused store.unwritable"));
  fs::permissions(path, fs::perms(0755));
  EXPECT_THAT(RunChild({"open", path}).at(0), StartsWith("opened 0"));
}

// The numbers that `store_child fill` acknowledged before its write failed; checks how it failed.
std::vector<int> AcknowledgedBeforeFull(const std::vector<std::string>& lines) {
  EXPECT_GE(lines.size(), 4u);
  if (lines.size() < 4) return {};
  EXPECT_THAT(lines[lines.size() - 3], StartsWith("failed in_doubt store.io"));
  EXPECT_THAT(lines[lines.size() - 2], StartsWith("later transient store.failed"));
  EXPECT_EQ(lines.back(), "readable yes");
  std::vector<int> acknowledged;
  for (size_t i = 0; i + 3 < lines.size(); ++i) acknowledged.push_back(std::atoi(lines[i].c_str()));
  return acknowledged;
}

TEST_F(StoreFaults, AWriteThatFailsStopsTheStoreAndLosesNothing) {
  const std::string path = root_ + "/store";
  const auto acknowledged = AcknowledgedBeforeFull(RunChild({"fill", path, "3000000"}));
  EXPECT_GT(acknowledged.size(), 100u);
  auto store = Open(path);
  ASSERT_TRUE(store.ok()) << store.status().ToString();
  ExpectWhole(**store, acknowledged);
}

TEST_F(StoreFaults, AFullDiskStopsTheStoreAndRoomMadeOpensItAgain) {
  const std::string disk = root_ + "/disk";
  fs::create_directory(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=12m") != 0)
    GTEST_SKIP() << "no small file system can be mounted here; a limit on file sizes stands in (the test above)";
  const auto lines = RunChild({"fill", disk + "/store"});
  const auto acknowledged = AcknowledgedBeforeFull(lines);
  EXPECT_THAT(lines[lines.size() - 3], HasSubstr("store.disk_full"));
  {
    const auto full = Open(disk + "/store");  // recovery packs the log; if that makes room enough, it may open
    EXPECT_TRUE(full.ok() || full.status().reason() == "store.disk_full"_reason) << full.status().ToString();
  }
  EXPECT_EQ(::mount("tmpfs", disk.c_str(), "tmpfs", MS_REMOUNT, "size=64m"), 0);
  {
    auto store = Open(disk + "/store");
    EXPECT_TRUE(store.ok()) << store.status().ToString();
    if (store.ok()) ExpectWhole(**store, acknowledged);
  }
  EXPECT_EQ(::umount(disk.c_str()), 0);
}

}  // namespace
}  // namespace tvan
