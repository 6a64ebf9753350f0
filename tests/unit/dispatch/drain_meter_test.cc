// The meter on counts that a test makes up, second by second.
#include "gateway/dispatch/drain_meter.h"

#include <gtest/gtest.h>

#include <map>

#include "gateway/dispatch/census.h"

namespace tvan {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr auto kCoded = MessageClass::kCoded;
constexpr auto kSummary = MessageClass::kSummary;
constexpr auto kRegister = MessageClass::kCashRegister;

class MeterTest : public testing::Test {
 protected:
  MeterTest() : meter(DrainMeter::Options{{0, 5, 5, 100}}) {
    line.now = {Time{1'795'200'000'000'000}, Steady{0}};
    line.sending = {kCoded, kSummary, kRegister};
    line.pace_per_s = 100;
  }
  void Tick(Span passed = seconds(1)) {
    line.now.wall = line.now.wall + passed;
    line.now.steady = line.now.steady + passed;
    meter.Take(Counted(), census, line);
  }
  void Come(MessageClass cls, int64_t messages) { queued[cls] += messages; }
  void Go(MessageClass cls, int64_t messages, const Status& outcome = {}) {
    MessageMeta meta;
    meta.cls = cls;
    for (int64_t i = 0; i < messages; ++i) meter.Ended(meta, outcome);
    queued[cls] -= outcome.ok() || outcome.is_in_doubt() ? messages : 0;
    un_999d += outcome.ok() ? messages : 0;
  }
  Measures Counted() const {
    Measures measures;
    uint64_t all = 0;
    for (const auto& [cls, n] : queued) {
      if (n > 0) measures.queues.push_back({{ProviderId::Trusted("acme"), cls}, static_cast<uint64_t>(n), 0, since});
      all += static_cast<uint64_t>(n);
    }
    measures.stages = {{Stage::kQueued, all}, {Stage::kSent, un_999d}};
    measures.undelivered = {{ProviderId::Trusted("acme"), undelivered}};
    return measures;
  }
  const DrainRates& rates() const { return *meter.rates(); }
  DrainRates::Class Rates(MessageClass cls) const {
    for (const DrainRates::Class& c : rates().classes)
      if (c.cls == cls) return c;
    return {};
  }

  DrainMeter meter;
  DrainMeter::Line line;
  Census census;
  std::map<MessageClass, int64_t> queued;
  uint64_t un_999d = 0, undelivered = 0;
  Time since{1'795'190'000'000'000};
};

TEST_F(MeterTest, KnowsWhatComesAndGoesOfEachClass) {
  Come(kCoded, 10'000);
  Tick();
  EXPECT_FALSE(rates().known());
  for (int i = 0; i < 120; ++i) {
    Come(kCoded, 12);
    Come(kSummary, 3);
    Go(kCoded, 40);
    un_999d -= 38;
    Tick();
  }
  EXPECT_TRUE(rates().known());
  EXPECT_DOUBLE_EQ(Rates(kCoded).arriving_per_s, 12);
  EXPECT_DOUBLE_EQ(Rates(kCoded).sending_per_s, 40);
  EXPECT_EQ(Rates(kCoded).waiting, 10'000U - 120 * 28);
  EXPECT_DOUBLE_EQ(Rates(kSummary).arriving_per_s, 3);
  EXPECT_DOUBLE_EQ(Rates(kSummary).sending_per_s, 0);
  EXPECT_DOUBLE_EQ(rates().arriving_per_s, 15);
  EXPECT_DOUBLE_EQ(rates().acknowledging_per_s, 38);
}

TEST_F(MeterTest, AFewMessagesAreMeasuredOverALongerTimeThanMany) {
  Tick();
  for (int i = 0; i < 290; ++i) {
    Come(kCoded, i % 29 == 0 ? 1 : 0);
    Tick();
  }
  EXPECT_NEAR(Rates(kCoded).arriving_per_s, 10.0 / 290, 1e-9);
  for (int i = 0; i < 70; ++i) {
    Come(kCoded, 20);
    Tick();
  }
  EXPECT_DOUBLE_EQ(Rates(kCoded).arriving_per_s, 20) << "what was long ago is forgotten";
  EXPECT_EQ(rates().measured, minutes(1));
}

TEST_F(MeterTest, WhatTheLineRefusedHasNotLeftAndWhatIsInDoubtHas) {
  Come(kCoded, 1000);
  Tick();
  for (int i = 0; i < 20; ++i) {
    Go(kCoded, 5, Status::Transient("line.busy"_reason, "later"));
    Go(kCoded, 2, Status::InDoubt("line.cut"_reason, "cut"));
    Tick();
  }
  EXPECT_DOUBLE_EQ(Rates(kCoded).arriving_per_s, 0) << "nothing came";
  EXPECT_DOUBLE_EQ(Rates(kCoded).sending_per_s, 0) << "nothing was taken";
}

TEST_F(MeterTest, WhatWaitsInDoubtIsStillToSend) {
  census.rows.push_back({StandingKind::kInDoubt, kSummary, "", 7, since, since});
  census.rows.push_back({StandingKind::kUn999d, kSummary, "", 9, since, since});
  Come(kSummary, 3);
  Tick();
  EXPECT_EQ(Rates(kSummary).waiting, 10U);
}

TEST_F(MeterTest, TheClassWhoseOldestIsDueFirstStandsFirst) {
  Come(kCoded, 5);
  Come(kSummary, 5);
  Tick();
  ASSERT_EQ(rates().classes.size(), 6U) << "every class that is queued at all";
  EXPECT_EQ(rates().classes[0].cls, kRegister) << "due today";
  EXPECT_EQ(rates().classes[1].cls, kCoded);
  since = line.now.wall - std::chrono::hours(24 * 9);
  queued.erase(kCoded);
  Tick();
  EXPECT_EQ(rates().classes[0].cls, kSummary) << "it is late";
}

TEST_F(MeterTest, ALineSlowerThanItsPaceIsWhatTheForecastReliesOnAlsoAfterAStop) {
  Come(kCoded, 100'000);
  Tick();
  for (int i = 0; i < 60; ++i) Go(kCoded, 30), Tick();
  EXPECT_DOUBLE_EQ(rates().pace.max_per_s, 30);
  EXPECT_DOUBLE_EQ(rates().pace.now_per_s, 30);
  line.sending.clear();
  for (int i = 0; i < 600; ++i) Come(kCoded, 1), Tick();
  EXPECT_DOUBLE_EQ(rates().pace.max_per_s, 30);
  line.sending = {kCoded};
  for (int i = 0; i < 120; ++i) Go(kCoded, 100), Tick();
  EXPECT_DOUBLE_EQ(rates().pace.max_per_s, 100) << "it took more";
}

TEST_F(MeterTest, ALineThatKeepsItsPaceOrHasNothingToDoIsNotSlow) {
  Come(kCoded, 100'000);
  Tick();
  for (int i = 0; i < 60; ++i) Go(kCoded, 95), Tick();
  EXPECT_DOUBLE_EQ(rates().pace.max_per_s, 100);
  queued.clear();
  for (int i = 0; i < 120; ++i) Come(kCoded, 3), Go(kCoded, 3), Tick();
  EXPECT_DOUBLE_EQ(rates().pace.max_per_s, 100) << "nothing waited";
}

TEST_F(MeterTest, WhatMayNotBeSentDoesNotMakeTheLineSlow) {
  line.sending = {kSummary};
  Come(kCoded, 100'000);
  Tick();
  for (int i = 0; i < 60; ++i) Come(kSummary, 3), Go(kSummary, 3), Tick();
  EXPECT_DOUBLE_EQ(rates().pace.max_per_s, 100) << "coded is closed";
  line.sending = {kCoded, kSummary};
  line.waiting_for_parent = 100'000;
  for (int i = 0; i < 60; ++i) Go(kCoded, 1), Tick();
  EXPECT_DOUBLE_EQ(rates().pace.max_per_s, 100) << "they wait for an earlier message";
  line.waiting_for_parent = 0;
  line.well = false;
  for (int i = 0; i < 60; ++i) Go(kCoded, 1), Tick();
  EXPECT_DOUBLE_EQ(rates().pace.max_per_s, 100) << "it is down";
  line.well = true;
  for (int i = 0; i < 60; ++i) Go(kCoded, 20), Tick();
  EXPECT_DOUBLE_EQ(rates().pace.max_per_s, 20);
}

TEST_F(MeterTest, TheTrendIsOfTheLastMinute) {
  Come(kCoded, 5000);
  Tick();
  for (int i = 0; i < 200; ++i) {
    Go(kCoded, i < 100 ? 1 : 3);
    ++undelivered;
    Tick();
  }
  const Zeros fresh = ZerosOf(Counted(), line.now.wall);
  EXPECT_DOUBLE_EQ(PerMinute(rates(), &Zeros::to_send, fresh), -180);
  EXPECT_DOUBLE_EQ(PerMinute(rates(), &Zeros::un_999d, fresh), 180);
  EXPECT_DOUBLE_EQ(PerMinute(rates(), &Zeros::undelivered, fresh), 60);
}

TEST_F(MeterTest, AfterARestTheTrendIsSinceWhatWasSeenLast) {
  for (int i = 0; i < 100; ++i) ++undelivered, Tick();
  Zeros fresh = ZerosOf(Counted(), line.now.wall + minutes(10));
  fresh.undelivered -= 50;
  EXPECT_DOUBLE_EQ(PerMinute(rates(), &Zeros::undelivered, fresh), -5);
  EXPECT_DOUBLE_EQ(PerMinute(DrainRates(), &Zeros::undelivered, fresh), 0) << "nothing was seen";
}

TEST_F(MeterTest, AStretchWithoutMeasuresIsMeasuredAsAWhole) {
  Tick();
  Come(kCoded, 600);
  Tick(minutes(10));
  EXPECT_DOUBLE_EQ(Rates(kCoded).arriving_per_s, 1);
  Come(kCoded, 50);
  meter.Take(Counted(), census, line);  // no time has passed
  EXPECT_DOUBLE_EQ(Rates(kCoded).arriving_per_s, 1);
  Tick();
  EXPECT_NEAR(Rates(kCoded).arriving_per_s, 650.0 / 601, 1e-9) << "nothing is lost";
}

TEST_F(MeterTest, WhatWasSentIsCountedFromTheBeginOfADrainAndOfACatchUp) {
  Come(kCoded, 1000);
  Tick();
  Go(kCoded, 10), Tick();
  EXPECT_EQ(rates().sent, 10U);
  line.draining = true;
  Tick();
  const Time drain = line.now.wall;
  Go(kCoded, 20), Tick();
  Go(kCoded, 5), Tick();
  EXPECT_EQ(rates().sent, 25U);
  EXPECT_EQ(rates().began, drain);
  line.sending.clear();
  Tick();
  EXPECT_EQ(rates().sent, 25U) << "the board stands still through the stop";
  line.sending = {kCoded};
  line.draining = false;
  Tick();
  Go(kCoded, 3), Tick();
  EXPECT_EQ(rates().sent, 3U);
}

MessageMeta Met(Stage stage, const char* provider, MessageClass cls, Time stage_since) {
  MessageMeta meta;
  meta.key.provider = ProviderId::Trusted(provider);
  meta.stage = stage;
  meta.cls = cls;
  meta.accepted_at = meta.stage_since = stage_since;
  return meta;
}

TEST(DrainCensus, CountsWhoWaitsForA999AndUntilWhenAnswersAreDue) {
  const auto metrics = Metrics::Make();
  CensusTaker taker(*metrics);
  const Time friday = *ParseTime("2026-11-20T23:40:10");
  taker.Begin(Stage::kSent);
  for (const char* provider : {"acme", "beta", "acme"})
    taker.Count(Met(Stage::kSent, provider, kCoded, friday), {StandingKind::kUn999d});
  taker.End(Stage::kSent);
  taker.Begin(Stage::kAcknowledged);
  for (const MessageClass cls : {kRegister, kRegister, kCoded, MessageClass::kErrorNotice, kSummary})
    taker.Count(Met(Stage::kAcknowledged, "acme", cls, friday), {StandingKind::kOnly999});
  taker.End(Stage::kAcknowledged);
  taker.Publish(friday);
  using Provider = std::pair<ProviderId, uint64_t>;
  EXPECT_EQ(taker.census()->un_999d,
            (std::vector<Provider>{{ProviderId::Trusted("acme"), 2}, {ProviderId::Trusted("beta"), 1}}));
  using Due = std::pair<Time, uint64_t>;
  EXPECT_EQ(taker.census()->answers_due, (std::vector<Due>{{*ParseTime("2026-11-20T23:56:00"), 3},
                                                           {*ParseDate("2026-11-24"), 1},  // the end of Monday
                                                           {kForever, 1}}));
}

}  // namespace
}  // namespace tvan
