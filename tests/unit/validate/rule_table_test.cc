#include "gateway/validate/rule_table.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

namespace tvan {
namespace {

using ::testing::IsEmpty;

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

std::set<char> Placeholders(std::string_view text) {
  std::set<char> found;
  for (size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    EXPECT_TRUE(at + 2 < text.size() && text[at + 1] >= '0' && text[at + 1] <= '9' && text[at + 2] == '}') << text;
    found.insert(text[at + 1]);
  }
  return found;
}

TEST(RuleTable, IsInOrderAndNamesEachRuleOnce) {
  const std::vector<Rule>& rules = AllRules();
  ASSERT_GT(rules.size(), 150u);
  for (size_t i = 1; i < rules.size(); ++i) EXPECT_LT(rules[i - 1].id.text(), rules[i].id.text());
}

TEST(RuleTable, LeavesNoCellEmptyButTheAuthoritysCode) {
  for (const Rule& rule : AllRules())
    for (const std::string_view cell : {rule.text_vi, rule.text_en, rule.source, rule.todo_vi, rule.todo_en}) {
      EXPECT_FALSE(cell.empty()) << rule.id.text();
      EXPECT_EQ(cell.find('\n'), std::string_view::npos) << rule.id.text();
    }
}

TEST(RuleTable, SaysSentences) {
  for (const Rule& rule : AllRules())
    for (const std::string_view text : {rule.text_vi, rule.text_en})
      EXPECT_TRUE(text.back() == '.' || text.back() == '}') << rule.id.text() << ": " << text;
}

TEST(RuleTable, NamesTheSameValuesInBothLanguages) {
  for (const Rule& rule : AllRules())
    EXPECT_EQ(Placeholders(rule.text_vi), Placeholders(rule.text_en)) << rule.id.text();
}

TEST(RuleTable, GivesInformationNoCodeOfTheAuthority) {
  for (const Rule& rule : AllRules())
    EXPECT_TRUE(rule.severity != Severity::kInfo || rule.authority_code.empty()) << rule.id.text();
}

TEST(RuleTable, FindsARuleByItsId) {
  for (const Rule& rule : AllRules()) EXPECT_EQ(FindRule(rule.id.text()), &rule);
  EXPECT_EQ(FindRule("field.missin"), nullptr);
  EXPECT_EQ(FindRule("field.missing2"), nullptr);
  EXPECT_EQ(FindRule(""), nullptr);
  EXPECT_EQ(FindRule("zzz"), nullptr);
}

// What a Status says is a failure of ours and no rule.
TEST(RuleTable, HasARowForEveryRuleThatTheRoomSays) {
  const std::filesystem::path source(std::getenv("TVAN_SOURCE_DIR"));
  const std::regex literal(R"re((Status::\w+\(\s*)?"([a-z][a-z0-9_.]*)"_reason)re");
  std::set<std::string> said, unknown;
  for (const auto& entry : std::filesystem::directory_iterator(source / "gateway/validate")) {
    if (entry.path().filename().string().rfind("rules_of_", 0) == 0) continue;
    const std::string text = ReadFile(entry.path());
    for (std::sregex_iterator it(text.begin(), text.end(), literal), end; it != end; ++it)
      if (!(*it)[1].matched) said.insert((*it)[2]);
  }
  EXPECT_GT(said.size(), 30u) << "the sources were not found";
  for (const std::string& rule : said)
    if (FindRule(rule) == nullptr) unknown.insert(rule);
  EXPECT_THAT(unknown, IsEmpty());
}

TEST(RuleTable, SaysWhatHasNoRowByItsId) {
  const Finding finding = FindingOf("validate.nowhere"_reason, "/a", {"x"});
  EXPECT_EQ(finding.text_en, "validate.nowhere");
  EXPECT_EQ(finding.severity, Severity::kError);
}

}  // namespace
}  // namespace tvan
