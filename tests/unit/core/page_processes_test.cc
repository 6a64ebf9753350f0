// The clock page with real processes: each test forks children that open the page by its path.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <functional>

#include "gateway/core/clock.h"
#include "gateway/core/clock_page.h"
#include "gateway/core/clock_page_layout.h"
#include "tests/unit/core/temp_folder.h"

namespace tvan {
namespace {

using testing::HasSubstr;

constexpr Span kSecond{1'000'000};
constexpr Span kPatience{20'000'000};
constexpr Span kLittlePatience{150'000};

struct Pipe {
  std::array<int, 2> fds{};
  Pipe() { EXPECT_EQ(pipe(fds.data()), 0); }
  ~Pipe() {
    close(fds[0]);
    close(fds[1]);
  }
  void Write(char c) const { EXPECT_EQ(write(fds[1], &c, 1), 1); }
  char Read() const {
    char c = 0;
    EXPECT_EQ(read(fds[0], &c, 1), 1);
    return c;
  }
};

class Child {
 public:
  explicit Child(const std::function<void()>& body) : pid_(fork()) {
    if (pid_ != 0) return;
    body();
    _exit(testing::Test::HasFailure() ? 1 : 0);
  }
  ~Child() {
    Kill();
    Reap();
  }
  void Kill() const {
    if (pid_ > 0) kill(pid_, SIGKILL);
  }
  int Reap() {
    int status = 0;
    if (pid_ > 0) waitpid(pid_, &status, 0);
    pid_ = -1;
    return status;
  }
  int pid() const { return pid_; }

 private:
  int pid_;
};

class PageProcesses : public testing::Test {
 protected:
  Status Advance(Span span, Span patience = kPatience) {
    return driver_->AdvanceTo(driver_->Now() + span, Span(2'000), patience);
  }
  std::unique_ptr<Clock> Open() const { return std::move(*MakePageClock(path_)); }
  int SlotsTaken() const {
    const auto page = std::move(*MapClockPage(path_));
    int taken = 0;
    for (const ClockSlot& slot : page->slots) taken += slot.owner != 0;
    return taken;
  }

  TempFolder folder_;
  std::string path_ = folder_.File("page");
  std::unique_ptr<ClockDriver> driver_ = std::move(*ClockDriver::Create(path_, Time{0}));
  Pipe events_, orders_, ended_;
};

TEST_F(PageProcesses, TimersOfTwoProcessesRunInOrderOfTime) {
  const auto body = [this](char name, Span first) {
    const auto clock = Open();
    const Steady zero = clock->SteadyNow();
    for (int i = 0; i < 10; ++i) clock->RunAt(zero + first + 2 * i * kSecond, [this, name] { events_.Write(name); });
    ended_.Write('o');
    orders_.Read();
  };
  Child a([&] { body('a', kSecond); });
  Child b([&] { body('b', 2 * kSecond); });
  ended_.Read(), ended_.Read();
  ASSERT_TRUE(Advance(60 * kSecond).ok());
  std::string order;
  for (int i = 0; i < 20; ++i) order += events_.Read();
  EXPECT_EQ(order, "abababababababababab");
  orders_.Write('q'), orders_.Write('q');
  EXPECT_EQ(a.Reap(), 0);
  EXPECT_EQ(b.Reap(), 0);
  EXPECT_EQ(SlotsTaken(), 0);
}

TEST_F(PageProcesses, ABusyProcessHoldsTimeForAll) {
  Child busy([&] {
    const auto clock = Open();
    const WorkScope work(*clock);
    events_.Write('r');
    orders_.Read();
  });
  Child other([&] {
    const auto clock = Open();
    clock->RunAt(clock->SteadyNow() + kSecond, [&] { ended_.Write('t'); });
    events_.Write('r');
    ended_.Read();
  });
  events_.Read(), events_.Read();
  const Status stuck = Advance(2 * kSecond, kLittlePatience);
  EXPECT_EQ(stuck.reason().text(), "clock.stuck");
  EXPECT_THAT(stuck.message(), HasSubstr("pid " + std::to_string(busy.pid())));
  EXPECT_THAT(stuck.message(), testing::Not(HasSubstr("pid " + std::to_string(other.pid()))));
  EXPECT_EQ(driver_->Now(), Time{0});
  orders_.Write('q');
  EXPECT_EQ(busy.Reap(), 0);
  EXPECT_TRUE(Advance(2 * kSecond).ok());
  EXPECT_EQ(other.Reap(), 0);
}

TEST_F(PageProcesses, AProcessKilledWhileItWaitsIsForgotten) {
  Child waiting([&] {
    const auto clock = Open();
    std::mutex mutex;
    std::condition_variable cv;
    std::unique_lock lock(mutex);
    clock->RunAt(clock->SteadyNow() + kSecond, [&] { events_.Write('t'); });
    clock->WaitUntil(cv, lock, clock->SteadyNow() + 10 * kSecond, [] { return false; });
  });
  while (SlotsTaken() == 0) ASSERT_TRUE(Advance(Span(0)).ok());
  ASSERT_TRUE(Advance(5 * kSecond).ok());
  events_.Read();
  waiting.Kill();  // not reaped: a zombie still has a pid
  EXPECT_TRUE(Advance(10 * kSecond).ok());
  EXPECT_EQ(SlotsTaken(), 0);
}

TEST_F(PageProcesses, AProcessKilledWhileBusyIsForgotten) {
  Child busy([&] {
    const auto clock = Open();
    const WorkScope work(*clock);
    events_.Write('r');
    orders_.Read();
  });
  events_.Read();
  ASSERT_EQ(Advance(kSecond, kLittlePatience).reason().text(), "clock.stuck");
  busy.Kill();
  EXPECT_TRUE(Advance(kSecond).ok());
  EXPECT_EQ(SlotsTaken(), 0);
  const auto next = Open();  // takes the same slot, without the dead process's work
  EXPECT_TRUE(Advance(kSecond).ok());
}

TEST_F(PageProcesses, ASlotOfAReusedPidIsNotTakenForAlive) {
  const auto page = std::move(*MapClockPage(path_));
  const uint64_t self = OwnerWord(getpid());
  ASSERT_NE(static_cast<uint32_t>(self), 0u);
  page->slots[0].owner = self ^ 1;  // this pid, started at another time
  page->slots[0].busy = 1;
  EXPECT_TRUE(Advance(kSecond).ok());
  EXPECT_EQ(page->slots[0].owner, 0u);
  page->slots[0].owner = self;
  page->slots[0].busy = 1;
  EXPECT_EQ(Advance(kSecond, kLittlePatience).reason().text(), "clock.stuck");
}

TEST_F(PageProcesses, ARestartedProcessSeesTheSameTime) {
  for (int round = 0; round < 3; ++round) {
    Child child([&] {
      const auto clock = Open();
      events_.Write(static_cast<char>(clock->Now().us / kSecond.count()));
      orders_.Read();
    });
    EXPECT_EQ(events_.Read(), round);
    child.Kill();
    ASSERT_TRUE(Advance(kSecond).ok());
  }
}

}  // namespace
}  // namespace tvan
