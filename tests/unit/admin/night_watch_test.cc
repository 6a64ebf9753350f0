#include <atomic>
#include <thread>

#include "gateway/admin/night_desk.h"
#include "tests/unit/admin/desk_world.h"

namespace tvan {
namespace {

using testing::ElementsAre;

class WatchedDrain : public DeskTest {
 protected:
  NightDesk::Parts Parts() {
    return {.store = *store_,
            .calendar = *calendar_,
            .dispatcher = dispatcher_,
            .line = LineId::Trusted("main"),
            .clock = *clock_,
            .drain = [this](const admin::v1::GetDrainRequest&, admin::v1::Drain& board) {
              ToProto(clock_->Now(), *board.mutable_now());
              return Status();
            }};
  }
  static bool Stays() { return false; }
  // From here on the clock waits for this thread.
  void MakeKnown() {
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    clock_->WaitUntil(never, lock, clock_->SteadyNow(), Stays);
  }
};

TEST_F(WatchedDrain, IsShownAtOnceAndThenEachTimeUntilTheReaderIsGone) {
  NightDesk night(Parts());
  admin::v1::WatchDrainRequest request;
  request.mutable_every()->set_seconds(5);
  std::vector<int64_t> seconds;
  const int64_t begin = clock_->Now().us / 1'000'000;
  std::atomic<bool> known{false};
  std::thread watcher([&] {
    MakeKnown();
    known = true;
    const auto write = [&](const admin::v1::Drain& board) {
      seconds.push_back(board.now().seconds() - begin);
      return seconds.size() < 3;
    };
    EXPECT_TRUE(night.Watch(request, write, Stays).ok());
  });
  while (!known) std::this_thread::yield();
  clock_->AdvanceBy(std::chrono::seconds(20));
  watcher.join();
  EXPECT_THAT(seconds, ElementsAre(0, 5, 10));
}

TEST_F(WatchedDrain, IsAskedForNoMoreOftenThanEachSecondAndNoSeldomerThanEachMinute) {
  NightDesk night(Parts());
  const auto once = [&](int64_t s, int32_t nanos) {
    admin::v1::WatchDrainRequest request;
    request.mutable_every()->set_seconds(s);
    request.mutable_every()->set_nanos(nanos);
    return night
        .Watch(
            request, [](const admin::v1::Drain&) { return false; }, Stays)
        .reason();
  };
  EXPECT_EQ(once(0, 999'999'000), "admin.bad_request"_reason);
  EXPECT_EQ(once(60, 1000), "admin.bad_request"_reason);
  EXPECT_EQ(once(INT64_MAX, 0), "admin.bad_request"_reason);
  EXPECT_EQ(once(1, 0), Reason());
  EXPECT_EQ(once(60, 0), Reason());
}

TEST_F(WatchedDrain, HasSixteenWatchersAtMostAndEndsThemAllAtTheStop) {
  NightDesk night(Parts());
  std::atomic<int> shown{0};
  const auto watch = [&] {
    return night.Watch(
        {}, [&](const admin::v1::Drain&) { return ++shown, true; }, Stays);
  };
  std::vector<std::thread> watchers;
  for (int i = 0; i < NightDesk::kMostWatchers; ++i) watchers.emplace_back([&] { EXPECT_TRUE(watch().ok()); });
  while (shown < NightDesk::kMostWatchers) std::this_thread::yield();
  EXPECT_EQ(watch().reason(), "admin.too_many_watchers"_reason);
  night.Stop();
  for (std::thread& watcher : watchers) watcher.join();
}

}  // namespace
}  // namespace tvan
