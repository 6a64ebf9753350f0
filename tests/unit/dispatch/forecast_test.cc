#include "gateway/dispatch/forecast.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace tvan {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Time kNow{1'795'200'000'000'000};
constexpr Pace Steadily(double per_s) { return {per_s, 5, 0, per_s}; }

Flow Of(MessageClass cls, double waiting, double arriving, Time last_call = kForever) {
  return {cls, waiting, arriving, std::nullopt, last_call};
}

double SecondsTo(std::optional<Time> at) { return at ? static_cast<double>((*at - kNow).count()) / 1e6 : -1; }

TEST(Forecast, ABacklogIsGoneWhenTheLineHasTakenItAndWhatCameMeanwhile) {
  const Outlook outlook = ForecastOf({Of(MessageClass::kCoded, 800, 20)}, Steadily(100), kNow);
  EXPECT_NEAR(SecondsTo(outlook.empty_at), 10, 0.01);
  EXPECT_EQ(outlook.short_by, 0U);
}

TEST(Forecast, NothingWaitsNowIsEmptyNow) {
  const Outlook outlook = ForecastOf({Of(MessageClass::kCoded, 0, 20)}, Steadily(100), kNow);
  EXPECT_EQ(outlook.empty_at, kNow);
  EXPECT_EQ(outlook.classes[0].empty_at, kNow);
}

TEST(Forecast, NothingWaitsNowAndMoreComesThanLeavesIsNotEmpty) {
  EXPECT_FALSE(ForecastOf({Of(MessageClass::kCoded, 0, 120)}, Steadily(100), kNow).empty_at);
}

TEST(Forecast, WhatComesFasterThanItLeavesIsNeverEmptyAndShortAtTheStop) {
  const Outlook outlook = ForecastOf({Of(MessageClass::kCoded, 100, 30, kNow + seconds(60))}, Steadily(20), kNow);
  EXPECT_FALSE(outlook.empty_at);
  EXPECT_EQ(outlook.short_by, 700U);
  EXPECT_FALSE(ForecastOf({Of(MessageClass::kCoded, 100, 30)}, Steadily(20), kNow).empty_at) << "without a stop too";
}

TEST(Forecast, IsShortByWhatItCannotSendBeforeTheLastCall) {
  const auto at = [](Span stop) {
    return ForecastOf({Of(MessageClass::kCoded, 1000, 0, kNow + stop)}, Steadily(100), kNow);
  };
  EXPECT_EQ(at(seconds(4)).short_by, 600U);
  EXPECT_FALSE(at(seconds(4)).empty_at);
  EXPECT_EQ(at(seconds(11)).short_by, 0U);
  EXPECT_EQ(at(Span(0)).short_by, 1000U);
}

TEST(Forecast, TheFirstClassGoesFirstAndTheNextHasWhatItLeaves) {
  const Outlook outlook =
      ForecastOf({Of(MessageClass::kCashRegister, 500, 50), Of(MessageClass::kSummary, 100, 10)}, Steadily(100), kNow);
  EXPECT_NEAR(SecondsTo(outlook.classes[0].empty_at), 10, 0.01);  // 500 / (100 - 50)
  EXPECT_NEAR(SecondsTo(outlook.classes[1].empty_at), 15, 0.01);  // 200 by then, / (50 - 10)
  EXPECT_NEAR(SecondsTo(outlook.empty_at), 15, 0.01);
}

TEST(Forecast, PausingAClassHelpsThoseBehindIt) {
  const std::vector<Flow> flows = {Of(MessageClass::kCashRegister, 0, 60, kNow + seconds(100)),
                                   Of(MessageClass::kSummary, 5000, 0, kNow + seconds(100))};
  EXPECT_EQ(ForecastOf(flows, Steadily(100), kNow).short_by, 1000U);
  EXPECT_EQ(ForecastOf(Paused(flows, {MessageClass::kCashRegister}), Steadily(100), kNow).short_by, 0U);
  EXPECT_EQ(ForecastOf(Paused(flows, {MessageClass::kSummary}), Steadily(100), kNow).short_by, 1000U);
}

TEST(Forecast, ARampGrowsInAStraightLineUpToItsMaximum) {
  // 5, 10 … 50 a second in 9 s: 247.5 messages; then 50 a second.
  const Outlook outlook = ForecastOf({Of(MessageClass::kCoded, 747.5, 0)}, {5, 5, 5, 50}, kNow);
  EXPECT_NEAR(SecondsTo(outlook.empty_at), 19, 0.01);
}

TEST(Forecast, AfterAStopTheCatchUpBeginsWithTheStartRateAndWhatCameMeanwhile) {
  Flow flow = Of(MessageClass::kCoded, 97.5, 1);
  flow.opens = kNow + seconds(100);
  const Outlook outlook = ForecastOf({flow}, {5000, 5, 5, 5000}, kNow);
  // 197.5 wait then: 197.5 + t = 5t + 2.5t²
  EXPECT_NEAR(SecondsTo(outlook.empty_at), 100 + (-4 + std::sqrt(16 + 4 * 2.5 * 197.5)) / 5, 0.01);
}

TEST(Forecast, OneClassThatStaysClosedLetsTheOthersBecomeEmptyByThemselves) {
  Flow closed = Of(MessageClass::kCoded, 10, 1);
  closed.opens = kForever;
  const Outlook outlook = ForecastOf({closed, Of(MessageClass::kSummary, 100, 0)}, Steadily(10), kNow);
  EXPECT_FALSE(outlook.classes[0].empty_at);
  EXPECT_NEAR(SecondsTo(outlook.classes[1].empty_at), 10, 0.01);
  EXPECT_FALSE(outlook.empty_at);
}

