// What a field table allows the walk takes, in any order; each single fault it names, and nothing else. The messages
// come from a generator that knows the rows only.
#include <gtest/gtest.h>

#include "adapters/xml_document.h"
#include "gateway/validate/field_walk.h"
#include "tests/support/lawful_message.h"
#include "tests/support/profiles.h"

namespace tvan {
namespace {

constexpr uint32_t kMessages = 150;  // of each profile and kind

std::string Said(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings)
    text += std::string(finding.rule.text()) + (finding.severity == Severity::kError ? " error " : " warning ") +
            finding.path + ": " + finding.text_en + "\n";
  return text;
}

class Walked : public ::testing::TestWithParam<const char*> {
 protected:
  const ProfileSet::Entry& entry() const { return *TestProfiles()->Find(GetParam()); }

  std::vector<Finding> Walk(const LawfulMessage& message) const {
    const auto document = MakeXmlParser(XmlLimits())->Parse(message.Xml());
    EXPECT_TRUE(document.ok()) << document.status().message();
    FindingList findings;
    if (!document.ok()) return {};
    const XmlNode dlieu = (*document)->root().Child("DLieu");
    for (XmlNode item = dlieu.first_child(); item; item = item.next_sibling())
      WalkItem(item, {*entry().plan, message.type->object, message.type->code}, findings);
    return findings.Take();
  }
};

TEST_P(Walked, TakesWhatTheTableAllowsInAnyOrder) {
  for (uint32_t seed = 1; seed <= kMessages; ++seed) {
    LawfulMessageMaker maker(*entry().profile, seed);
    LawfulMessage message = maker.Make();
    if (seed % 2 == 0) maker.Shuffle(message);
    const std::vector<Finding> findings = Walk(message);
    ASSERT_TRUE(findings.empty()) << "seed " << seed << ", type " << message.type->code << "\n" << Said(findings);
  }
}

TEST_P(Walked, NamesASingleFaultAndNothingElse) {
  for (const FaultKind kind : kFaultKinds) {
    uint32_t spoiled = 0;
    for (uint32_t seed = 1; seed <= kMessages; ++seed) {
      LawfulMessageMaker maker(*entry().profile, seed);
      LawfulMessage message = maker.Make();
      if (seed % 2 == 0) maker.Shuffle(message);
      const auto expected = maker.Spoil(message, kind);
      if (!expected) continue;
      ++spoiled;
      const std::vector<Finding> findings = Walk(message);
      const std::string where = "seed " + std::to_string(seed) + ", fault " + std::to_string(static_cast<int>(kind)) +
                                " at " + expected->what + ", expected " + expected->rule + " " + expected->path + "\n";
      ASSERT_EQ(findings.size(), 1u) << where << Said(findings);
      EXPECT_EQ(findings.front().rule.text(), expected->rule) << where;
      EXPECT_EQ(findings.front().path, expected->path) << where;
      EXPECT_EQ(findings.front().severity == Severity::kError, expected->is_error) << where;
    }
    EXPECT_GE(spoiled, kind == FaultKind::kForbidden ? kMessages / 5 : kMessages - kMessages / 5)
        << static_cast<int>(kind);
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, Walked, ::testing::Values("qd1450", "qd1510", "qd1271"));

}  // namespace
}  // namespace tvan
