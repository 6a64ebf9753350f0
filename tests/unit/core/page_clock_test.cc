#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <thread>
#include <vector>

#include "gateway/core/clock.h"
#include "gateway/core/clock_page.h"
#include "gateway/core/clock_page_layout.h"
#include "gateway/core/executor.h"
#include "tests/unit/core/temp_folder.h"

namespace tvan {
namespace {

using testing::HasSubstr;

constexpr Span kSecond{1'000'000};
constexpr Span kSettle{2'000};
constexpr Span kPatience{20'000'000};     // for what must succeed
constexpr Span kLittlePatience{150'000};  // for what must not

class PageClockTest : public testing::Test {
 protected:
  Status Advance(Span span, Span patience = kPatience) {
    return driver_->AdvanceTo(driver_->Now() + span, kSettle, patience);
  }
  TempFolder folder_;
  std::string path_ = folder_.File("page");
  Time start_ = *ParseTime("2026-11-21T23:50:00+07:00");
  std::unique_ptr<ClockDriver> driver_ = std::move(*ClockDriver::Create(path_, start_));
};

TEST_F(PageClockTest, ShowsTheDriversTimeAndStandsStillWithoutIt) {
  const auto clock = std::move(*MakePageClock(path_));
  EXPECT_EQ(clock->Now(), start_);
  const Steady before = clock->SteadyNow();
  ASSERT_TRUE(Advance(90 * kSecond).ok());
  EXPECT_EQ(clock->Now(), start_ + 90 * kSecond);
  EXPECT_EQ(clock->SteadyNow(), before + 90 * kSecond);
}

TEST_F(PageClockTest, RunsEachTimerExactlyAtItsTime) {
  const auto clock = std::move(*MakePageClock(path_));
  std::vector<Span> ran;
  const Steady zero = clock->SteadyNow();
  std::function<void()> again = [&] {
    ran.push_back(clock->SteadyNow() - zero);
    if (ran.size() < 5) clock->RunAt(clock->SteadyNow() + kSecond, again);
  };
  clock->RunAt(zero + 3 * kSecond, again);
  ASSERT_TRUE(Advance(2 * kSecond).ok());
  EXPECT_TRUE(ran.empty());
  ASSERT_TRUE(Advance(20 * kSecond).ok());
  EXPECT_THAT(ran, testing::ElementsAre(3 * kSecond, 4 * kSecond, 5 * kSecond, 6 * kSecond, 7 * kSecond));
}

TEST_F(PageClockTest, RunsATimerThatIsDueAlreadyWithoutADriver) {
  const auto clock = std::move(*MakePageClock(path_));
  std::promise<void> ran;
  ASSERT_TRUE(Advance(Span(0)).ok());  // the clock's thread sleeps
  clock->RunAt(clock->SteadyNow(), [&] { ran.set_value(); });
  ran.get_future().wait();
}

TEST_F(PageClockTest, CancelAnswersWhetherTheTimerWillNotRun) {
  const auto clock = std::move(*MakePageClock(path_));
  bool ran = false;
  const TimerId id = clock->RunAt(clock->SteadyNow() + kSecond, [&] { ran = true; });
  EXPECT_TRUE(clock->Cancel(id));
  EXPECT_FALSE(clock->Cancel(id));
  ASSERT_TRUE(Advance(2 * kSecond).ok());
  EXPECT_FALSE(ran);
}

// A loop that waits, acts without a WorkScope, and waits again: between the two it must not be taken for idle.
TEST_F(PageClockTest, AWaitingLoopWakesAtEachOfItsDeadlines) {
  const auto clock = std::move(*MakePageClock(path_));
  const Steady zero = clock->SteadyNow();
  std::vector<Span> woken;
  std::promise<void> counted;
  std::thread loop([&] {
    std::mutex mutex;
    std::condition_variable cv;
    std::unique_lock lock(mutex);
    clock->WaitUntil(cv, lock, kSteadyForever, [] { return true; });  // from here on the page knows this thread
    counted.set_value();
    for (int i = 1; i <= 40; ++i) {
      EXPECT_FALSE(clock->WaitUntil(cv, lock, zero + i * kSecond, [] { return false; }));
      woken.push_back(clock->SteadyNow() - zero);
    }
  });
  counted.get_future().wait();
  Status moved;
  while (clock->SteadyNow() < zero + 40 * kSecond && moved.ok()) moved = Advance(8 * kSecond);
  loop.join();
  EXPECT_TRUE(moved.ok()) << moved.ToString();
  for (int i = 1; i <= 40; ++i) EXPECT_EQ(woken[i - 1], i * kSecond);
}

TEST_F(PageClockTest, ANotifiedWaiterHoldsTimeUntilItWaitsAgain) {
  const auto clock = std::move(*MakePageClock(path_));
  std::mutex mutex;
  std::condition_variable cv;
  bool flag = false;
  Time seen;
  std::thread waiter([&] {
    std::unique_lock lock(mutex);
    EXPECT_TRUE(clock->WaitUntil(cv, lock, kSteadyForever, [&] { return flag; }));
    seen = clock->Now();
  });
  ASSERT_TRUE(Advance(kSecond).ok());
  {
    const std::lock_guard lock(mutex);
    flag = true;  // ready, and not yet told
  }
  const Status stuck = Advance(kSecond, kLittlePatience);
  EXPECT_EQ(stuck.reason().text(), "clock.stuck");
  EXPECT_THAT(stuck.message(), HasSubstr("a waiter that is ready"));
  {
    const std::lock_guard lock(mutex);
    cv.notify_all();
  }
  waiter.join();
  EXPECT_EQ(seen, start_ + kSecond);
  EXPECT_TRUE(Advance(kSecond).ok());
}

TEST_F(PageClockTest, WorkHoldsTimeAndItsEndLetsItGo) {
  const auto clock = std::move(*MakePageClock(path_));
  {
    const WorkScope work(*clock);
    const Status stuck = Advance(kSecond, kLittlePatience);
    EXPECT_EQ(stuck.reason().text(), "clock.stuck");
    EXPECT_TRUE(stuck.is_transient());
    EXPECT_THAT(stuck.message(), HasSubstr("pid " + std::to_string(getpid())));
    EXPECT_THAT(stuck.message(), HasSubstr("busy with 1"));
    EXPECT_EQ(clock->Now(), start_);
  }
  EXPECT_TRUE(Advance(kSecond).ok());
}

TEST_F(PageClockTest, AThreadThatNeverComesBackToTheClockIsForgiven) {
  const auto clock = std::move(*MakePageClock(path_));
  std::promise<void> returned, go;
  std::thread elsewhere([&] {
    std::mutex mutex;
    std::condition_variable cv;
    std::unique_lock lock(mutex);
    EXPECT_TRUE(clock->WaitUntil(cv, lock, kSteadyForever, [] { return true; }));
    returned.set_value();
    go.get_future().wait();  // as in a socket's read, which the clock knows nothing of
  });
  returned.get_future().wait();
  EXPECT_TRUE(Advance(kSecond).ok());
  EXPECT_EQ(clock->Now(), start_ + kSecond);
  go.set_value();
  elsewhere.join();
  EXPECT_TRUE(Advance(kSecond).ok());
}

TEST_F(PageClockTest, QueuedWorkOfAnExecutorEndsBeforeTimeMoves) {
  const auto clock = std::move(*MakePageClock(path_));
  const auto metrics = Metrics::Make();
  const auto pool = Executor::Make({"pool", 2, 1000}, *clock, *metrics);
  std::atomic<int> late{0}, ran{0};
  clock->RunAt(clock->SteadyNow() + kSecond, [&] {
    const Time now = clock->Now();
    for (int i = 0; i < 200; ++i) {
      const bool taken = pool->TrySubmit([&, now] {
        ++ran;
        if (clock->Now() != now) ++late;
      });
      EXPECT_TRUE(taken);
    }
  });
  clock->RunAt(clock->SteadyNow() + kSecond + Span(1), [] {});
  ASSERT_TRUE(Advance(2 * kSecond).ok());
  EXPECT_EQ(ran, 200);
  EXPECT_EQ(late, 0);
}

TEST_F(PageClockTest, TimeDoesNotGoBack) {
  EXPECT_TRUE(Advance(Span(0)).ok());
  EXPECT_EQ(Advance(Span(-1)).reason().text(), "clock.target");
}

TEST_F(PageClockTest, AFullPageTakesNoFurtherProcessUntilOneLeaves) {
  std::vector<std::unique_ptr<Clock>> clocks;
  for (uint32_t i = 0; i < kClockSlots; ++i) clocks.push_back(std::move(*MakePageClock(path_)));
  EXPECT_EQ(MakePageClock(path_).status().reason().text(), "clock.page");
  clocks.pop_back();
  EXPECT_TRUE(MakePageClock(path_).ok());
}

TEST_F(PageClockTest, WhatIsNoClockPageIsRefused) {
  EXPECT_TRUE(MakePageClock(path_).ok());
  const auto refused = [this](const std::string& content) {
    std::ofstream(folder_.File("other"), std::ios::binary) << content;
    return MakePageClock(folder_.File("other")).status();
  };
  std::ifstream in(path_, std::ios::binary);
  const std::string page((std::istreambuf_iterator<char>(in)), {});
  EXPECT_TRUE(refused(page).ok());
  EXPECT_FALSE(refused("").ok());
  EXPECT_FALSE(refused(page.substr(1)).ok());
  EXPECT_THAT(refused("X" + page.substr(1)).message(), HasSubstr("not a clock page"));
  EXPECT_THAT(refused(page.substr(0, 8) + '\x02' + page.substr(9)).message(), HasSubstr("another version"));
  EXPECT_FALSE(MakePageClock(folder_.File("none")).ok());
  EXPECT_FALSE(MakePageClock(std::filesystem::temp_directory_path()).ok());
}

TEST_F(PageClockTest, APageThatCannotBeMadeSaysSoAndLeavesNothing) {
  EXPECT_EQ(ClockDriver::Create(folder_.File("no/such/folder"), start_).status().reason().text(), "clock.page");
  std::filesystem::create_directory(folder_.File("folder"));
  EXPECT_FALSE(ClockDriver::Create(folder_.File("folder"), start_).ok());
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(path_).parent_path()))
    EXPECT_TRUE(entry.path() == path_ || entry.path().filename() == "folder") << entry.path();
}

}  // namespace
}  // namespace tvan
