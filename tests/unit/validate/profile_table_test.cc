// Profiles: their heads, and what one inherits from another.
#include <gmock/gmock.h>

#include "adapters/signature.h"
#include "gateway/validate/field_table.h"

namespace tvan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kColumns =
    "object\tpath\toccurs\ttype\tdigits\tenumeration\tapplies\tmark\toccurs_mark\trule\tafter\tsource\tnote\n";

std::string HeadOf(const std::string& id, const std::string& more = "") {
  return "key\tvalue\nid\t" + id + "\nname_vi\tHồ sơ\nname_en\tProfile\nvalid_from\t2020-01-01\n" + more;
}

// A text of `length` characters at `path`.
std::string Text(const std::string& path, const std::string& length, const std::string& applies = "",
                 const std::string& after = "") {
  return "o\t" + path + "\t0..1\ttext\t" + length + "\t\t" + applies + "\tsure\tsure\t\t" + after + "\tprotocol\t\n";
}
std::string Object(const std::string& path) { return "o\t" + path + "\t1\tobject\t\t\t\tsure\tsure\t\t\tprotocol\t\n"; }

ProfileSource Parent(const std::string& rows) { return {"old", HeadOf("old"), kColumns + rows}; }
ProfileSource Child(const std::string& rows) { return {"new", HeadOf("new", "inherits\told\n"), kColumns + rows}; }

Result<std::vector<std::shared_ptr<const Profile>>> Load(const std::vector<ProfileSource>& sources) {
  return LoadProfiles(sources, *MakeDigester());
}

std::string FaultsOf(const std::vector<ProfileSource>& sources) {
  const auto profiles = Load(sources);
  return profiles.ok() ? "" : profiles.status().message();
}
std::string FaultsOfHead(const std::string& head) { return FaultsOf({{"p", head, kColumns}}); }

// "A:10" for each row of the child, in document order.
std::vector<std::string> Inherited(const std::string& parent, const std::string& child) {
  const auto profiles = Load({Child(child), Parent(parent)});
  EXPECT_TRUE(profiles.ok()) << profiles.status().message();
  std::vector<std::string> rows;
  if (!profiles.ok()) return rows;
  for (const FieldRow& row : profiles->front()->objects.at("o").rows)
    rows.push_back(row.path + (row.length > 0 ? ":" + std::to_string(row.length) : ""));
  return rows;
}

TEST(ProfileHead, KeepsWhatItSays) {
  const auto profiles =
      Load({{"p", HeadOf("p", "pban\t2.0.0,2.0.1\nvalid_to\t2021-01-01\nttkhac_length\t500\nsource\ts\nnote\tn\n"),
             kColumns}});
  ASSERT_TRUE(profiles.ok()) << profiles.status().message();
  const Profile& profile = *profiles->front();
  EXPECT_EQ(profile.id, "p");
  EXPECT_EQ(profile.name_vi, "Hồ sơ");
  EXPECT_EQ(profile.name_en, "Profile");
  EXPECT_THAT(profile.pban, ElementsAre("2.0.0", "2.0.1"));
  EXPECT_EQ(profile.valid_from, "2020-01-01");
  EXPECT_EQ(profile.valid_to, "2021-01-01");
  EXPECT_EQ(profile.ttkhac_length, 500u);
  EXPECT_THAT(profile.lineage, ElementsAre("p"));
}

TEST(ProfileHead, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(FaultsOfHead(HeadOf("p")), IsEmpty());
  EXPECT_THAT(FaultsOfHead(HeadOf("p", "colour\tred\n")), HasSubstr("p/profile.tsv:6: there is no key \"colour\""));
  EXPECT_THAT(FaultsOfHead(HeadOf("p", "id\tp\n")), HasSubstr("p/profile.tsv:6: id stands twice"));
  EXPECT_THAT(FaultsOfHead(HeadOf("p", "valid_to\t2021-02-29\n")),
              HasSubstr("valid_to \"2021-02-29\" is not of its form"));
  EXPECT_THAT(FaultsOfHead(HeadOf("p", "ttkhac_length\t0\n")), HasSubstr("is not of its form"));
  EXPECT_THAT(FaultsOfHead(HeadOf("p", "pban\t2.0.0,,2.0.1\n")), HasSubstr("is not of its form"));
  EXPECT_THAT(FaultsOfHead(HeadOf("p", "inherits\t\n")), HasSubstr("is not of its form"));
  EXPECT_THAT(FaultsOfHead("id\tp\n"), HasSubstr("p/profile.tsv:1: the columns must be key value"));
  EXPECT_THAT(FaultsOfHead("key\tvalue\nid\tp\n"), HasSubstr("name_vi is missing"));
  EXPECT_THAT(FaultsOfHead(HeadOf("q")), HasSubstr("id \"q\" is not the name of its folder"));
}

TEST(Inheritance, KeepsWhatTheChildDoesNotSay) {
  EXPECT_THAT(Inherited(Text("A", "1") + Text("B", "2"), ""), ElementsAre("A:1", "B:2"));
}

