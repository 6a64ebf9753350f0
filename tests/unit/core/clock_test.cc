#include "gateway/core/clock.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>
#include <vector>

namespace tvan {
namespace {

TEST(SystemClock, RunsATimerNotBeforeItsTime) {
  const auto clock = MakeSystemClock();
  std::promise<Steady> ran;
  const Steady at = clock->SteadyNow() + Span(2'000);
  clock->RunAt(at, [&] { ran.set_value(clock->SteadyNow()); });
  EXPECT_GE(ran.get_future().get(), at);
}

TEST(SystemClock, RunsTimersInOrderOfTimeThenOfArming) {
  const auto clock = MakeSystemClock();
  const Steady at = clock->SteadyNow() + Span(20'000);
  std::vector<int> order;
  std::promise<void> last;
  clock->RunAt(at + Span(1'000), [&] { last.set_value(); });
  for (int i = 0; i < 3; ++i) clock->RunAt(at, [&, i] { order.push_back(i); });
  clock->RunAt(at - Span(1'000), [&] { order.push_back(-1); });
  last.get_future().wait();
  EXPECT_EQ(order, (std::vector<int>{-1, 0, 1, 2}));
}

TEST(SystemClock, CancelAnswersWhetherTheTimerWillNotRun) {
  const auto clock = MakeSystemClock();
  bool ran = false;
  const TimerId far = clock->RunAt(clock->SteadyNow() + Span(3'600'000'000), [&] { ran = true; });
  EXPECT_TRUE(clock->Cancel(far));
  EXPECT_FALSE(clock->Cancel(far));
  std::promise<void> done;
  const TimerId now = clock->RunAt(clock->SteadyNow(), [&] { done.set_value(); });
  done.get_future().wait();
  EXPECT_FALSE(clock->Cancel(now));
  EXPECT_FALSE(ran);
}

TEST(SystemClock, ATimerMayArmAnotherOne) {
  const auto clock = MakeSystemClock();
  std::promise<void> done;
  clock->RunAt(clock->SteadyNow(), [&] { clock->RunAt(clock->SteadyNow(), [&] { done.set_value(); }); });
  done.get_future().wait();
}

TEST(SystemClock, WaitEndsWhenReadyOrAtTheDeadline) {
  const auto clock = MakeSystemClock();
  std::mutex mutex;
  std::condition_variable cv;
  bool flag = false;
  std::unique_lock lock(mutex);
  const Steady deadline = clock->SteadyNow() + Span(1'000);
  EXPECT_FALSE(clock->WaitUntil(cv, lock, deadline, [&] { return flag; }));
  EXPECT_GE(clock->SteadyNow(), deadline);
  std::thread other([&] {
    const std::lock_guard guard(mutex);
    flag = true;
    cv.notify_all();
  });
  EXPECT_TRUE(clock->WaitUntil(cv, lock, kSteadyForever, [&] { return flag; }));
  EXPECT_TRUE(lock.owns_lock());
  lock.unlock();
  other.join();
}

TEST(SystemClock, TakesDeadlinesFarBeyondItsRange) {
  const auto clock = MakeSystemClock();
  clock->RunAt({INT64_MAX - 1}, [] {});
  std::promise<void> done;
  clock->RunAt({INT64_MIN}, [&] { done.set_value(); });
  done.get_future().wait();
}

TEST(MakeClock, TakesSystemOrAFile) {
  EXPECT_TRUE(MakeClock("system").ok());
  for (const char* spec : {"", "System", "file:", "page:/x"})
    EXPECT_EQ(MakeClock(spec).status().reason().text(), "clock.spec") << spec;
  EXPECT_EQ(MakeClock("file:/nonexistent/page").status().reason().text(), "clock.page");
}

}  // namespace
}  // namespace tvan
