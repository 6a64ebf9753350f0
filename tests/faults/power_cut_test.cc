// Promise P1 under power cuts: whatever was confirmed before the power went is there when it comes back, and the store
// opens. Rounds come in lives: a life begins with an empty folder; each round opens what the last cut left, checks all
// that was ever confirmed, makes traffic and is cut at a random change of the disk, opening and recovery included.
// TVAN_POWER_ROUNDS and TVAN_POWER_SEED choose others; a failure names the round's seed.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "gateway/core/clock.h"
#include "gateway/core/log.h"
#include "gateway/core/metrics.h"
#include "store/rocksdb/rocks_files.h"
#include "tests/faults/power_cut_fs.h"
#include "tests/faults/power_cut_traffic.h"

namespace tvan {
namespace {

namespace fs = std::filesystem;

uint64_t FromEnvironment(const char* name, uint64_t standard) {
  const char* text = std::getenv(name);
  return text == nullptr ? standard : std::strtoull(text, nullptr, 10);
}

enum class Flushing { kOn, kOff };

struct Campaign {
  PowerCutFs::Syncs syncs = PowerCutFs::Syncs::kKept;
  Flushing flushing = Flushing::kOn;
};

class PowerCut : public testing::Test {
 protected:
  static constexpr uint64_t kRoundsOfALife = 10;

  PowerCut() {
    const fs::path memory = "/dev/shm";
    std::string pattern = (fs::is_directory(memory) ? memory : fs::temp_directory_path()) / "tvan-power-XXXXXX";
    root_ = ::mkdtemp(pattern.data());
    SetLogLevel(LogLevel::kError);
  }
  ~PowerCut() override {
    SetLogLevel(LogLevel::kInfo);
    std::error_code error;
    fs::remove_all(root_, error);
  }

  struct Tally {
    uint64_t rounds = 0, confirmed = 0, while_opening = 0, in_traffic = 0;
    std::vector<std::string> wrong;
  };

  Tally Run(const Campaign& campaign, uint64_t rounds, uint64_t seed) {
    Tally tally;
    std::unique_ptr<PowerCutTraffic> life;
    for (uint64_t round = 0; round < rounds; ++round) {
      const uint64_t own = seed * 1000003 + round;
      if (round % kRoundsOfALife == 0 || life == nullptr) {
        life = std::make_unique<PowerCutTraffic>(own);
        fs::remove_all(root_ + "/now");
        fs::create_directory(root_ + "/now");
      }
      if (!Round(campaign, own, *life, tally)) life = nullptr;
      ++tally.rounds;
    }
    return tally;
  }

  // False: this life is over.
  bool Round(const Campaign& campaign, uint64_t seed, PowerCutTraffic& life, Tally& tally) {
    std::mt19937_64 random(seed);
    PowerCutFs disk(root_ + "/now", seed, campaign.syncs);
    const auto env = rocksdb::NewCompositeEnv(std::shared_ptr<rocksdb::FileSystem>(&disk, [](auto*) {}));
    RocksFiles files{env.get()};
    Confirmed before = life.confirmed(), at_cut;
    // Most cuts come in traffic, some while the store is opened.
    const uint64_t change = random() % 5 == 0 ? random() % 120 : random() % 450;
    disk.CutAt(change + 1, root_ + "/next", [&] { at_cut = life.confirmed(); });
    auto store = Open(files, campaign.flushing);
    const bool opened = store.ok();
    tally.while_opening += disk.IsCut();
    if (!opened) Wrong(tally, seed, "does not open: " + store.status().ToString());
    if (opened) {
      for (const std::string& lost : LostFrom(**store, before)) Wrong(tally, seed, "lost: " + lost);
      life.Run(**store, 60, [&] { return disk.IsCut(); });
      tally.in_traffic += disk.IsCut();
      tally.confirmed += life.confirmed().size();
    }
    disk.CutNow();
    if (opened) {
      EXPECT_TRUE((*store)->Close().ok());
      store->reset();
    }
    life.Forget(std::move(at_cut));
    fs::remove_all(root_ + "/now");
    fs::rename(root_ + "/next", root_ + "/now");
    return opened;
  }

  Result<std::unique_ptr<Store>> Open(const RocksFiles& files, Flushing flushing) {
    RocksStoreOptions options;
    options.path = root_ + "/now/store";
    options.create_if_missing = true;
    options.sync = flushing == Flushing::kOn;
    options.random_bytes = [](size_t size) { return std::string(size, '\x33'); };
    options.files = std::shared_ptr<const RocksFiles>(&files, [](auto*) {});
    options.memtable_bytes = 300 << 10;  // so that tables are written, logs end and are removed within a round
    options.cache_bytes = 1 << 20;
    options.max_log_bytes = 400 << 10;
    return OpenRocksStore(options, *clock_, *metrics_);
  }

  static void Wrong(Tally& tally, uint64_t seed, const std::string& what) {
    tally.wrong.push_back("round with seed " + std::to_string(seed) + " " + what);
  }

  std::string root_;
  std::unique_ptr<Clock> clock_ = MakeSystemClock();
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
};

std::string Text(const std::vector<std::string>& lines) {
  std::string text;
  for (size_t i = 0; i < lines.size() && i < 20; ++i) text += lines[i] + "\n";
  return text;
}

TEST_F(PowerCut, LosesNothingThatWasConfirmedAndTheStoreOpens) {
  const uint64_t rounds = FromEnvironment("TVAN_POWER_ROUNDS", 500), seed = FromEnvironment("TVAN_POWER_SEED", 1);
  const Tally tally = Run({}, rounds, seed);
  std::printf(
      "power cuts: %lu rounds, seed %lu: %lu while opening, %lu by the end of traffic; %lu acts checked, %zu wrong\n",
      static_cast<unsigned long>(tally.rounds), static_cast<unsigned long>(seed),
      static_cast<unsigned long>(tally.while_opening), static_cast<unsigned long>(tally.in_traffic),
      static_cast<unsigned long>(tally.confirmed), tally.wrong.size());
  EXPECT_TRUE(tally.wrong.empty()) << Text(tally.wrong);
  EXPECT_GT(tally.confirmed, rounds) << "rounds without traffic prove nothing";
}

// The twins: a check that finds nothing wrong here could not find anything.
TEST_F(PowerCut, ADiskThatLiesAboutSyncIsFoundOut) {
  const Tally tally = Run({.syncs = PowerCutFs::Syncs::kSwallowed}, 30, 7);
  EXPECT_GT(tally.wrong.size(), 10u);
}

TEST_F(PowerCut, AStoreThatDoesNotFlushIsFoundOut) {
  const Tally tally = Run({.flushing = Flushing::kOff}, 30, 7);
  EXPECT_GT(tally.wrong.size(), 10u);
}

}  // namespace
}  // namespace tvan