TEST(Inheritance, ReplacesARowOfTheSameConditions) {
  EXPECT_THAT(Inherited(Text("A", "1") + Text("B", "2"), Text("A", "9")), ElementsAre("A:9", "B:2"));
  EXPECT_THAT(Inherited(Text("A", "3", "type=201") + Text("A", "1"), Text("A", "9", "type=201")),
              ElementsAre("A:9", "A:1"));
}

TEST(Inheritance, PutsOtherConditionsBeforeThoseOfTheParent) {
  EXPECT_THAT(Inherited(Text("A", "1") + Text("B", "2"), Text("A", "8", "type=206") + Text("A", "9", "type=216")),
              ElementsAre("A:8", "A:9", "A:1", "B:2"));
}

TEST(Inheritance, PlacesANewPathWhereAfterSays) {
  const std::string parent = Object("A") + Text("A/X", "1") + Text("A/Y", "2") + Text("B", "3");
  EXPECT_THAT(Inherited(parent, Text("A/N", "9", "", "A/X")), ElementsAre("A", "A/X:1", "A/N:9", "A/Y:2", "B:3"));
  EXPECT_THAT(Inherited(parent, Text("A/N", "9")), ElementsAre("A", "A/X:1", "A/Y:2", "A/N:9", "B:3"));
  EXPECT_THAT(Inherited(parent, Text("N", "9", "", "A")), ElementsAre("A", "A/X:1", "A/Y:2", "N:9", "B:3"));
  EXPECT_THAT(Inherited(parent, Text("N", "9")), ElementsAre("A", "A/X:1", "A/Y:2", "B:3", "N:9"));
}

TEST(Inheritance, RefusesAPlaceThatIsNone) {
  const ProfileSource parent = Parent(Object("A") + Text("A/X", "1") + Text("B", "3"));
  EXPECT_THAT(FaultsOf({parent, Child(Text("N", "9", "", "C"))}),
              HasSubstr("new/fields.tsv:2: after: no C stands beside it"));
  EXPECT_THAT(FaultsOf({parent, Child(Text("N", "9", "", "A/X"))}), HasSubstr("after: no A/X stands beside it"));
  EXPECT_THAT(FaultsOf({parent, Child(Text("B", "9", "", "A"))}), HasSubstr("after: B has its place already"));
}

TEST(Inheritance, LooksAtTheRowsOfTheChildInTheWholeTable) {
  EXPECT_THAT(FaultsOf({Parent(Object("A")), Child(Text("A/N", "9"))}), IsEmpty());
  EXPECT_THAT(FaultsOf({Parent(Text("A", "1")), Child(Text("A/N", "9"))}),
              HasSubstr("no row says that A holds elements"));
  EXPECT_THAT(FaultsOf({Parent(Text("B", "1")), Child(Text("A", "9", "B=1"))}), IsEmpty());
  EXPECT_THAT(FaultsOf({Parent(Text("B", "1")), Child(Text("A", "9", "C=1"))}), HasSubstr("no C stands beside it"));
}

TEST(Inheritance, NamesTheWholeLine) {
  const auto profiles = Load({{"c", HeadOf("c", "inherits\tnew\n"), kColumns}, Child(""), Parent("")});
  ASSERT_TRUE(profiles.ok()) << profiles.status().message();
  EXPECT_THAT(profiles->front()->lineage, ElementsAre("c", "new", "old"));
  EXPECT_EQ(profiles->back()->id, "old");
}

TEST(Inheritance, RefusesACircleAndAParentThatIsNowhere) {
  EXPECT_THAT(FaultsOf({{"a", HeadOf("a", "inherits\tb\n"), kColumns}, {"b", HeadOf("b", "inherits\ta\n"), kColumns}}),
              HasSubstr("inherits from itself"));
  EXPECT_THAT(FaultsOf({{"a", HeadOf("a", "inherits\ta\n"), kColumns}}), HasSubstr("inherits from itself"));
  EXPECT_THAT(FaultsOf({Child("")}), HasSubstr("inherits: there is no profile old"));
  EXPECT_THAT(FaultsOf({Parent(""), Parent("")}), HasSubstr("old: stands twice"));
}

TEST(Digest, ChangesWithTheProfileItselfAndWithItsParent) {
  const auto digest = [](const ProfileSource& parent, const ProfileSource& child) {
    const auto profiles = Load({child, parent});
    return profiles.ok() ? profiles->front()->digest : profiles.status().message();
  };
  const std::string before = digest(Parent(Text("A", "1")), Child(""));
  EXPECT_EQ(before.size(), 64u);
  EXPECT_EQ(before, digest(Parent(Text("A", "1")), Child("")));
  EXPECT_NE(before, digest(Parent(Text("A", "2")), Child("")));
  EXPECT_NE(before, digest(Parent(Text("A", "1")), Child(Text("B", "1"))));
}

}  // namespace
}  // namespace tvan