TEST(Forecast, IsNotAskedForMoreThanAWeek) {
  EXPECT_TRUE(ForecastOf({Of(MessageClass::kCoded, 6 * 86'400, 0)}, Steadily(1), kNow).empty_at);
  EXPECT_FALSE(ForecastOf({Of(MessageClass::kCoded, 8 * 86'400, 0)}, Steadily(1), kNow).empty_at);
  EXPECT_FALSE(ForecastOf({Of(MessageClass::kCoded, 1, 0)}, Pace(), kNow).empty_at) << "a line without a pace";
  EXPECT_EQ(ForecastOf({}, Steadily(1), kNow).empty_at, kNow);
}

// The same rules, in steps of a fiftieth of a second.
class StepByStep {
 public:
  StepByStep(std::vector<Flow> flows, const Pace& pace) : flows_(std::move(flows)), pace_(pace), rate_(pace.now_per_s) {
    short_by_.resize(flows_.size(), 0);
    was_open_.resize(flows_.size(), true);
    for (size_t i = 0; i < flows_.size(); ++i) was_open_[i] = !flows_[i].opens;
  }
  void Run(double until) {
    while (at_ < until && empty_at_ < 0) Step();
  }
  double Waiting() const {
    double sum = 0;
    for (const Flow& flow : flows_) sum += flow.waiting;
    return sum;
  }
  double empty_at() const { return empty_at_; }
  double short_by() const {
    double sum = 0;
    for (const double s : short_by_) sum += s;
    return sum;
  }

 private:
  static constexpr double kStep = 0.02;
  static double At(Time t) { return t == kForever ? 1e18 : static_cast<double>((t - kNow).count()) / 1e6; }

  void Step() {
    double take = 0;
    for (size_t i = 0; i < flows_.size(); ++i) {
      if (!was_open_[i] && At(*flows_[i].opens) <= at_) was_open_[i] = true, rate_ = pace_.start_per_s;
      const double left = At(flows_[i].last_call) - at_;
      if (left > 0 && left <= kStep) short_by_[i] = flows_[i].waiting;
    }
    take = rate_ * kStep;
    bool empty = true;
    for (size_t i = 0; i < flows_.size(); ++i) {
      Flow& flow = flows_[i];
      flow.waiting += flow.arriving_per_s * kStep;
      const bool open = was_open_[i] && at_ < At(flow.last_call);
      const double goes = open ? std::min(take, flow.waiting) : 0;
      take -= goes;
      flow.waiting -= goes;
      empty = empty && flow.waiting <= 1e-9;
    }
    at_ += kStep;
    if (empty) empty_at_ = at_;
    rate_ = std::min(pace_.max_per_s, rate_ + pace_.growth_per_s * kStep);
  }

  std::vector<Flow> flows_;
  const Pace pace_;
  double rate_, at_ = 0, empty_at_ = -1;
  std::vector<double> short_by_;
  std::vector<bool> was_open_;
};

std::vector<Flow> RandomFlows(std::mt19937& random, Time stop) {
  const auto draw = [&random](double most) { return std::uniform_real_distribution<>(0, most)(random); };
  const bool after_a_stop = random() % 3 == 0;
  std::vector<Flow> flows;
  for (const MessageClass cls : {MessageClass::kCashRegister, MessageClass::kCoded, MessageClass::kSummary}) {
    Flow flow = Of(cls, random() % 4 == 0 ? 0 : std::floor(draw(2000)), random() % 4 == 0 ? 0 : draw(15));
    if (after_a_stop) flow.opens = kNow + seconds(random() % 2 == 0 ? 60 : 20);
    if (random() % 2 == 0) flow.last_call = stop;
    flows.push_back(flow);
  }
  return flows;
}

TEST(Forecast, SaysWhatAStepByStepRunOfTheSameRulesDoes) {
  constexpr double kMost = 900;  // seconds that are played
  int empties = 0, shorts = 0;
  for (uint32_t seed = 1; seed <= 300; ++seed) {
    std::mt19937 random(seed);
    const double stop = 100 + random() % 200;
    const std::vector<Flow> flows = RandomFlows(random, kNow + seconds(static_cast<int>(stop)));
    const Pace pace{5.0 + random() % 40, 5, 1.0 * (random() % 3), 60};
    const Outlook outlook = ForecastOf(flows, pace, kNow);
    StepByStep played(flows, pace);
    played.Run(kMost);
    SCOPED_TRACE("seed " + std::to_string(seed));
    const double said = outlook.empty_at ? SecondsTo(outlook.empty_at) : 1e9;
    if (played.empty_at() >= 0 && played.empty_at() < stop) {
      ++empties;
      EXPECT_NEAR(said, played.empty_at(), 1 + played.empty_at() / 50);
    } else if (played.empty_at() < 0) {
      EXPECT_GT(said, kMost - 20);
      shorts += outlook.short_by > 0 ? 1 : 0;
      EXPECT_NEAR(static_cast<double>(outlook.short_by), played.short_by(), 5 + played.short_by() / 100);
    }
  }
  EXPECT_GT(empties, 30) << "the draw must reach both ends";
  EXPECT_GT(shorts, 30);
}

}  // namespace
}  // namespace tvan
