#include "gateway/core/loose_thread.h"

#include <gtest/gtest.h>

#include <thread>

#include "gateway/core/clock.h"
#include "tests/unit/core/temp_folder.h"

namespace tvan {
namespace {

class LooseThreads : public testing::Test {
 protected:
  uint32_t Count() const { return LooseCount(slot_.loose); }
  TempFolder folder_;
  std::shared_ptr<ClockPage> page_ = std::move(*CreateClockPage(folder_.File("page"), Time{0}));
  ClockSlot& slot_ = page_->slots[0];
};

TEST_F(LooseThreads, AreCountedOnceUntilTheyWaitAgain) {
  LooseThread thread;
  thread.Take(page_, slot_);
  thread.Take(page_, slot_);
  EXPECT_EQ(Count(), 1u);
  thread.Release();
  thread.Release();
  EXPECT_EQ(Count(), 0u);
}

TEST_F(LooseThreads, AreNotCountedAfterTheirEnd) {
  std::thread other([&] {
    LooseThread::OfThisThread().Take(page_, slot_);
    EXPECT_EQ(Count(), 1u);
  });
  other.join();
  EXPECT_EQ(Count(), 0u);
}

TEST_F(LooseThreads, ThatAreForgivenGiveNothingBack) {
  LooseThread forgiven, later;
  forgiven.Take(page_, slot_);
  ForgiveLoose(slot_, slot_.loose);
  EXPECT_EQ(Count(), 0u);
  later.Take(page_, slot_);
  forgiven.Release();
  EXPECT_EQ(Count(), 1u);
  forgiven.Take(page_, slot_);
  EXPECT_EQ(Count(), 2u);
}

TEST_F(LooseThreads, AreNotForgivenWhenTheirCountHasChanged) {
  LooseThread one, two;
  one.Take(page_, slot_);
  const uint64_t seen = slot_.loose;
  two.Take(page_, slot_);
  ForgiveLoose(slot_, seen);
  EXPECT_EQ(Count(), 2u);
}

TEST_F(LooseThreads, OfAFreedSlotGiveNothingBackToTheNextOwner) {
  LooseThread before, after;
  before.Take(page_, slot_);
  FreeSlot(slot_);
  after.Take(page_, slot_);
  before.Release();
  EXPECT_EQ(Count(), 1u);
}

TEST_F(LooseThreads, AreThoseThatLeftAWaitOfThePageClock) {
  const auto clock = std::move(*MakePageClock(folder_.File("page")));
  std::thread waiter([&] {
    std::mutex mutex;
    std::condition_variable cv;
    std::unique_lock lock(mutex);
    bool flag = false;
    std::thread notifier([&] {
      const std::lock_guard guard(mutex);  // free only while the other thread waits
      EXPECT_EQ(Count(), 0u);
      flag = true;
      cv.notify_all();
    });
    EXPECT_TRUE(clock->WaitUntil(cv, lock, kSteadyForever, [] { return true; }));
    EXPECT_EQ(Count(), 1u);
    EXPECT_TRUE(clock->WaitUntil(cv, lock, kSteadyForever, [&] { return flag; }));
    EXPECT_EQ(Count(), 1u);
    lock.unlock();
    notifier.join();
  });
  waiter.join();
  EXPECT_EQ(Count(), 0u);
}

}  // namespace
}  // namespace tvan
