// The profiles that are built in: config/profiles as this build holds it, and what is made of it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "adapters/signature.h"
#include "config/profiles/profiles.h"
#include "gateway/validate/profile_set.h"
#include "gateway/validate/xsd_writer.h"
#include "tests/support/profiles.h"

namespace tvan {
namespace {

std::string FileText(const std::string& path) {
  std::ifstream file(std::string(std::getenv("TVAN_SOURCE_DIR")) + "/" + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<const Profile*> Loaded() {
  std::vector<const Profile*> profiles;
  for (const EmbeddedProfile& profile : EmbeddedProfiles())
    profiles.push_back(TestProfiles()->Find(profile.id)->profile.get());
  return profiles;
}

TEST(BuiltInProfiles, HaveNoFaultAndNameOnlyRulesThatExist) {
  const auto profiles = ProfileSet::Make(SourcesOf(EmbeddedProfiles()), *MakeDigester());
  EXPECT_TRUE(profiles.ok()) << profiles.status().message();
}

TEST(BuiltInProfiles, AreTheFilesOfTheirFolders) {
  std::vector<std::string_view> ids;
  for (const EmbeddedProfile& profile : EmbeddedProfiles()) {
    const std::string folder = "config/profiles/" + std::string(profile.id);
    ids.push_back(profile.id);
    EXPECT_EQ(profile.profile_tsv, FileText(folder + "/profile.tsv"));
    EXPECT_EQ(profile.fields_tsv, FileText(folder + "/fields.tsv"));
  }
  EXPECT_EQ(ids, (std::vector<std::string_view>{"qd1271", "qd1450", "qd1510", "qd635"}));
}

TEST(BuiltInProfiles, AskNothingThatOnlyAWeakSourceKnows) {
  for (const Profile* profile : Loaded())
    for (const auto& [name, table] : profile->objects)
      for (const FieldRow& row : table.rows)
        EXPECT_TRUE(row.source != "BKSoft" || (row.mark == Mark::kWeak && row.occurs_mark == Mark::kWeak)) << row.place;
}

TEST(Xsd, IsCommittedAsItIsWritten) {
  for (const Profile* profile : Loaded()) {
    const std::string path = "config/profiles/" + profile->id + "/" + profile->id + ".xsd";
    EXPECT_TRUE(FileText(path) == WriteXsd(*profile))
        << path << " is not what WriteXsd makes: tvanctl xsd --profile " << profile->id << " --out " << path;
  }
}

}  // namespace
}  // namespace tvan
