// What gateways tell each other of an act.
#include "store/redis/redis_news.h"

#include <gmock/gmock.h>

namespace tvan {
namespace {

class EmptyView : public KvView {
 public:
  Result<std::optional<std::string>> Get(Family, std::string_view) const override {
    return std::optional<std::string>();
  }
  Status Scan(Family, const std::string&, const std::string&, const Visit&) const override { return {}; }
};

class RedisNewsTest : public testing::Test {
 protected:
  void TouchMailboxes(size_t count) {
    for (size_t i = 0; i < count; ++i) writes.TouchMailbox(ProviderId::Trusted("p" + std::to_string(i)));
  }
  EmptyView empty;
  WriteSet writes{empty};
};

TEST_F(RedisNewsTest, AreNoneOfAnActThatIsNothingToOthers) {
  writes.Put(Family::kControl, "a", "b");
  EXPECT_EQ(NewsOf("g1", writes), "");
}

TEST_F(RedisNewsTest, SayWhatAnActTouched) {
  writes.TouchQueue();
  EXPECT_EQ(NewsOf("g1", writes), "g1 q");
  writes.Put(Family::kRecord, "a", "b");
  EXPECT_EQ(NewsOf("g1", writes), "g1 qr");
  TouchMailboxes(2);
  EXPECT_EQ(NewsOf("g1", writes), "g1 qr p0 p1");
}

TEST_F(RedisNewsTest, SayMailboxesAlone) {
  TouchMailboxes(1);
  EXPECT_EQ(NewsOf("g1", writes), "g1 - p0");
}

TEST_F(RedisNewsTest, NameSoManyMailboxesAndNoMore) {
  TouchMailboxes(kMostNewsMailboxes);
  const auto most = ParseNews(NewsOf("g1", writes));
  ASSERT_TRUE(most);
  EXPECT_EQ(most->news.mailboxes.size(), kMostNewsMailboxes);
  EXPECT_FALSE(most->news.missed);
  writes.TouchMailbox(ProviderId::Trusted("one-more"));
  EXPECT_EQ(NewsOf("g1", writes), "g1 m");
}

TEST_F(RedisNewsTest, AreReadAsTheyWereWritten) {
  writes.TouchQueue();
  TouchMailboxes(2);
  const auto read = ParseNews(NewsOf("G.1_a-b", writes));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->gateway, "G.1_a-b");
  EXPECT_TRUE(read->news.queue);
  EXPECT_FALSE(read->news.records);
  EXPECT_FALSE(read->news.missed);
  ASSERT_EQ(read->news.mailboxes.size(), 2U);
  EXPECT_EQ(read->news.mailboxes[1].value(), "p1");
  const auto all = ParseNews("g1 qrm");
  ASSERT_TRUE(all);
  EXPECT_TRUE(all->news.queue && all->news.records && all->news.missed);
}

TEST_F(RedisNewsTest, AreNothingElse) {
  std::string too_many = "g1 -";
  for (size_t i = 0; i <= kMostNewsMailboxes; ++i) too_many += " p";
  for (const std::string& foreign :
       {std::string(), std::string("g1"), std::string("g1 "), std::string("g1 -"), std::string(" q"),
        std::string("g1  q"), std::string("g1 q "), std::string("g1 rq"), std::string("g1 qq"), std::string("g1 x"),
        std::string("g1 q-"), std::string("g1 q P"), std::string("g1 q p\n"), std::string("g/1 q"),
        std::string("g1 q  p"), std::string(65, 'g') + " q", std::string("g1 q\0", 5), too_many})
    EXPECT_FALSE(ParseNews(foreign)) << foreign;
  EXPECT_TRUE(ParseNews(std::string(64, 'g') + " q"));
  EXPECT_TRUE(ParseNews("g1 q p"));
}

}  // namespace
}  // namespace tvan
