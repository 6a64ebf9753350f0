// When the committer's thread writes: at once, except while accepts are announced and few wait.

#include "store/committer.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "gateway/core/metrics.h"
#include "store/coming_accept.h"
#include "tests/support/memory_store.h"
#include "tests/unit/store/small_message.h"

namespace tvan {
namespace {

class CommitterTest : public testing::Test {
 protected:
  void Accept(int n) {
    store_->Accept(SmallMessage(n), [this](const Result<AcceptAnswer>& answer) {
      const std::lock_guard lock(mutex_);
      ASSERT_TRUE(answer.ok()) << answer.status().ToString();
      acts_.push_back(answer->position.sequence);
      answered_.notify_all();
    });
  }
  // The acts in which the first `count` accepts were written.
  std::vector<uint64_t> WaitFor(size_t count) {
    std::unique_lock lock(mutex_);
    answered_.wait(lock, [&] { return acts_.size() >= count; });
    return acts_;
  }
  size_t answered() {
    const std::lock_guard lock(mutex_);
    return acts_.size();
  }

  std::unique_ptr<Clock> clock_ = MakeSystemClock();
  std::mutex mutex_;
  std::condition_variable answered_;
  std::vector<uint64_t> acts_;
  std::unique_ptr<MemoryStore> store_ = MakeMemoryStore({}, *clock_);
};

TEST_F(CommitterTest, WritesAtOnceWhenNothingIsAnnounced) {
  Accept(1);
  EXPECT_EQ(WaitFor(1).size(), 1u);
}

TEST_F(CommitterTest, FewAcceptsWaitForThoseThatWereAnnouncedAndShareTheirAct) {
  {
    const ComingAccept first(*store_), second(*store_);
    for (int n = 1; n <= 7; ++n) Accept(n);
    EXPECT_EQ(answered(), 0u);
    { const ComingAccept third(*store_); }
    EXPECT_EQ(answered(), 0u) << "two are still under way";
  }
  const auto acts = WaitFor(7);
  for (const uint64_t act : acts) EXPECT_EQ(act, acts.front());
}

TEST_F(CommitterTest, EnoughAcceptsWaitForNobody) {
  const ComingAccept never(*store_);
  for (int n = 1; n <= 16; ++n) Accept(n);
  EXPECT_EQ(WaitFor(16).size(), 16u);
}

// Checks of repeats and rejections are announced as well, and bring nothing.
TEST_F(CommitterTest, AnnouncementsThatBringNothingDoNotHoldAnAcceptUp) {
  const ComingAccept never(*store_);
  Accept(1);
  for (int i = 0; i < 15; ++i) const ComingAccept nothing(*store_);
  EXPECT_EQ(answered(), 0u);
  { const ComingAccept last(*store_); }
  EXPECT_EQ(WaitFor(1).size(), 1u);
  for (int n = 2; n < 40; n += 2) {  // counted anew for each act: the first of two waits for the second
    Accept(n);
    for (int i = 0; i < 15; ++i) const ComingAccept nothing(*store_);
    Accept(n + 1);
    store_->TakeOwnership();
    const auto acts = WaitFor(n + 1);
    EXPECT_EQ(acts[n - 1], acts[n]);
  }
}

TEST_F(CommitterTest, AQueueThatIsFullWaitsForNobody) {
  MemoryStoreOptions small;
  small.queue_limit = 2;
  store_ = MakeMemoryStore(small, *clock_);
  const ComingAccept never(*store_);
  Accept(1);
  Accept(2);
  EXPECT_EQ(WaitFor(2).size(), 2u);
}

TEST_F(CommitterTest, AnotherWriteTakesTheWaitingAcceptsWithIt) {
  const ComingAccept never(*store_);
  Accept(1);
  store_->TakeOwnership();  // blocks until it is written
  EXPECT_EQ(WaitFor(1).size(), 1u);
  Accept(2);  // and they wait again afterwards
  EXPECT_EQ(answered(), 1u);
  store_->TakeOwnership();
  EXPECT_EQ(WaitFor(2).size(), 2u);
}

TEST_F(CommitterTest, ClosingWaitsForNobody) {
  const ComingAccept never(*store_);
  Accept(1);
  EXPECT_TRUE(store_->Close().ok());
  EXPECT_EQ(answered(), 1u);
}

}  // namespace
}  // namespace tvan
