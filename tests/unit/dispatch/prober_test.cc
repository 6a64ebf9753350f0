// A probe that was decided upon looks at the windows once more before its first byte.
#include "gateway/dispatch/prober.h"

#include "tests/unit/dispatch/phases_world.h"

namespace tvan {
namespace {

class ProberTest : public PhasesWorld {
 protected:
  // Decided while nothing forbade it.
  Status Probe() {
    const bool begun = prober.Begin(parts.Now(), {.allowed = true, .verifying_since = {}, .tries_again = true});
    EXPECT_TRUE(begun);
    clock->Settle();
    return prober.Take().value();
  }
  DispatchParts parts{options, *store, *calendar, contracts, authority, search, digester, *clock, *metrics, {}};
  Prober prober{parts, [] {}};
};

TEST_F(ProberTest, AWindowThatCameMeanwhileStopsItAndNoByteLeaves) {
  EXPECT_TRUE(Probe().ok());
  Close(Span(0), minutes(30));
  EXPECT_EQ(Probe().reason(), "dispatch.closed"_reason);
  EXPECT_EQ(authority.probes(), 1U);
  EXPECT_FALSE(prober.newest()->green);
  clock->AdvanceBy(minutes(30));
  EXPECT_TRUE(Probe().ok());
}

TEST_F(ProberTest, AStopThatIsSoNearThatItsBytesCouldBeLateStopsItToo) {
  Close(rules.stop_margin, minutes(30));
  EXPECT_EQ(Probe().reason(), "dispatch.closed"_reason);
  EXPECT_EQ(authority.probes(), 0U);
}

TEST_F(ProberTest, AStopThatIsFarOrOfSomeClassesStopsNoProbe) {
  Close(minutes(5), minutes(30));
  EXPECT_TRUE(Probe().ok());
  Close(Span(0), minutes(1), {MessageClass::kCoded, MessageClass::kSummary});
  EXPECT_TRUE(Probe().ok());
  EXPECT_EQ(authority.probes(), 2U);
}

TEST_F(ProberTest, AClockThatRanAheadAndWasPutRightIsStillAheadOfTheWindowsForIt) {
  Close(minutes(30), minutes(30));
  parts.latest->Of(clock->Now() + minutes(40));
  EXPECT_EQ(Probe().reason(), "dispatch.closed"_reason);
  EXPECT_EQ(authority.probes(), 0U);
}

}  // namespace
}  // namespace tvan
