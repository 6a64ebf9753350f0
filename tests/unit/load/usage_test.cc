#include "ops/load/usage.h"

#include <gtest/gtest.h>

namespace tvan::load {
namespace {

constexpr const char* kStat =
    "4711 (a) b (c) S 1 4711 4711 0 -1 4194304 100 0 0 0 250 50 7 9 20 0 12 0 1000 900000 3000 18446744073709551615 1";

TEST(Usage, ReadsTicksAndPagesBehindANameWithBrackets) {
  const auto usage = ParseStat(kStat, 100, 4);
  ASSERT_TRUE(usage.has_value());
  EXPECT_EQ(usage->cpu, std::chrono::seconds(3)) << "user and system, not those of ended children";
  EXPECT_EQ(usage->rss_kb, 12'000u);
}

TEST(Usage, IsEmptyForWhatIsNoStat) {
  EXPECT_FALSE(ParseStat("", 100, 4).has_value());
  EXPECT_FALSE(ParseStat("1 (a) S 1 2 3", 100, 4).has_value());
  EXPECT_FALSE(ReadUsage("0").has_value());
}

TEST(Usage, KnowsThisProcess) {
  const auto usage = ReadUsage("self");
  ASSERT_TRUE(usage.has_value());
  EXPECT_GT(usage->rss_kb, 1000u);
}

TEST(Usage, TakesTheDifferenceOfTwoInstantsAndLeavesOutWhatIsGone) {
  const std::map<std::string, std::string> pids{{"me", "self"}, {"gone", "0"}};
  std::map<std::string, Watched> watched;
  Sample(pids, Edge::kBegin, watched);
  EXPECT_LE(watched["me"].cpu.count(), 0);
  Sample(pids, Edge::kEnd, watched);
  EXPECT_GE(watched["me"].cpu.count(), 0);
  EXPECT_GT(watched["me"].rss_kb, 0u);
  EXPECT_GT(watched["me"].rss_kb_end, 0u);
  EXPECT_FALSE(watched.contains("gone"));
}

}  // namespace
}  // namespace tvan::load
