// Heads of queues: never later than the truth.
#include "store/queue_heads.h"

#include <gtest/gtest.h>

#include "store/keys.h"

namespace tvan {
namespace {

class NoView : public KvView {
 public:
  Result<std::optional<std::string>> Get(Family, std::string_view) const override {
    return std::optional<std::string>();
  }
  Status Scan(Family, const std::string&, const std::string&, const Visit&) const override { return {}; }
};

const std::string kQueue = keys::StageOf(Stage::kSent);

void Enter(QueueHeads& heads, uint64_t acceptance) {
  NoView view;
  WriteSet writes(view);
  writes.Put(Family::kQueue, keys::StageEntry(Stage::kSent, acceptance), "V");
  heads.Lower(writes);
}

TEST(QueueHeads, AHeadThatWasSeenIsKept) {
  QueueHeads heads;
  EXPECT_EQ(heads.From(kQueue), 0u);
  heads.Raise(kQueue, 7, heads.Generation());
  EXPECT_EQ(heads.From(kQueue), 7u);
  Enter(heads, 9);
  EXPECT_EQ(heads.From(kQueue), 7u);
}

TEST(QueueHeads, AnEntryThatComesBackLowersTheHead) {
  QueueHeads heads;
  heads.Raise(kQueue, UINT64_MAX, heads.Generation());
  Enter(heads, 3);
  EXPECT_EQ(heads.From(kQueue), 3u);
}

TEST(QueueHeads, AnOldViewDoesNotHideWhatCameInSince) {
  QueueHeads heads;
  const uint64_t before = heads.Generation();
  Enter(heads, 3);
  Enter(heads, 5);
  heads.Raise(kQueue, 7, before);
  EXPECT_EQ(heads.From(kQueue), 3u);
  heads.Raise(kQueue, 5, heads.Generation());
  EXPECT_EQ(heads.From(kQueue), 5u);
}

TEST(QueueHeads, AViewOlderThanTheMemoryOfEntriesChangesNothing) {
  QueueHeads heads;
  const uint64_t before = heads.Generation();
  for (uint64_t n = 1; n <= 200; ++n) Enter(heads, n);
  heads.Raise(kQueue, 500, before);
  EXPECT_EQ(heads.From(kQueue), 0u);
}

}  // namespace
}  // namespace tvan
