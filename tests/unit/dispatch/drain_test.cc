// What the dispatcher measures of its own drain, and what the forecast makes of it; all in hand-moved time.
#include <algorithm>
#include <cstdio>

#include "gateway/dispatch/forecast.h"
#include "tests/unit/dispatch/world.h"

namespace tvan {
namespace {

class DrainTest : public DispatchWorld {
 protected:
  DrainTest() {
    options.ramp_start_per_s = options.max_per_s = 5;
    options.batch = 1;
    authority.on_arrival = [this](const std::string& id) { arrived_.push_back(MessageId::Trusted(id)); };
  }
  const DrainRates& Rates() {
    rates_ = dispatcher->view().drain;
    return *rates_;
  }
  DrainRates::Class RatesOf(MessageClass cls) {
    for (const DrainRates::Class& of : Rates().classes)
      if (of.cls == cls) return of;
    return {};
  }
  void AcceptMany(int messages, MessageClass cls = MessageClass::kCoded) {
    for (int i = 0; i < messages; ++i)
      AcceptFake(*store, {.id = std::to_string(++last_), .cls = cls}, digester, clock->Now());
    if (dispatcher) dispatcher->Wake();
  }
  // What was sent since the last time.
  void AnswerArrived(Stage stage, EventKind event) {
    for (const MessageId& id : std::exchange(arrived_, {})) Answer(id, stage, event);
  }
  Time Foretold() {
    const DrainRates& rates = Rates();
    std::vector<Flow> flows;
    for (const DrainRates::Class& of : rates.classes)
      flows.push_back({of.cls, static_cast<double>(of.waiting), of.arriving_per_s});
    return ForecastOf(flows, rates.pace, rates.now.at).empty_at.value_or(kForever);
  }
  uint64_t Waiting() const { return ZerosOf(*store->Measure(), clock->Now()).to_send; }

 private:
  std::shared_ptr<const DrainRates> rates_;
  std::vector<MessageId> arrived_;  // by the sending thread, which rests while the test looks
  int last_ = 0;
};

TEST_F(DrainTest, WhatTheSchedulerSendsAndTakesInIsMeasuredByClass) {
  AcceptMany(600);
  Start();
  for (int i = 0; i < 90; ++i) {
    AcceptMany(2, MessageClass::kSummary);
    clock->AdvanceBy(seconds(1));
  }
  EXPECT_NEAR(RatesOf(MessageClass::kCoded).sending_per_s, 5, 0.1);
  EXPECT_NEAR(RatesOf(MessageClass::kCoded).arriving_per_s, 0, 0.1);
  EXPECT_NEAR(RatesOf(MessageClass::kSummary).arriving_per_s, 2, 0.1);
  EXPECT_DOUBLE_EQ(RatesOf(MessageClass::kSummary).sending_per_s, 0) << "coded is due first";
  EXPECT_NEAR(static_cast<double>(RatesOf(MessageClass::kCoded).waiting), 600 - 90 * 5, 10);
  EXPECT_DOUBLE_EQ(Rates().acknowledging_per_s, 0);
  EXPECT_DOUBLE_EQ(Rates().pace.max_per_s, 5) << "the line keeps its pace";
  EXPECT_NEAR(PerMinute(Rates(), &Zeros::to_send, Rates().now), -180, 10);
}

TEST_F(DrainTest, A999IsCountedWhenItComes) {
  AcceptMany(600);
  Start();
  for (int i = 0; i < 90; ++i) {
    clock->AdvanceBy(seconds(1));
    AnswerArrived(Stage::kAcknowledged, EventKind::kAcknowledged);
  }
  EXPECT_NEAR(Rates().acknowledging_per_s, 5, 0.2);
  EXPECT_LT(Rates().now.un_999d, 20U);
}

TEST_F(DrainTest, AClosedLineGoesOnMeasuringWhatComesIn) {
  Close(Span(0), hours(2));
  Start();
  for (int i = 0; i < 90; ++i) {
    AcceptMany(3);
    clock->AdvanceBy(seconds(1));
  }
  EXPECT_NEAR(RatesOf(MessageClass::kCoded).arriving_per_s, 3, 0.1);
  EXPECT_EQ(RatesOf(MessageClass::kCoded).waiting, 270U);
  EXPECT_DOUBLE_EQ(Rates().sending_per_s, 0);
}

TEST_F(DrainTest, WhatWaitsForAnEarlierMessageIsShown) {
  AcceptFake(*store, {.id = "parent", .claims = {"7"}}, digester, clock->Now());
  AcceptFake(*store, {.id = "child", .cls = MessageClass::kErrorNotice, .type = 300, .refers = {"7"}}, digester,
             clock->Now());
  Start();
  clock->AdvanceBy(seconds(5));
  EXPECT_EQ(dispatcher->view().waiting_for_parent, 1U);
  EXPECT_NE(metrics->Render().find("tvan_dispatch_waiting_for_parent 1"), std::string::npos);
}

// 1400 = T/2 · (5 − 1) + T/2 · (5 − 2): half time is at 200 s.
TEST_F(DrainTest, TheForecastIsWithin15PercentFromHalfWayOnThoughArrivalsDouble) {
  AcceptMany(1400);
  Start();
  const Time begin = clock->Now();
  std::vector<std::pair<Time, Time>> foretold;
  while (Waiting() > 0 && clock->Now() - begin < hours(1)) {
    AcceptMany(clock->Now() - begin < seconds(200) ? 1 : 2);
    clock->AdvanceBy(seconds(1));
    AnswerArrived(Stage::kAnswered, EventKind::kAnswer);
    foretold.emplace_back(clock->Now(), Foretold());
  }
  const Time end = clock->Now();
  ASSERT_LT(end - begin, minutes(10));
  std::vector<double> errors;
  for (const auto& [at, said] : foretold)
    if (at - begin >= (end - begin) / 2)
      errors.push_back(std::abs(static_cast<double>((said - end).count())) /
                       static_cast<double>((end - begin).count()));
  std::sort(errors.begin(), errors.end());
  std::printf("a drain of %.0f s, forecasts from half-way on: error p50 %.1f %%, p90 %.1f %%, most %.1f %%\n",
              static_cast<double>((end - begin).count()) / 1e6, 100 * errors[errors.size() / 2],
              100 * errors[errors.size() * 9 / 10], 100 * errors.back());
  EXPECT_LE(errors.back(), 0.15);
}

}  // namespace
}  // namespace tvan
