// The turn at the line as it is told, on a clock of the test.
#include "store/redis/line_lease.h"

#include <gmock/gmock.h>

#include "tests/support/fake_clock.h"
#include "tests/support/redis_server.h"

namespace tvan {
namespace {

using Turns = std::vector<uint64_t>;

class LineLeaseTest : public testing::Test {
 protected:
  Turns Told() {
    const std::lock_guard lock(mutex);
    return told;
  }
  void ExpectTold(const Turns& turns) {
    WaitFor("what is told", [&] { return Told().size() >= turns.size(); });
    EXPECT_EQ(Told(), turns);
  }
  Steady In(int64_t us) const { return clock->SteadyNow() + Span(us); }

  const std::unique_ptr<TestClock> clock = MakeTestClock();
  std::mutex mutex;
  Turns told;        // guarded by mutex, as the next
  Steady last_at{};  // when it was told
  LineLease lease{*clock, [this](uint64_t turn) {
                    const std::lock_guard lock(mutex);
                    told.push_back(turn);
                    last_at = clock->SteadyNow();
                  }};
};

TEST_F(LineLeaseTest, TellsAtOnceThatTheLineIsNotOurs) {
  lease.Stop();
  EXPECT_EQ(told, Turns({0}));
}

TEST_F(LineLeaseTest, TellsATurnOnceHoweverOftenItIsRenewed) {
  ExpectTold({0});
  lease.Set(5, In(1000));
  ExpectTold({0, 5});
  lease.Set(5, In(2000));
  clock->AdvanceBy(Span(1500));
  lease.Set(6, In(2000));
  ExpectTold({0, 5, 6});
}

TEST_F(LineLeaseTest, EndsByItselfWhenNobodyRenewsItAndNotBefore) {
  ExpectTold({0});
  const Steady end = In(1000);
  lease.Set(5, end);
  ExpectTold({0, 5});
  clock->AdvanceBy(Span(1000));
  ExpectTold({0, 5, 0});
  EXPECT_GE(last_at, end);
  lease.Set(5, In(1000));
  ExpectTold({0, 5, 0, 5});
}

TEST_F(LineLeaseTest, DoesNotBeginWithAnAnswerThatCameTooLate) {
  ExpectTold({0});
  lease.Set(5, In(0));
  lease.Set(6, In(1000));
  ExpectTold({0, 6});
}

TEST_F(LineLeaseTest, TellsThatItIsOverBeforeItStops) {
  ExpectTold({0});
  lease.Set(5, In(1000));
  ExpectTold({0, 5});
  lease.Stop();
  EXPECT_EQ(told, Turns({0, 5, 0}));
  lease.Set(6, In(1000));
  lease.Stop();
  EXPECT_EQ(told, Turns({0, 5, 0}));
}

}  // namespace
}  // namespace tvan
