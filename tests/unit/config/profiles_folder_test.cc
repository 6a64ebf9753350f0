// The folder of validate.profiles_dir.
#include "config/profiles_folder.h"

#include <gmock/gmock.h>

#include "tests/unit/config/config_world.h"

namespace tvan {
namespace {

using ::testing::HasSubstr;

class ProfilesFolder : public ::testing::Test {
 protected:
  void Write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(world_.File(path)).parent_path());
    std::ofstream(world_.File(path)) << text;
  }
  void Profile(const std::string& id) {
    Write("profiles/" + id + "/profile.tsv", "head of " + id);
    Write("profiles/" + id + "/fields.tsv", "rows of " + id);
  }
  void ExpectRefused(const std::string& text) {
    const auto profiles = ReadProfilesFolder(world_.File("profiles"));
    ASSERT_FALSE(profiles.ok());
    EXPECT_EQ(profiles.status().reason(), "config.profiles_dir"_reason);
    EXPECT_THAT(profiles.status().message(), HasSubstr(text));
  }
  ConfigWorld world_;
};

TEST_F(ProfilesFolder, IsReadInOrderOfName) {
  Profile("b");
  Profile("a");
  const auto profiles = ReadProfilesFolder(world_.File("profiles"));
  ASSERT_TRUE(profiles.ok()) << profiles.status().message();
  ASSERT_EQ(profiles->size(), 2u);
  EXPECT_EQ(profiles->front().id, "a");
  EXPECT_EQ(profiles->front().profile_tsv, "head of a");
  EXPECT_EQ(profiles->front().fields_tsv, "rows of a");
}

TEST_F(ProfilesFolder, PassesOverWhatIsNoProfile) {
  Profile("a");
  Write("profiles/README.md", "text");
  Write("profiles/drafts/fields.tsv", "rows");
  EXPECT_EQ(ReadProfilesFolder(world_.File("profiles")).value().size(), 1u);
}

TEST_F(ProfilesFolder, IsRefusedWhenItIsNotThereOrHoldsNoProfile) {
  ExpectRefused("cannot read the folder");
  Write("profiles/drafts/fields.tsv", "rows");
  ExpectRefused("holds no folder with a profile.tsv");
}

TEST_F(ProfilesFolder, IsRefusedWhenAFileIsMissingOrTooLarge) {
  Write("profiles/a/profile.tsv", "head");
  ExpectRefused("fields.tsv");
  Write("profiles/a/fields.tsv", std::string(4 * 1024 * 1024, ' '));
  EXPECT_TRUE(ReadProfilesFolder(world_.File("profiles")).ok());
  Write("profiles/a/fields.tsv", std::string(4 * 1024 * 1024 + 1, ' '));
  ExpectRefused("more than 4 MiB");
}

}  // namespace
}  // namespace tvan
