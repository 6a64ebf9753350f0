// tvanctl xsd prints the schemas that stand beside their tables, of built-in profiles and of a folder alike.
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

#include "ops/ctl/tool.h"
#include "tests/unit/core/temp_folder.h"

namespace tvan::ctl {
namespace {

std::string TextOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string Profiles() {
  const char* source = std::getenv("TVAN_SOURCE_DIR");
  return std::string(source != nullptr ? source : ".") + "/config/profiles";
}

int Xsd(std::vector<std::string> words) {
  CLI::App app;
  Tool tool;
  app.add_option("--profile", tool.profile);
  app.fallthrough();
  AddXsdCommand(app, tool);
  words.push_back("xsd");  // CLI11 wants the last first
  app.parse(words);
  return tool.action();
}

TEST(XsdCommand, WritesWhatStandsBesideTheTables) {
  const TempFolder folder;
  for (const std::string id : {"qd635", "qd1450", "qd1510", "qd1271"}) {
    const std::string committed = TextOf(Profiles() + "/" + id + "/" + id + ".xsd");
    ASSERT_FALSE(committed.empty()) << id;
    ASSERT_EQ(Xsd({folder.File(id), "--out", id, "--profile"}), kOk);
    EXPECT_TRUE(TextOf(folder.File(id)) == committed)
        << id << ": tvanctl xsd --profile " << id << " writes another one";
    ASSERT_EQ(Xsd({Profiles(), "--profiles", folder.File(id + "-read"), "--out", id, "--profile"}), kOk);
    EXPECT_TRUE(TextOf(folder.File(id + "-read")) == committed) << id;
  }
}

TEST(XsdCommand, NamesTheProfilesThatThereAre) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(Xsd({"qd1", "--profile"}), kUsage);
  EXPECT_EQ(Xsd({"/nonexistent", "--profiles", "qd1271", "--profile"}), kUsage);
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_THAT(said, testing::HasSubstr("qd1271"));
  EXPECT_THAT(said, testing::HasSubstr("/nonexistent"));
}

}  // namespace
}  // namespace tvan::ctl
