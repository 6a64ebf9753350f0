// tvanctl store on stores at rest: where the report of a salvage lands, and what is said when it cannot be written.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "gateway/core/clock.h"
#include "gateway/core/metrics.h"
#include "ops/ctl/tool.h"
#include "store/rocksdb/rocks_store.h"
#include "tests/unit/core/temp_folder.h"

namespace tvan::ctl {
namespace {

namespace fs = std::filesystem;

class StoreCommands : public testing::Test {
 protected:
  void SetUp() override {
    RocksStoreOptions options;
    options.path = folder_.File("old");
    options.create_if_missing = true;
    options.random_bytes = [](size_t size) { return std::string(size, '\x5a'); };
    const auto clock = MakeSystemClock();
    const auto metrics = Metrics::Make();
    auto store = OpenRocksStore(options, *clock, *metrics);
    ASSERT_TRUE(store.ok()) << store.status().ToString();
    ASSERT_TRUE((*store)->Close().ok());
  }
  int Salvage(const std::string& from, const std::string& to) const {
    CLI::App app;
    Tool tool;
    AddStoreCommands(app, tool);
    std::vector<std::string> words = {to, "--to", from, "--from", "salvage", "store"};  // CLI11 wants the last first
    app.parse(words);
    return tool.action();
  }
  TempFolder folder_;
};

TEST_F(StoreCommands, ASlashAtTheEndOfAFolderSaysNothing) {
  ASSERT_EQ(Salvage(folder_.File("old") + "/", folder_.File("new") + "//"), kOk);
  EXPECT_TRUE(fs::exists(folder_.File("new/FORMAT")));
  EXPECT_TRUE(fs::exists(folder_.File("new.report.jsonl")));
  EXPECT_FALSE(fs::exists(folder_.File("new/.report.jsonl")));
}

TEST_F(StoreCommands, AReportThatCannotBeWrittenIsAFailure) {
  fs::create_symlink("/dev/full", folder_.File("new.report.jsonl"));
  testing::internal::CaptureStderr();
  EXPECT_EQ(Salvage(folder_.File("old"), folder_.File("new")), kNegative);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::HasSubstr("new.report.jsonl"));
  EXPECT_EQ(Salvage(folder_.File("old"), folder_.File("other")), kOk);
}

}  // namespace
}  // namespace tvan::ctl
