// What is pure about a line that does badly: its breaker, whose fault it is, and our clock against the authority's.
#include <gtest/gtest.h>

#include "gateway/core/log.h"
#include "gateway/dispatch/clock_watch.h"
#include "gateway/dispatch/fault_classifier.h"
#include "gateway/dispatch/last_call.h"
#include "gateway/dispatch/line_health.h"

namespace tvan {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

Instant After(int64_t s) { return {Time{} + seconds(s), Steady{} + seconds(s)}; }
Time Wall(int64_t s) { return After(s).wall; }
const ProviderId kAcme = ProviderId::Trusted("acme"), kBeta = ProviderId::Trusted("beta");

Status Connect() { return Status::Transient("line.connect"_reason, "refused"); }
Status Html() { return Status::InDoubt("line.bad_gateway"_reason, "HTTP 502"); }
Status Cut() { return Status::InDoubt("line.cut"_reason, "cut"); }

// One request a second: `failing` of each three fail, never three in a row.
bool GoesDown(int failing, int64_t requests) {
  LineHealth health({}, {});
  for (int64_t i = 0; i < requests; ++i) {
    if (i % 3 < failing ? health.Failed(After(i), "x") : health.Succeeded(After(i))) return true;
  }
  return false;
}

TEST(Breaker, ALineThatTakesSomeAndFailsMostGoesDownByItsCohorts) {
  EXPECT_TRUE(GoesDown(2, 100));
  EXPECT_FALSE(GoesDown(1, 100));
}

TEST(Breaker, OneBadMomentIsNoCohortOfThree) {
  LineHealth health({}, {});
  int64_t s = 0;
  for (int i = 0; i < 5; ++i) {  // most of a cohort fails, then a good one
    for (int k = 0; k < 8; ++k, ++s)
      EXPECT_FALSE(k % 3 == 2 ? health.Succeeded(After(s)) : health.Failed(After(s), "x"));
    for (int k = 0; k < 8; ++k, ++s) EXPECT_FALSE(health.Succeeded(After(s)));
  }
}

TEST(Breaker, NothingTakenInThreeRequestsNeedsNoCohort) {
  LineHealth health({}, {});
  EXPECT_FALSE(health.Failed(After(0), "x"));
  EXPECT_FALSE(health.Failed(After(1), "x"));
  EXPECT_TRUE(health.Failed(After(2), "x"));
}

TEST(Fault, EachFailurePointsSomewhere) {
  EXPECT_EQ(FaultOf(Connect()), FaultClass::kLine);
  EXPECT_EQ(FaultOf(Cut()), FaultClass::kLine);
  EXPECT_EQ(FaultOf(Html()), FaultClass::kAuthority);
  EXPECT_EQ(FaultOf(Status::InDoubt("line.timeout"_reason, "60 s")), FaultClass::kAuthority);
  EXPECT_EQ(FaultOf(Status::Transient("line.refused"_reason, "Busy")), FaultClass::kAuthority);
  EXPECT_EQ(FaultOf(Status::Permanent("line.refused"_reason, "no such client")), FaultClass::kOwn);
  EXPECT_EQ(FaultOf(Status::Transient("store.io"_reason, "disk")), FaultClass::kOwn);
  EXPECT_EQ(FaultOf(Status::Transient("line.not_after"_reason, "late")), FaultClass::kNone);
}

TEST(Fault, TheMostFreshEvidenceDecidesAndATakenMessageEndsIt) {
  FaultClassifier faults;
  EXPECT_EQ(faults.Decide(Wall(100)), FaultClass::kNone);
  faults.Failed(Wall(100), Html());
  faults.Failed(Wall(101), Html());
  faults.Failed(Wall(102), Connect());
  EXPECT_EQ(faults.Decide(Wall(103)), FaultClass::kAuthority);
  faults.Failed(Wall(104), Connect());
  EXPECT_EQ(faults.Decide(Wall(105)), FaultClass::kLine) << "a tie goes to the newer";
  faults.Taken(Wall(106), kAcme);
  EXPECT_EQ(faults.Decide(Wall(107)), FaultClass::kNone);
  faults.Failed(Wall(108), Html());
  EXPECT_EQ(faults.Decide(Wall(109)), FaultClass::kAuthority);
  EXPECT_EQ(faults.Decide(Wall(109) + minutes(15)), FaultClass::kNone) << "it is old by then";
}

TEST(Fault, ASystemCodeIsTheAuthoritysUntilTheLineIsVerified) {
  FaultClassifier faults;
  faults.Taken(Wall(1), kAcme);
  faults.SystemCode(Wall(2), "2006");
  EXPECT_EQ(faults.Decide(Wall(3)), FaultClass::kAuthority);
  faults.Well(Wall(4));
  EXPECT_EQ(faults.Decide(Wall(5)), FaultClass::kNone);
}

TEST(Fault, OneProvidersMessagesFailWhileOthersPass) {
  for (const bool others_pass : {true, false}) {
    FaultClassifier faults;
    faults.Failed(Wall(10), Cut(), kAcme);
    if (others_pass) faults.Taken(Wall(11), kBeta);
    faults.Failed(Wall(12), Cut(), kAcme);
    EXPECT_EQ(faults.Decide(Wall(13)), others_pass ? FaultClass::kOneProvider : FaultClass::kLine);
  }
}

TEST(Fault, TwoProvidersMessagesFailThatIsNobodysOwn) {
  for (const bool both : {false, true}) {
    FaultClassifier faults;
    const Status refused = Status::Permanent("line.refused"_reason, "TOO_LARGE");
    faults.Taken(Wall(10), kBeta);
    faults.MessageRefused(Wall(10), kAcme, refused);
    faults.Taken(Wall(11), kBeta);
    faults.MessageRefused(Wall(11), both ? kBeta : kAcme, refused);
    EXPECT_EQ(faults.Decide(Wall(12)), both ? FaultClass::kNone : FaultClass::kOneProvider);
  }
}

TEST(Fault, KeepsTheNewestSixteen) {
  FaultClassifier faults;
  for (int i = 0; i < 100; ++i) faults.Failed(Wall(i), Status::InDoubt("line.cut"_reason, std::string(1000, 'x')));
  EXPECT_EQ(faults.evidence().size(), 16U);
  EXPECT_EQ(faults.evidence().back().at, Wall(99));
  EXPECT_LE(faults.evidence().back().text.size(), 300U);
}

TEST(Offset, OnlyWhatTheHeaderAndTheRoundTripCannotExplainCounts) {
  const Time ended = Wall(1000);
  const auto offset = [&](Span theirs_before_ours, Span round_trip) {
    return ProvenOffset({ended - theirs_before_ours, round_trip, ""}, ended);
  };
  EXPECT_EQ(offset(Span(0), Span(0)), Span(0));
  EXPECT_EQ(offset(milliseconds(999), Span(0)), Span(0)) << "whole seconds";
  EXPECT_EQ(offset(milliseconds(1500), Span(0)), Span(milliseconds(500)));
  EXPECT_EQ(offset(seconds(50), seconds(59)), Span(0)) << "a slow answer proves little";
  EXPECT_EQ(offset(-seconds(3), seconds(59)), -Span(seconds(3))) << "but nothing is written after it came";
}

TEST(Offset, AlarmsAndClosesByTheRules) {
  SetLogLevel(LogLevel::kError);
  const auto metrics = Metrics::Make();
  const PhaseRules rules;
  ClockWatch watch(rules, LineId::Trusted("main"), *metrics);
  watch.Take({Time{}, Span(0), ""}, Wall(1000));
  EXPECT_FALSE(watch.offset()) << "no Date, no word";
  watch.Take({Wall(1000 + 30), Span(0), ""}, Wall(1000));
  EXPECT_FALSE(watch.off());
  watch.Take({Wall(1000 + 31), Span(0), ""}, Wall(1000));
  EXPECT_TRUE(watch.off());
  watch.Take({Time{}, Span(0), ""}, Wall(1001));
  EXPECT_TRUE(watch.off()) << "until it is seen to be fine";
  watch.Take({Wall(1002), Span(0), ""}, Wall(1002));
  EXPECT_FALSE(watch.off());
}

TEST(Percentile, OfAHundredItIsTheNinetyFifth) {
  std::deque<Span> samples;
  for (int i = 100; i > 0; --i) samples.push_back(seconds(i));
  EXPECT_EQ(Percentile95(samples), Span(seconds(95)));
  EXPECT_EQ(Percentile95({Span(seconds(7))}), Span(seconds(7)));
}

}  // namespace
}  // namespace tvan
