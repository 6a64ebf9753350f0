#include "gateway/core/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

namespace tvan {
namespace {

// A clock that only counts the work that is announced to it.
class CountingClock final : public Clock {
 public:
  Time Now() const override { return {}; }
  Steady SteadyNow() const override { return {}; }
  TimerId RunAt(Steady, std::function<void()>) override { return 0; }
  bool Cancel(TimerId) override { return false; }
  bool WaitUntil(std::condition_variable&, std::unique_lock<std::mutex>&, Steady,
                 const std::function<bool()>& r) override {
    return r();
  }
  void WorkBegins() override { ++work; }
  void WorkEnds() override { --work; }
  std::atomic<int> work{0};
};

class ExecutorTest : public testing::Test {
 protected:
  std::unique_ptr<Executor> Make(size_t threads, size_t limit) {
    return Executor::Make({"pool", threads, limit}, clock_, *metrics_);
  }
  CountingClock clock_;
  std::unique_ptr<Metrics> metrics_ = Metrics::Make();
};

// Occupies one thread until it is let go.
struct Blocker {
  std::promise<void> started, go;
  std::function<void()> Task() {
    return [this] {
      started.set_value();
      go.get_future().wait();
    };
  }
};

TEST_F(ExecutorTest, RunsTasksOfOneThreadInSubmissionOrder) {
  std::vector<int> order;
  const auto pool = Make(1, 100);
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(pool->TrySubmit([&order, i] { order.push_back(i); }));
  pool->Drain();
  ASSERT_EQ(order.size(), 50u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST_F(ExecutorTest, RefusesTheTaskThatDoesNotFitTheQueue) {
  Blocker blocker;
  std::atomic<int> ran{0};
  const auto pool = Make(1, 2);
  ASSERT_TRUE(pool->TrySubmit(blocker.Task()));
  blocker.started.get_future().wait();
  EXPECT_TRUE(pool->TrySubmit([&] { ++ran; }));
  EXPECT_TRUE(pool->TrySubmit([&] { ++ran; }));
  EXPECT_EQ(pool->queued(), 2u);
  EXPECT_FALSE(pool->TrySubmit([&] { ++ran; }));
  EXPECT_THAT(metrics_->Render(), testing::HasSubstr("tvan_executor_refused_total{pool=\"pool\"} 1"));
  EXPECT_THAT(metrics_->Render(), testing::HasSubstr("tvan_executor_queued{pool=\"pool\"} 2"));
  blocker.go.set_value();
  pool->Drain();
  EXPECT_EQ(ran, 2);
}

TEST_F(ExecutorTest, RunsAsManyTasksAtOnceAsItHasThreads) {
  Blocker one, two;
  const auto pool = Make(2, 2);
  ASSERT_TRUE(pool->TrySubmit(one.Task()));
  ASSERT_TRUE(pool->TrySubmit(two.Task()));
  one.started.get_future().wait();
  two.started.get_future().wait();
  one.go.set_value();
  two.go.set_value();
}

TEST_F(ExecutorTest, AfterDrainTakesNothingAndHasRunEverything) {
  std::atomic<int> ran{0};
  const auto pool = Make(3, 100);
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(pool->TrySubmit([&] { ++ran; }));
  pool->Drain();
  EXPECT_EQ(ran, 30);
  EXPECT_FALSE(pool->TrySubmit([&] { ++ran; }));
  EXPECT_EQ(clock_.work, 0);
}

TEST_F(ExecutorTest, DrainWaitsForTheTaskThatRuns) {
  Blocker blocker;
  std::atomic<bool> finished{false};
  const auto pool = Make(2, 1'000'000);
  ASSERT_TRUE(pool->TrySubmit([&, task = blocker.Task()] {
    task();
    finished = true;
  }));
  blocker.started.get_future().wait();
  std::thread drainer([&] {
    pool->Drain();
    EXPECT_TRUE(finished);
  });
  while (pool->TrySubmit([] {})) std::this_thread::yield();  // until Drain has begun
  while (pool->queued() > 0) std::this_thread::yield();
  blocker.go.set_value();
  drainer.join();
}

TEST_F(ExecutorTest, RunsWhatIsQueuedBeforeItDies) {
  std::atomic<int> ran{0};
  {
    const auto pool = Make(1, 100);
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(pool->TrySubmit([&] { ++ran; }));
  }
  EXPECT_EQ(ran, 20);
}

TEST_F(ExecutorTest, HoldsTheClockForQueuedAndRunningTasks) {
  Blocker blocker;
  const auto pool = Make(1, 10);
  ASSERT_TRUE(pool->TrySubmit(blocker.Task()));
  blocker.started.get_future().wait();
  EXPECT_EQ(clock_.work, 1);
  ASSERT_TRUE(pool->TrySubmit([] {}));
  EXPECT_EQ(clock_.work, 2);
  blocker.go.set_value();
  pool->Drain();
  EXPECT_EQ(clock_.work, 0);
}

TEST_F(ExecutorTest, StopsAnExceptionAtItsEdgeAndGoesOn) {
  std::atomic<int> ran{0};
  const auto pool = Make(1, 10);
  ASSERT_TRUE(pool->TrySubmit([] { throw std::runtime_error("library trouble"); }));
  ASSERT_TRUE(pool->TrySubmit([] { throw 7; }));
  ASSERT_TRUE(pool->TrySubmit([&] { ++ran; }));
  pool->Drain();
  EXPECT_EQ(ran, 1);
  EXPECT_EQ(clock_.work, 0);
  EXPECT_THAT(metrics_->Render(), testing::HasSubstr("tvan_executor_exceptions_total{pool=\"pool\"} 2"));
}

TEST_F(ExecutorTest, ATaskMaySubmitAnotherOne) {
  std::promise<void> inner;
  const auto pool = Make(1, 10);
  ASSERT_TRUE(pool->TrySubmit([&] { EXPECT_TRUE(pool->TrySubmit([&] { inner.set_value(); })); }));
  inner.get_future().wait();
}

}  // namespace
}  // namespace tvan
