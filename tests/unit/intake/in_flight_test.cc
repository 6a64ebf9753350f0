// What a provider has on its way, in number and in bytes; and what it leaves unread.
#include "gateway/intake/in_flight.h"

#include <gtest/gtest.h>

#include "gateway/core/allowance.h"
#include "tests/support/fake_clock.h"

namespace tvan {
namespace {

const ProviderId kAcme = ProviderId::Trusted("acme"), kBeta = ProviderId::Trusted("beta");
using Entry = InFlight::Entry;
using Place = std::shared_ptr<InFlight::Place>;

class InFlightTest : public testing::Test {
 protected:
  std::unique_ptr<TestClock> clock_ = MakeTestClock();
  InFlight in_flight_{*clock_};
};

TEST_F(InFlightTest, BoundsTheBytesOfOneProvider) {
  const InFlight::Limits limits{100, 1000, 5000};
  Place a, b, c;
  EXPECT_EQ(in_flight_.TryEnter(kAcme, limits, 600, a), Entry::kTaken);
  EXPECT_EQ(in_flight_.TryEnter(kAcme, limits, 401, b), Entry::kProviderFull);
  EXPECT_EQ(in_flight_.TryEnter(kAcme, limits, 400, b), Entry::kTaken);
  EXPECT_EQ(in_flight_.TryEnter(kBeta, limits, 600, c), Entry::kTaken) << "another's bytes are its own";
}

TEST_F(InFlightTest, TakesOneThatIsLargerThanAllWhenItIsAlone) {
  const InFlight::Limits limits{100, 1000, 5000};
  Place a, b;
  EXPECT_EQ(in_flight_.TryEnter(kAcme, limits, 9000, a), Entry::kTaken);
  EXPECT_EQ(in_flight_.TryEnter(kAcme, limits, 1, b), Entry::kProviderFull);
}

TEST_F(InFlightTest, BoundsTheBytesOfAll) {
  const InFlight::Limits limits{100, 1000, 1500};
  Place a, b, c;
  EXPECT_EQ(in_flight_.TryEnter(kAcme, limits, 1000, a), Entry::kTaken);
  EXPECT_EQ(in_flight_.TryEnter(kBeta, limits, 501, b), Entry::kFull);
  EXPECT_EQ(in_flight_.TryEnter(kBeta, limits, 500, c), Entry::kTaken);
}

TEST_F(InFlightTest, APlaceMayBeKeptWithoutItsBytes) {
  const InFlight::Limits limits{2, 1000, 5000};
  Place a, b, c;
  ASSERT_EQ(in_flight_.TryEnter(kAcme, limits, 1000, a), Entry::kTaken);
  a->Unload();
  EXPECT_EQ(in_flight_.TryEnter(kAcme, limits, 1000, b), Entry::kTaken);
  EXPECT_EQ(in_flight_.TryEnter(kAcme, limits, 0, c), Entry::kProviderFull) << "both places are taken";
  a.reset();
  b.reset();
  EXPECT_EQ(in_flight_.TryEnter(kAcme, limits, 1000, c), Entry::kTaken);
}

TEST_F(InFlightTest, AClosedOneWaitsForOutcomesNotForTheirReaders) {
  Place a, b, c;
  ASSERT_EQ(in_flight_.TryEnter(kAcme, 2, a), Entry::kTaken);
  ASSERT_EQ(in_flight_.TryEnter(kAcme, 2, b), Entry::kTaken);
  EXPECT_EQ(in_flight_.CloseAndWait({}), 2u);
  a->Unload();  // durable, unread
  EXPECT_EQ(in_flight_.CloseAndWait({}), 1u);
  a.reset();
  EXPECT_EQ(in_flight_.CloseAndWait({}), 1u) << "counted once";
  b.reset();
  EXPECT_EQ(in_flight_.CloseAndWait({}), 0u);
  EXPECT_EQ(in_flight_.TryEnter(kAcme, 2, c), Entry::kClosed);
}

TEST(AllowanceTest, HasRoomUntilItIsUsedUpAndAgainOnceItIsGivenBack) {
  Allowance allowance(1000);
  EXPECT_TRUE(allowance.HasRoom(kAcme));
  {
    Allowance::Share one(allowance, kAcme), two(allowance, kAcme);
    one.Set(999);
    EXPECT_TRUE(allowance.HasRoom(kAcme));
    two.Set(1);
    EXPECT_FALSE(allowance.HasRoom(kAcme));
    EXPECT_TRUE(allowance.HasRoom(kBeta)) << "another's is its own";
    one.Set(500);
    EXPECT_TRUE(allowance.HasRoom(kAcme));
    one.Set(5000);
  }
  EXPECT_TRUE(allowance.HasRoom(kAcme)) << "shares that go give back what they held";
}

}  // namespace
}  // namespace tvan
