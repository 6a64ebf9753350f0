#include "gateway/validate/rule_page.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "gateway/validate/rule_table.h"

namespace tvan {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(RulesPage, IsTheCommittedOne) {
  std::ifstream in(std::string(std::getenv("TVAN_SOURCE_DIR")) + "/config/RULES.md", std::ios::binary);
  ASSERT_TRUE(in);
  const std::string committed{std::istreambuf_iterator<char>(in), {}};
  EXPECT_TRUE(committed == RulesPage()) << "run: tvanctl explain --all > config/RULES.md";
}

TEST(RulesPage, HasAnAnchorForEveryRule) {
  const std::string page = RulesPage();
  for (const Rule& rule : AllRules()) {
    const std::string id(rule.id.text());
    EXPECT_THAT(page, HasSubstr("<a id=\"" + id + "\">"));
    EXPECT_EQ(RuleLink(id), "config/RULES.md#" + id);
  }
}

TEST(RulesPage, HasSevenCellsInEveryRow) {
  const std::string page = RulesPage();
  for (size_t at = page.find("\n| <a"); at != std::string::npos; at = page.find("\n| <a", at + 1)) {
    const std::string row = page.substr(at + 1, page.find('\n', at + 1) - at - 1);
    size_t bars = 0;
    for (size_t i = 0; i < row.size(); ++i) bars += row[i] == '|' && (i == 0 || row[i - 1] != '\\');
    EXPECT_EQ(bars, 8u) << row;
  }
}

TEST(RulesLike, FindsWhatSomebodyMeant) {
  EXPECT_THAT(RulesLike("field.mising"), Contains("field.missing"));
  EXPECT_THAT(RulesLike("fields.missing"), Contains("field.missing"));
  EXPECT_THAT(RulesLike("sluong_mismatch"), Contains("count.sluong_mismatch"));
  EXPECT_THAT(RulesLike("crc"), ElementsAre("qr.crc"));
  EXPECT_LE(RulesLike("signature").size(), 5u);
}

TEST(RulesLike, FindsNothingLikeAnythingElse) {
  EXPECT_THAT(RulesLike("something quite different"), IsEmpty());
  EXPECT_THAT(RulesLike(""), IsEmpty());
  EXPECT_THAT(RulesLike(std::string(10'000, 'x')), IsEmpty());
}

}  // namespace
}  // namespace tvan
